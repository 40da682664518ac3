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
    // Jinja2 computes a constant when it compiles, and writes its items out one by one; we share
    // the inner list, as Python does.
    ("list_031", Some("[[0, 0, 1], [0, 0, 1]]")),
    // Jinja2 reads a `not` behind another operator as a name, and refuses one test behind another.
    (
        "generated_2790",
        Some("['3-1.5-1.50', ('a', 2)] [['3-1.5-1.50', ('a', 2)]] ['3-1.5-1.50', ('a', 2)]False False False"),
    ),
    ("generated_3853", Some("True")),
    ("generated_3328", Some("1.5False['a', None]True")),
    // A slice of what has no items is undefined, as Jinja2's are of constants.
    ("generated_3016", Some("True [True] True1000.0 False False")),
    ("generated_3297", Some("3False1.5False1.50True")),
    ("generated_3958", Some("X,y, ['X,y,'] X,y,False False False")),
    // Letters in title case and digits of other scripts.
    ("str_148", Some("Ǆ")),
    ("number_091", Some("0")),
    // Where dbt refuses what has a clear meaning: named arguments of `dict.get`, numbers as texts,
    // infinity as a literal, a tab before a key, `pytz.UTC`, a group whose name begins with a digit.
    ("dict_035", Some("12")),
    ("filters_241", Some("5")),
    ("filters_359", Some("5")),
    ("functions_163", Some("- .inf\n")),
    ("functions_173", Some("Infinity")),
    ("functions_093", Some("{'a': 1}")),
    ("datetime_122", Some("UTC")),
    ("re_095", Some("<re.Match object; span=(0, 1), match='x'>")),
    // A batch of no items.
    ("filters_211", None),
    // Objects of ours look like functions, minijinja's namespace like a mapping.
    ("tests_103", Some("True")),
    ("tests_107", Some("True")),
    // JSON is read strictly; a zero keeps its sign.
    ("functions_181", Some("[1, 1.0, 100000.0, -0.0, 12345678901234567890, 'é', {'a': {}}]")),
    ("functions_185", Some("None")),
    // An empty match where a longer one could begin is not followed by the longer one.
    ("re_056", Some("xaxax")),
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
