//! Errors lead to the user's file, line and column, right through the rewriting.

use std::sync::Arc;

use super::{context, engine};

/// Checks a model (with macros) against the place and message of its error.
fn check(macros: &str, model: &str, expect: &str) {
    let rendered = engine(&[("root", "macros/m.sql", macros)])
        .and_then(|engine| engine.render_str("models/a.sql", model, &Arc::new(context())));
    let error = rendered.expect_err(model);
    let place = error.location().map(ToString::to_string).unwrap_or_default();
    let line = error.source_line().unwrap_or("-").trim();
    let message = error.message().split(". This can happen").next().unwrap_or("");
    assert_eq!(format!("{place} {message} | {line}"), expect, "{}", error.full_text());
}

#[test]
fn in_models() {
    check("", "a\n  {{ [1] + nope('x') }}", "models/a.sql:2:12 'nope' is undefined | {{ [1] + nope('x') }}");
    check("", "{{ nope.a.b }}", "models/a.sql:1:4 'nope' is undefined | {{ nope.a.b }}");
    check("", "{% set d = {} %}\n{{ d.x.y }}", "models/a.sql:2:4 'd.x' is undefined | {{ d.x.y }}");
    check("", "é {{ 1 +\n [2 }}", "models/a.sql:2:5 unexpected `}`, `[` is still open | [2 }}");
    check("", "{% if 1 %}\n", "models/a.sql:1:1 the `if` opened here has no `{% endif %}` | {% if 1 %}");
    check("", "{{ pkg2.x() }}", "models/a.sql:1:4 'pkg2' is undefined | {{ pkg2.x() }}");
    check("", "{{ x | nofilter }}", "models/a.sql:1:8 no filter named 'nofilter' | {{ x | nofilter }}");
    check("", "{{ return(1) }}", "models/a.sql:1:4 `return` was called outside of a macro | {{ return(1) }}");
    check("", "\r\n\r\n{{ nope() }}", "models/a.sql:3:4 'nope' is undefined | {{ nope() }}");
}

#[test]
fn in_macros() {
    let macros =
        "\n\n{% macro m(x, y=[1,\n 2]) -%}\n  {% set z = [x] + [{'k': x}] %}{{ nope(1) }}\n{% endmacro %}";
    check(
        macros,
        "\n{{ m(1) }}",
        "macros/m.sql:5:36 'nope' is undefined | {% set z = [x] + [{'k': x}] %}{{ nope(1) }}",
    );
    let macros = "  {%- macro m() %}{{ exceptions.raise_compiler_error('bad') }}{% endmacro %}";
    check(macros, "{{ m() }}", &format!("macros/m.sql:1:22 bad | {}", macros.trim()));
    check(
        "{% macro m() %}\n{{ 1 2 }}{% endmacro %}",
        "",
        "macros/m.sql:2:6 expected the end of the tag, found `2` | {{ 1 2 }}{% endmacro %}",
    );
    check(
        "{% macro m(a) %}{% endmacro %}",
        "\n{{ m(1, 2) }}",
        "models/a.sql:2:4 macro 'dbt_macro__m' takes not more than 1 argument(s) | {{ m(1, 2) }}",
    );
}

#[test]
fn macro_chains_are_told() {
    let macros = "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ nope() }}{% endmacro %}";
    let engine = engine(&[("root", "macros/m.sql", macros)]).unwrap();
    let error = engine.render_str("models/a.sql", "\n{{ a() }}", &Arc::new(context())).unwrap_err();
    assert_eq!(
        error.trace(),
        ["in macro b (macros/m.sql)", "called by macro a (macros/m.sql:1)", "called at models/a.sql:2"]
    );
    assert_eq!(error.code(), Some(crate::jinja::UNDEFINED));
    let endless = "\n{% macro e(n) %}{{ e(n + 1) }}{% endmacro %}";
    let engine = super::engine(&[("root", "macros/e.sql", endless)]).unwrap();
    let error = engine.render_str("models/a.sql", "{{ e(1) }}", &Arc::new(context())).unwrap_err();
    let trace = error.trace();
    assert_eq!((trace.len(), trace[0].as_str()), (3, "in macro e (macros/e.sql)"));
    assert!(trace[1].starts_with("called by macro e (macros/e.sql:2), ") && trace[1].ends_with(" times"));
}

#[test]
fn names_are_suggested() {
    let engine = engine(&[("pkg", "m.sql", "{% macro star() %}{% endmacro %}")]).unwrap();
    for (model, help) in [
        ("{{ star() }}", "write `pkg.star`; m.sql defines it"),
        ("{{ exceptionz.x() }}", "did you mean `exceptions`?"),
    ] {
        let error = engine.render_str("a.sql", model, &Arc::new(context())).unwrap_err();
        assert_eq!(error.helps(), [help]);
    }
}

#[test]
fn all_faulty_macros_are_told_at_once() {
    let macros = "{% macro a() %}{{ 1 2 }}{% endmacro %}\n{% macro b(x=) %}{% endmacro %}\n{% macro c() %}{% if 1 %}{% endmacro %}";
    let error = engine(&[("root", "macros/m.sql", macros)]).unwrap_err();
    let places: Vec<String> = error.iter().map(|e| e.location().unwrap().to_string()).collect();
    assert_eq!(places.len(), 3, "{places:?}");
    assert!(places[2].starts_with("macros/m.sql:3"), "{places:?}");
}
