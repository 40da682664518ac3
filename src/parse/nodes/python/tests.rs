//! What is read from a model's text.
#![allow(clippy::unwrap_used)]

use super::template;

fn body(lines: &str) -> String {
    format!("def model(dbt, session):\n{lines}\n    return 1")
}

#[test]
fn calls_become_a_template() {
    let check = |line: &str, expect: &str| {
        let made = template(&body(&format!("    {line}")), "a.py", (1, 1));
        assert_eq!(made.map_err(|error| error.to_string()).as_deref(), Ok(expect), "{line}");
    };
    check("a = dbt.ref('a)', v=2)", "\n{{ ref(\"a)\", v=2) }}");
    check(
        "dbt.config(materialized='table', x=[1, (2,), {'k': None}], y=-0x10)",
        "\n{{ config(materialized=\"table\", x=[1, (2,), {\"k\": None}], y=-16) }}",
    );
    check("dbt.source('s' 'x', r'\\t')", "\n{{ source(\"sx\", \"\\\\t\") }}");
    check("x = f\"{dbt.ref('in')}\"", "\n{{ ref(\"in\") }}");
    check("other.dbt.ref(x)  # dbt.ref('comment')", "");
    check("t = '''dbt.ref('text')'''", "");
    check(
        "dbt.config.get('k', 3); dbt.config.meta_get('m')",
        "{{ config(config_keys_used=[\"k\"], config_keys_defaults=[3], meta_keys_used=[\"m\"], \
         meta_keys_defaults=[None]) }}",
    );
    check("return dbt.ref(\n      'a'\n    ).join(dbt.ref('b'))", "\n{{ ref(\"a\") }}\n\n{{ ref(\"b\") }}");
}

#[test]
fn faults_have_places() {
    let check = |text: &str, expect: &str| {
        let error = template(text, "a.py", (3, 1)).unwrap_err();
        let place = error.location().unwrap().to_string();
        assert_eq!(format!("{place} {}", error.message()), expect, "{text}");
    };
    check("x = 1", "a.py:3:1 dbt allows exactly one model defined per python file, found 0");
    check("def model(a, dbt):\n  return 1", "a.py:3:1 'dbt' not provided for model as the first argument");
    check(
        "def model(dbt):\n  return 1",
        "a.py:3:1 model function should have two args, `dbt` and a session to current warehouse",
    );
    for end in ["x = 1", "return 1, 2", "return (1, f(2))", "if x:\n    return 1"] {
        check(
            &format!("def model(dbt, session):\n  {end}\n"),
            "a.py:3:1 In current version, model function should return only one dataframe object",
        );
    }
    check(
        "def model(dbt, s):\n  x = '{{ a }}'\n  return x",
        "a.py:4:8 No jinja in python model code is allowed",
    );
    check("x = (1", "a.py:3:5 '(' was never closed");
    check("x = 'a", "a.py:3:5 unterminated string literal");
    assert!(
        template(&body("    dbt.ref(name)"), "a.py", (1, 1))
            .unwrap_err()
            .message()
            .contains("Python literals")
    );
}

#[test]
fn shapes_that_fit() {
    for text in [
        "",
        "# nothing\n",
        "def model(dbt, session): return 1",
        "def model(dbt, session): x = 1; return x",
        "def model(\n    dbt: Any,\n    session: 'x' = None,\n    *, y=1,\n):\n    return (a(1, 2))",
        "def model(dbt, session):\n    def inner(a, b):\n        return a, b\n    if x:\n        return 1\n    return f(1, 2)\n\nx = 2",
        "def a():\n    def model(): pass\n    return 1\ndef model(dbt, session):\n    return [1, 2]",
        "def model(dbt, session):\n    return dbt.ref(\n        'a'\n    ).df()\n# end",
        "def model(dbt, session):\n    return (a).b((1, 2))",
    ] {
        assert_eq!(template(text, "a.py", (1, 1)).map_err(|error| error.to_string()).err(), None, "{text}");
    }
}
