//! Columns and constraints as DDL: `render_raw_columns_constraints`, `render_raw_model_constraints`.
//! The texts are dbt's, which its users read in compiled SQL.

use super::Answer;
use crate::context::scope::Scope;
use crate::jinja::Value;
use crate::jinja::value::{Args, Outcome, iterate, list, pairs};
use crate::relation::quote_identifier;
use std::sync::Arc;

/// The family; `None` for other methods.
pub fn call(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Answer {
    let target = |to: &str| scope.run().session.adapter.foreign_key_target(to).to_string();
    Some(match method {
        "render_raw_columns_constraints" => columns(args, &target),
        "render_raw_model_constraints" => model(args, &target),
        _ => return None,
    })
}

/// How the engine wants a foreign key's target written.
type Target<'a> = &'a dyn Fn(&str) -> String;

/// One `name type constraints` for each column.
fn columns(args: &[Value], target: Target<'_>) -> Outcome {
    let args = Args::bind("render_raw_columns_constraints", &["raw_columns"], args)?;
    let mut lines = Vec::new();
    for (_, column) in pairs(args.need(0)?)? {
        let name = text(&column, "name");
        let name = if field(&column, "quote").is_true() { quote_identifier(&name) } else { name };
        let mut words = vec![format!("{name} {}", text(&column, "data_type"))];
        words
            .extend(iterate(&field(&column, "constraints"))?.iter().filter_map(|one| of_column(one, target)));
        lines.push(Value::from(words.join(" ")));
    }
    Ok(list(lines))
}

/// One table constraint for each constraint of the model.
fn model(args: &[Value], target: Target<'_>) -> Outcome {
    let args = Args::bind("render_raw_model_constraints", &["raw_constraints"], args)?;
    let all = iterate(args.need(0)?)?;
    Ok(list(all.iter().filter_map(|one| of_model(one, target)).map(Value::from).collect()))
}

fn field(of: &Value, name: &str) -> Value {
    of.get_item(&Value::from(name)).unwrap_or_default()
}

fn text(of: &Value, name: &str) -> String {
    let value = field(of, name);
    if value.is_none() || value.is_undefined() { String::new() } else { value.to_string() }
}

fn names(of: &Value, key: &str) -> Vec<String> {
    iterate(&field(of, key)).unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// The words of a column's constraint; `None` where there is nothing to write.
fn of_column(constraint: &Value, target: Target<'_>) -> Option<String> {
    let expression = text(constraint, "expression");
    let (to, to_columns) = (target(&text(constraint, "to")), names(constraint, "to_columns"));
    let words = match text(constraint, "type").as_str() {
        "check" if !expression.is_empty() => format!("check ({expression})"),
        "not_null" => format!("not null {expression}"),
        "unique" => format!("unique {expression}"),
        "primary_key" => format!("primary key {expression}"),
        "foreign_key" if !to.is_empty() && !to_columns.is_empty() => {
            format!("references {to} ({})", to_columns.join(", "))
        }
        "foreign_key" if !expression.is_empty() => format!("references {expression}"),
        "custom" if !expression.is_empty() => expression,
        _ => return None,
    };
    Some(words.trim().to_string())
}

/// The words of a table's constraint; `None` where there is nothing to write.
fn of_model(constraint: &Value, target: Target<'_>) -> Option<String> {
    let name = text(constraint, "name");
    let prefix = if name.is_empty() { String::new() } else { format!("constraint {name} ") };
    let columns = names(constraint, "columns").join(", ");
    let expression = text(constraint, "expression");
    let spaced = if expression.is_empty() { String::new() } else { format!(" {expression}") };
    let (to, to_columns) = (target(&text(constraint, "to")), names(constraint, "to_columns").join(", "));
    Some(match text(constraint, "type").as_str() {
        "check" if !expression.is_empty() => format!("{prefix}check ({expression})"),
        "unique" => format!("{prefix}unique{spaced} ({columns})"),
        "primary_key" => format!("{prefix}primary key{spaced} ({columns})"),
        "foreign_key" if !to.is_empty() && !to_columns.is_empty() => {
            format!("{prefix}foreign key ({columns}) references {to} ({to_columns})")
        }
        "foreign_key" if !expression.is_empty() => {
            format!("{prefix}foreign key ({columns}) references {expression}")
        }
        "custom" if !expression.is_empty() => format!("{prefix}{expression}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jinja::value::from_json;
    use serde_json::json;

    #[test]
    fn constraints_are_written_as_dbt_writes_them() {
        let check = |constraint: serde_json::Value, column: Option<&str>, table: Option<&str>| {
            let value = from_json(&constraint);
            assert_eq!(of_column(&value, &str::to_string).as_deref(), column, "{constraint}");
            assert_eq!(of_model(&value, &str::to_string).as_deref(), table, "{constraint}");
        };
        check(json!({"type": "not_null"}), Some("not null"), None);
        check(
            json!({"type": "primary_key", "name": "pk", "columns": ["a", "b"]}),
            Some("primary key"),
            Some("constraint pk primary key (a, b)"),
        );
        check(
            json!({"type": "foreign_key", "to": "s.t", "to_columns": ["id"], "columns": ["a"]}),
            Some("references s.t (id)"),
            Some("foreign key (a) references s.t (id)"),
        );
        check(json!({"type": "check", "expression": "a > 0"}), Some("check (a > 0)"), Some("check (a > 0)"));
    }
}
