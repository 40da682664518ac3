//! `adapter` while parsing: names and dispatch work, what would ask the engine gives nothing.

use crate::context::Session;
use crate::context::objects::relation::relation_class;
use crate::context::objects::table::TableObject;
use crate::context::objects::{no_method, none};
use crate::jinja::value::{Args, Outcome, dict_of, list, object_of, tuple};
use crate::jinja::{Value, dispatch_call};
use crate::relation::{Policy, quote_identifier, quote_literal};
use minijinja::State;
use minijinja::value::{Object, ObjectRepr};
use std::sync::Arc;

/// The adapter of the parse phase.
#[derive(Debug)]
struct ParseAdapter {
    name: &'static str,
    quoting: Policy,
    behaviour: Value,
}

/// Makes it for a session.
pub(super) fn value(session: &Session) -> Value {
    let flags = session.flags.behaviour.iter();
    let behaviour = dict_of(flags.map(|(name, on)| (name.as_str(), Value::from(*on))));
    Value::from_object(ParseAdapter { name: session.adapter.name(), quoting: session.quoting, behaviour })
}

/// Methods that change or ask the warehouse and give `None` while parsing.
const NOTHING: &[&str] = &[
    "add_column_comment",
    "alter_column_type",
    "assert_valid_snapshot_target_given_strategy",
    "build_catalog_relation",
    "cache_added",
    "cache_dropped",
    "cache_renamed",
    "commit",
    "create_schema",
    "drop_relation",
    "drop_schema",
    "expand_target_column_types",
    "external_read_location",
    "external_root",
    "get_binding_char",
    "get_catalog_integration",
    "get_hard_deletes_behavior",
    "get_incremental_strategy_macro",
    "get_relation",
    "get_relation_without_caching",
    "get_rows_different_sql",
    "get_temp_relation_path",
    "is_motherduck",
    "is_ducklake",
    "location_exists",
    "parse_index",
    "post_incremental",
    "register_glue_table",
    "rename_relation",
    "store_relation",
    "submit_python_job",
    "truncate_relation",
    "upload_file",
    "use_database",
    "valid_incremental_strategies",
    "valid_snapshot_target",
    "validate_sql",
    "verify_database",
    "warn_once",
    "warn_unsupported",
];

/// Methods that give a list of things of the warehouse: an empty one.
const LISTS: &[&str] = &[
    "get_column_schema_from_query",
    "get_columns_in_relation",
    "get_columns_in_select_sql",
    "get_columns_in_table",
    "get_missing_columns",
    "list_relations",
    "list_relations_without_caching",
    "list_schemas",
    "render_raw_columns_constraints",
    "render_raw_model_constraints",
    "get_seed_file_path",
];

impl ParseAdapter {
    fn method(&self, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        let text = |at: usize| args.get(at).map(ToString::to_string).unwrap_or_default();
        match method {
            "dispatch" => dispatch_call(state, args),
            "type" => Ok(Value::from(self.name)),
            "quote" => Ok(Value::from(quote_identifier(&text(0)))),
            "literal" => Ok(Value::from(quote_literal(&text(0)))),
            "quote_as_configured" => {
                let args = Args::bind("quote_as_configured", &["identifier", "quote_key"], args)?;
                let quoted = match args.text(1)? {
                    "database" => self.quoting.database,
                    "schema" => self.quoting.schema,
                    _ => self.quoting.identifier,
                };
                let name = args.text(0)?;
                Ok(Value::from(if quoted { quote_identifier(name) } else { name.to_string() }))
            }
            "quote_seed_column" => {
                let args = Args::bind("quote_seed_column", &["column", "quote_config"], args)?;
                let name = args.text(0)?;
                let bare = args.some(1).is_some_and(|quote| !quote.is_true());
                Ok(Value::from(if bare { name.to_string() } else { quote_identifier(name) }))
            }
            "execute" => Ok(tuple(vec![none(), TableObject::default().value()])),
            "add_query" => Ok(tuple(vec![none(), none()])),
            "run_sql_for_tests" | "get_partitions_metadata" => Ok(none()),
            "check_schema_exists" | "already_exists" | "disable_transactions" | "is_replaceable" => {
                Ok(Value::from(false))
            }
            "convert_type" => Ok(Value::from("text")),
            "standardize_grants_dict" => Ok(dict_of([])),
            _ if NOTHING.contains(&method) => Ok(none()),
            _ if LISTS.contains(&method) => Ok(list(Vec::new())),
            _ => Err(no_method("ParseDatabaseWrapper", method)),
        }
    }
}

impl Object for ParseAdapter {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "behavior" => Some(self.behaviour.clone()),
            "Relation" => Some(relation_class()),
            "config" => Some(object_of("config", [], None)),
            _ => None,
        }
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        self.method(state, method, args)
    }
}
