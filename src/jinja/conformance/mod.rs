//! What dbt Core prints for some 220 small templates, against what we print.
//!
//! `cases.json` holds templates, macros and dbt's recorded answers; [`DIFFERENT`] names the few
//! where we differ, and why.
#![allow(clippy::unwrap_used)]

mod behaviour;
mod places;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use minijinja::State;
use minijinja::value::{Object, Value};
use serde::Deserialize;

use super::value::{Outcome, function, object_of, split_args};
use super::{Context, Engine, Lookup, MacroSource, dispatch_call, macros_in, raise};
use crate::error::{Error, Result};

/// Cases where we print something else than dbt does, with what we print.
const DIFFERENT: &[(&str, &str)] = &[
    // dbt cannot print a `call` whose macro returned no text; we print it as a call in `{{ }}`.
    ("ret_in_call", "pre 5 post"),
    ("call_return", "['q']"),
];

#[derive(Deserialize)]
struct Case {
    name: String,
    template: String,
    #[serde(default)]
    macros: String,
    #[serde(default)]
    package: String,
    prints: Option<String>,
    fails: Option<String>,
}

/// A relation as the recorded answers have it.
#[derive(Debug)]
struct Relation(String, String, String);

impl Object for Relation {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let part = match key.as_str()? {
            "database" => &self.0,
            "schema" => &self.1,
            "identifier" | "name" | "table" => &self.2,
            _ => return None,
        };
        Some(Value::from(part.as_str()))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        let (_, named) = split_args(args)?;
        let off = |part: &str| named.get(part).is_some_and(|value| !value.is_true());
        let parts = [("database", &self.0), ("schema", &self.1), ("identifier", &self.2)];
        let kept = parts.iter().filter(|(part, _)| method != "include" || !off(part));
        let quoted = kept.map(|(part, name)| match method == "quote" && off(part) {
            true => name.to_string(),
            false => format!("\"{name}\""),
        });
        Ok(Value::from(quoted.collect::<Vec<_>>().join(".")))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\".\"{}\".\"{}\"", self.0, self.1, self.2)
    }
}

fn relation(schema: &str, name: &str) -> Value {
    Value::from_object(Relation("db".into(), schema.into(), name.into()))
}

/// The values that a node would have.
fn node_values() -> Arc<HashMap<String, Value>> {
    let text = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
    let raising =
        function("raise_compiler_error", move |_, args| Err(raise(Error::compilation(text(args.first())))));
    let silent = |name: &'static str| function(name, |_, _| Ok(Value::from("")));
    let values = [
        ("this", relation("main", "me")),
        ("ref", function("ref", move |_, args| Ok(relation("main", &text(args.last()))))),
        ("source", function("source", move |_, args| Ok(relation(&text(args.first()), &text(args.last()))))),
        ("execute", Value::from(true)),
        ("log", silent("log")),
        ("print", silent("print")),
        ("exceptions", object_of("exceptions", [("raise_compiler_error", raising)], None)),
        (
            "adapter",
            object_of("adapter", [("dispatch", function("dispatch", |s, a| dispatch_call(s, a)))], None),
        ),
    ];
    Arc::new(values.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

fn context() -> Context {
    Context::new("root").base(node_values())
}

fn lookup() -> Lookup {
    Lookup {
        root: "root".into(),
        internal: vec!["dbt".into(), "dbt_duckdb".into()],
        prefixes: vec!["duckdb".into(), "default".into()],
        dispatch: HashMap::new(),
    }
}

/// An engine over the text of macro files, given as package, file and text.
fn engine(files: &[(&str, &str, &str)]) -> Result<Engine> {
    let mut macros: Vec<MacroSource> = Vec::new();
    for (package, file, text) in files {
        macros.extend(macros_in(package, file, text)?);
    }
    Engine::new(macros, lookup())
}

fn run(case: &Case) -> Result<String> {
    // A package is known by its macros.
    let package = format!("{}{{% macro known() %}}{{% endmacro %}}", case.package);
    let files = [("root", "macros/m.sql", case.macros.as_str()), ("pkg", "pkg/m.sql", package.as_str())];
    engine(&files)?.render_str("models/a.sql", &case.template, &Arc::new(context()))
}

/// One line per case that differs from dbt and from what we say of it.
fn difference(case: &Case) -> Option<String> {
    let found = run(case);
    let wanted = match DIFFERENT.iter().find(|(name, _)| *name == case.name) {
        Some((_, prints)) => Some(prints.to_string()),
        None => case.prints.clone(),
    };
    match (&found, &wanted) {
        (Ok(text), Some(wanted)) if text == wanted => None,
        (Err(_), None) => None,
        _ => Some(format!(
            "{}\n  template {:?}\n  dbt      {:?} {:?}\n  karat    {:?}",
            case.name,
            case.template,
            case.prints,
            case.fails,
            found.map_err(|e| e.full_text())
        )),
    }
}

#[test]
fn prints_what_dbt_prints() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    let different: Vec<String> = cases.iter().filter_map(difference).collect();
    assert!(different.is_empty(), "{} of {} differ\n{}", different.len(), cases.len(), different.join("\n"));
}
