//! Unit tests: what a model reads is replaced by rows, which go into its SQL as ephemeral models do.

use crate::context::base::env_var;
use crate::context::objects::relation::relation;
use crate::context::scope::names::{ref_args, source_args, source_relation};
use crate::context::variables::VarObject;
use crate::context::{Fixture, Run, Scope};
use crate::error::{Error, Result};
use crate::jinja::value::{from_json, function};
use crate::jinja::{Context, Value};
use crate::manifest::{
    Asking, Found, Manifest, Map, Node, NodeKind, RefArgs, ResourceType, Source, UniqueId, UnitTest,
    UnitTestFixture,
};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The name under which a fixture's template finds its rows.
const ROWS: &str = "karat_fixture_rows";

/// What an input is called by.
enum Input {
    This,
    Ref(RefArgs),
    Source(String, String),
}

/// The run in which a unit test's inputs stand for what its model reads.
///
/// # Errors
/// An input is no `ref`, `source` or `this`, or names nothing.
pub fn inputs(run: &Arc<Run>, node: &Node) -> Result<Arc<Run>> {
    let test = run.manifest.unit_tests.get(&node.unique_id);
    let test = test.ok_or_else(|| Error::internal(format!("`{}` is no unit test", node.unique_id)))?;
    let mut made = Manifest {
        macros: run.manifest.macros.clone(),
        functions: run.manifest.functions.clone(),
        project_name: run.manifest.project_name.clone(),
        adapter_type: run.manifest.adapter_type.clone(),
        unit_tests: run.manifest.unit_tests.clone(),
        ..Manifest::default()
    };
    let mut fixtures = HashMap::new();
    for given in &test.given {
        let (stand_in, relation, source) = stand_in(run, test, given)?;
        let rows = (given.format != "sql").then(|| given.rows.clone().unwrap_or_else(|| json!([])));
        fixtures.insert(stand_in.unique_id.clone(), Fixture { relation, rows });
        if let Some(source) = source {
            made.sources.insert(source.unique_id.clone(), source);
        }
        made.nodes.insert(stand_in.unique_id.clone(), Arc::new(stand_in));
    }
    // A test without inputs has a fixture, too: itself, so that its run is known for what it is.
    fixtures
        .entry(node.unique_id.clone())
        .or_insert_with(|| Fixture { relation: run.relation_of(node), rows: None });
    Ok(Arc::new(run.over_fixtures(made, fixtures)))
}

type StandIn = (Node, crate::relation::Relation, Option<Arc<Source>>);

/// The ephemeral node that yields an input's rows, and the relation that it stands for.
fn stand_in(run: &Arc<Run>, test: &UnitTest, given: &UnitTestFixture) -> Result<StandIn> {
    let said = given.input.as_deref().unwrap_or_default();
    let asking = Asking {
        root: &run.session.project_name,
        package: &test.package_name,
        own_first: run.session.flags.own_package_first(),
    };
    let missing = || {
        Error::parsing(format!(
            "Unit test '{}' had an input ({said}) which was not found in the manifest.",
            test.name
        ))
    };
    let original = match read_input(run, test, said)? {
        Input::This => test.depends_on.nodes.first().and_then(|id| run.manifest.nodes.get(id)),
        Input::Ref(call) => match run.index.node(&run.manifest, asking, &call) {
            Found::Enabled(node) => Some(node),
            _ => None,
        },
        Input::Source(source, table) => {
            let found = run.index.source(&run.manifest, asking, (&source, &table));
            let Found::Enabled(source) = found else { return Err(missing()) };
            let node = of_source(test, source, given);
            let relation = source_relation(source, run.session.adapter.as_ref());
            return Ok((node, relation, Some(source.clone())));
        }
    };
    let original = original.ok_or_else(missing)?;
    Ok((of_node(test, original, given), run.relation_of(original), None))
}

/// An input as written, read by rendering it.
fn read_input(run: &Arc<Run>, test: &UnitTest, said: &str) -> Result<Input> {
    if said.trim() == "this" {
        return Ok(Input::This);
    }
    let found: Arc<Mutex<Option<Input>>> = Arc::default();
    let keep = |found: &Mutex<Option<Input>>, input| {
        *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(input);
        Ok(Value::from(""))
    };
    let (one, two) = (found.clone(), found.clone());
    let context = Context::new(test.package_name.as_str())
        .base(run.session.base.clone())
        .set("ref", function("ref", move |_, args| keep(&one, Input::Ref(ref_args(args)?))))
        .set(
            "source",
            function("source", move |_, args| {
                let (source, table) = source_args(args)?;
                keep(&two, Input::Source(source, table))
            }),
        );
    let template = format!("{{{{ {said} }}}}");
    let wrong = || {
        Error::parsing(format!(
            "Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: '{said}'."
        ))
    };
    let rendered = run.session.engine.render_str(&test.original_file_path, &template, &Arc::new(context));
    rendered.map_err(|_| wrong())?;
    let input = found.lock().unwrap_or_else(PoisonError::into_inner).take();
    input.ok_or_else(wrong)
}

