//! Small templates of every filter, test, method and function: dbt Core's recorded answers
//! (`scripts/record-jinja-corpus.py`) against ours.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::value::decimal;
use super::{Context, Engine, Lookup};

/// Templates where we print something else than dbt does, with what we print (`None`: an error),
/// and why.
const DIFFERENT: &[(&str, Option<&str>)] = &[
    // To us `1` and `true` are two keys of a dict.
    ("print_033", Some("{1: 'a', None: 2, True: 3}")),
    ("dict_023", Some("{1: 'b', True: 'c'}")),
    ("functions_019", Some(r#"{"1": 2, "null": 3, "true": 4}"#)),
    // Jinja2 computes a constant when it compiles, and writes its items out one by one; we share
    // the inner list, as Python does.
    ("list_031", Some("[[0, 0, 1], [0, 0, 1]]")),
    // `+` beside a text literal does not escape it, even if the other side is safe.
    ("filters_210", Some("&lt;<")),
];

#[derive(Deserialize)]
struct Case {
    name: String,
    template: String,
    ok: Option<String>,
    err: Option<String>,
}

fn check(engine: &Engine, case: &Case) -> Option<String> {
    let context = Context::new("root").set("dec", decimal::parse("1.50").unwrap());
    let found = engine.render_str("models/a.sql", &case.template, &Arc::new(context));
    let known = DIFFERENT.iter().find(|known| known.0 == case.name);
    let wanted = known.map_or(case.ok.as_deref(), |known| known.1);
    if found.as_deref().ok() == wanted {
        return None;
    }
    let found = found.map_err(|error| error.message().to_string());
    Some(format!("{} {}\n  dbt   {:?} {:?}\n  karat {found:?}", case.name, case.template, case.ok, case.err))
}

#[test]
fn prints_what_python_prints() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/it/jinja_corpus.json")).unwrap();
    let lookup =
        Lookup { root: "root".into(), internal: Vec::new(), prefixes: Vec::new(), dispatch: HashMap::new() };
    let engine = Engine::new(Vec::new(), lookup).unwrap();
    let different: Vec<String> = cases.iter().filter_map(|case| check(&engine, case)).collect();
    assert!(different.is_empty(), "{} of {} differ\n{}", different.len(), cases.len(), different.join("\n"));
}