/// A stand-in for a model, seed or snapshot: found by the same `ref`.
fn of_node(test: &UnitTest, original: &Node, given: &UnitTestFixture) -> Node {
    let kind = match &original.kind {
        kind @ NodeKind::Model { .. } => kind.clone(),
        _ => NodeKind::Analysis {},
    };
    Node {
        name: original.name.clone(),
        resource_type: ResourceType::Model,
        package_name: original.package_name.clone(),
        unique_id: original.unique_id.clone(),
        alias: original.alias.clone(),
        fqn: original.fqn.clone(),
        kind,
        ..plain(test, original.name.as_str(), given)
    }
}

/// A stand-in for a source's table. Its name as a CTE holds the source's, which may have namesakes.
fn of_source(test: &UnitTest, source: &Source, given: &UnitTestFixture) -> Node {
    Node {
        name: source.name.clone(),
        resource_type: ResourceType::Source,
        package_name: source.package_name.clone(),
        unique_id: source.unique_id.clone(),
        alias: format!("{}__{}", source.source_name, source.name),
        ..plain(test, source.name.as_str(), given)
    }
}

/// A node with nothing but a fixture's template and the place of its test.
fn plain(test: &UnitTest, name: &str, given: &UnitTestFixture) -> Node {
    let code = match (given.format.as_str(), &given.rows) {
        ("sql", Some(Json::String(sql))) => sql.clone(),
        _ => format!("{{{{ get_fixture_sql({ROWS}, none) }}}}"),
    };
    let mut node = Node::inline(&test.package_name, &code);
    node.config.insert("materialized", json!("ephemeral"));
    node.path = format!("{name}.sql");
    node.original_file_path = test.original_file_path.clone();
    node
}

/// The scope of a fixture, with its rows.
pub fn with_rows(scope: Scope, fixture: &Fixture) -> Scope {
    match &fixture.rows {
        Some(rows) => scope.with_value(ROWS, from_json(rows)),
        None => scope,
    }
}

/// The scope of a unit test's model: `this` is an input, and some macros, vars and environment variables
/// are what the test says.
pub fn overridden(scope: Scope, node: &Node) -> Scope {
    let NodeKind::UnitTest { this_input_node_unique_id, overrides, .. } = &node.kind else { return scope };
    let scope = with_this(scope, this_input_node_unique_id.as_ref());
    let part = |key: &str| -> Map {
        let part = overrides.as_ref().and_then(|all| all.get(key)).and_then(Json::as_object);
        part.cloned().unwrap_or_default()
    };
    let session = scope.run().session.clone();
    let vars = session.vars.overridden(&part("vars"));
    let scope = scope
        .with_value("var", VarObject::value(vars, &node.package_name, &node.name, false))
        .with_value("env_var", env_var_over(part("env_vars"), env_var(session.environment.clone())));
    // Names without a package come last: they win over the same macro named with its package.
    let (bare, named): (Vec<_>, Vec<_>) =
        part("macros").into_iter().partition(|(name, _)| !name.contains('.'));
    named.into_iter().chain(bare).fold(scope, with_macro)
}

fn with_this(scope: Scope, input: Option<&UniqueId>) -> Scope {
    let this = input.and_then(|id| {
        let alias = scope.run().manifest.nodes.get(id)?.alias.clone();
        Some(relation(scope.read_ephemeral(id, &alias)))
    });
    scope.with_value("this", this.unwrap_or_else(|| Value::from(())))
}

/// Replaces a macro; a name that is no macro is a value of the context (dbt's rule).
fn with_macro(scope: Scope, (name, value): (String, Json)) -> Scope {
    let (package, own) = match name.split_once('.') {
        Some((package, own)) => (Some(package), own),
        None => (None, name.as_str()),
    };
    let found = scope.run().session.engine.find_macro(own, package, scope.package());
    match (found, package) {
        (Some(found), _) => scope.with_macro(found.unique_id(), from_json(&value)),
        (None, None) => scope.with_value(own, from_json(&value)),
        (None, Some(_)) => scope,
    }
}

/// `env_var` that knows the test's values before those of the environment.
fn env_var_over(values: Map, real: Value) -> Value {
    function("env_var", move |state, args| {
        let said = args.first().and_then(Value::as_str).and_then(|name| values.get(name));
        said.map_or_else(|| real.call(state, args), |value| Ok(from_json(value)))
    })
}
