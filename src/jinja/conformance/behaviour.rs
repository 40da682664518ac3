//! Namespaces, contexts, native rendering, limits.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indexmap::IndexMap;
use minijinja::value::Value;

use super::{context, engine};
use crate::error::ErrorKind;
use crate::jinja::Context;

const FILES: &[(&str, &str, &str)] = &[
    (
        "dbt",
        "dbt/m.sql",
        "{% macro where() %}dbt{% endmacro %}{% macro who() %}{{ where() }}{% endmacro %}\
         {% materialization table, default %}x{% endmaterialization %}\
         {% macro d(x) %}{{ return(adapter.dispatch('d', 'dbt')(x)) }}{% endmacro %}\
         {% macro default__d(x) %}default{{ x }}{% endmacro %}",
    ),
    (
        "dbt_duckdb",
        "duck/m.sql",
        "{% macro duckdb__d(x) %}duck{{ x }}{% endmacro %}{% materialization table, adapter='duckdb' %}y{% endmaterialization %}",
    ),
    (
        "pkg",
        "pkg/m.sql",
        "{% macro where() %}pkg{% endmacro %}{% macro mine() %}{{ where() }}{% endmacro %}{% materialization table, default %}p{% endmaterialization %}",
    ),
    (
        "root",
        "m.sql",
        "{% macro where() %}root{% endmacro %}{% macro ref(x) %}my {{ builtins.ref(x) }}{% endmacro %}",
    ),
];

/// Checks what a template prints with [`FILES`], seen from a package.
fn check(package: &str, template: &str, expect: &str) {
    let context = Arc::new(Context::new(package).base(super::node_values()).set("here", 7));
    let found = engine(FILES).unwrap().render_str("a.sql", template, &context);
    assert_eq!(found.map_err(|e| e.full_text()), Ok(expect.to_string()), "{template}");
}

#[test]
fn names_are_found_as_in_dbt() {
    check("root", "{{ where() }} {{ who() }} {{ dbt.where() }} {{ pkg.where() }}", "root root dbt pkg");
    check("pkg", "{{ where() }} {{ who() }} {{ root.where() }}", "pkg pkg root");
    check(
        "root",
        "{{ d(1) }} {{ adapter.dispatch('d')(2) }} {{ adapter.dispatch('d', 'dbt')(3) }}",
        "duck1 duck2 duck3",
    );
    check("root", "{{ ref('x') }}", "my \"db\".\"main\".\"x\"");
}

#[test]
fn context_is_a_dict() {
    check(
        "root",
        "{{ context['here'] }}{{ context.get('here') }}{{ context.get('no', 1) }}{{ context.here }}",
        "7717",
    );
    check("root", "{{ 'here' in context }}{{ 'where' in context }}{{ context['where']() }}", "TrueTrueroot");
    check("root", "{{ builtins.execute }}{{ 'where' in builtins }}", "TrueFalse");
}

#[test]
fn materializations_and_dispatch() {
    let engine = engine(FILES).unwrap();
    let id = |overridden| engine.materialization("table", overridden).unwrap().unique_id().to_string();
    assert_eq!(id(false), "macro.dbt_duckdb.materialization_table_duckdb");
    assert_eq!(engine.find_macro("where", None, "pkg").unwrap().unique_id(), "macro.pkg.where");
    assert_eq!(engine.find_macro("where", Some("dbt"), "pkg").unwrap().unique_id(), "macro.dbt.where");
    let error = engine.dispatch("nope", Some("pkg"), "root").unwrap_err();
    assert_eq!(
        error.message(),
        "In dispatch: No macro named 'nope' found within namespace: 'pkg'\n    Searched for: \
         'root.duckdb__nope', 'root.default__nope', 'pkg.duckdb__nope', 'pkg.default__nope'"
    );
    let d = engine.macros().find(|m| m.found.unique_id() == "macro.dbt.d").unwrap();
    assert_eq!(d.depends_on, ["macro.dbt_duckdb.duckdb__d"]);
}

#[test]
fn macros_are_called_without_a_template() {
    let engine =
        engine(&[("root", "m.sql", "{% macro m(a, b=2) %}{{ return({'a': a, 'b': [b]}) }}{% endmacro %}")])
            .unwrap();
    let found = engine.find_macro("m", None, "root").unwrap();
    let named: IndexMap<String, Value> = [("a".to_string(), Value::from("x"))].into_iter().collect();
    let value = engine.call(&found, &Arc::new(context()), (&[], &named)).unwrap();
    assert_eq!(value.to_string(), "{'a': 'x', 'b': [2]}");
}

#[test]
fn called_macros_are_noted() {
    let context = Arc::new(context());
    engine(FILES).unwrap().render_str("a.sql", "{{ who() }}{{ pkg.mine() }}{{ who() }}", &context).unwrap();
    assert_eq!(context.called_macros(), ["macro.dbt.who", "macro.pkg.mine"]);
}

#[test]
fn macros_can_be_overridden_for_unit_tests() {
    let context = Arc::new(context().override_macro("macro.root.where", "other"));
    assert_eq!(engine(FILES).unwrap().render_str("a.sql", "{{ who() }}", &context).unwrap(), "other");
}

#[test]
fn native_values_keep_their_type() {
    let engine = engine(&[]).unwrap();
    let context = Arc::new(context());
    for (source, expect) in [
        ("{{ 1 }}", "str 1"),
        ("{{ 1 + 1 }}", "str 2"),
        ("{{ [1, 'a'] }}", "str [1, 'a']"),
        ("{{ true }}", "str True"),
        ("{{ 1 is odd and [2, 1] | sort | first is not none }}", "str True"),
        ("{{ {'a': 1}.a if not false else 2 }}", "str 1"),
        ("{{ [1] | map('string') | list }}", "list ['1']"),
        ("{{ (1 | as_number) }}", "int 1"),
        ("{{ range(1, 3) | list }}", "list [1, 2]"),
        ("{{ 'a,b'.split(',') }}", "list ['a', 'b']"),
        ("{% set x = 5 %}{{ x + 1 }}", "int 6"),
        ("{{ '1' }}", "str 1"),
        ("{{ '1' | as_number }}", "int 1"),
        ("{{ 'True' | as_bool }}", "bool True"),
        ("{{ '[1]' | as_native }}", "list [1]"),
        ("{{ 1 | as_text }}", "str 1"),
        ("a{{ 1 }}", "str a1"),
        ("{{ 1 }}{{ 2 }}", "str 12"),
        ("1", "str 1"),
        ("{% if true %}{{ none }}{% endif %}", "str None"),
    ] {
        let value = engine.render_native("x.yml", source, &context).unwrap();
        let kind = crate::jinja::value::python_type_name(&value);
        assert_eq!(format!("{kind} {value}"), expect, "{source}");
    }
    let error = engine.render_native("x.yml", "{{ 'yes' | as_bool }}", &context).unwrap_err();
    assert_eq!(error.message(), "Could not convert value 'yes' into type 'bool'");
}

#[test]
fn text_without_jinja_is_left_alone() {
    check("root", "select 1\n", "select 1\n");
    check("root", "select {{ 1 }}\n\n", "select 1\n");
    check("root", "{% raw %}{{ x }}{% endraw %}\r\n{# c #}a", "{{ x }}\na");
}

#[test]
fn undefined_is_lenient_where_asked() {
    let engine = engine(&[]).unwrap();
    let template = "[{{ nope.a.b }}{% set it = nope %}{{ it.f(1).x }}]";
    assert_eq!(engine.render_str("a.sql", template, &Arc::new(context().lenient())).unwrap(), "[]");
    let package = engine.render_str("a.sql", "{{ pkg.f(1) }}", &Arc::new(context().lenient()));
    assert!(package.unwrap_err().message().starts_with("'pkg' is undefined"));
    assert!(engine.render_str("a.sql", "{{ nope.a.b }}", &Arc::new(context())).is_err());
    assert!(engine.render_str("a.sql", "{{ nope.f(1) }}", &Arc::new(context())).is_err());
    assert_eq!(engine.render_str("a.sql", "[{{ nope }}{{ {}.x }}]", &Arc::new(context())).unwrap(), "[]");
}

#[test]
fn endless_recursion_is_an_error() {
    let engine = engine(&[("root", "m.sql", "{% macro m() %}{{ m() }}{% endmacro %}")]).unwrap();
    let error = engine.render_str("a.sql", "{{ m() }}", &Arc::new(context())).unwrap_err();
    assert!(error.message().contains("recursion"), "{}", error.message());
}

#[test]
fn a_stop_flag_ends_a_render() {
    let engine = engine(FILES).unwrap();
    let context = Arc::new(context().stop_flag(Arc::new(AtomicBool::new(true))));
    for template in ["{{ who() }}", "{% for x in range(3) %}{{ x }}{% endfor %}"] {
        let error = engine.render_str("a.sql", template, &context).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{template}");
    }
}

#[test]
fn inline_macros_work_in_their_model() {
    check("root", "{% macro x(a, b=[1]) %}<{{ a }}{{ b }}>{% endmacro %}{{ x(1) }}", "<1[1]>");
}

#[test]
fn parameters_may_have_reserved_names() {
    let text = "{% macro m(self, loop=[self]) %}{{ self }}{% for x in loop %}{{ loop.index }}{{ x }}{% endfor %}{{ loop }}{% endmacro %}";
    let engine = engine(&[("root", "m.sql", text)]).unwrap();
    let found = engine.render_str("a.sql", "{{ m(3) }} {{ m(loop=[4], self=5) }}", &Arc::new(context()));
    assert_eq!(found.unwrap(), "313[3] 514[4]");
}

#[test]
fn duplicates_are_refused() {
    let twice = "{% macro a() %}{% endmacro %}{% macro a() %}{% endmacro %}";
    let error = engine(&[("root", "m.sql", twice)]).unwrap_err();
    assert_eq!(error.message(), "dbt found multiple macros named \"a\" in the project \"root\"");
}

#[test]
fn many_macros_are_no_trouble() {
    let body = "{% set a = [] %}{% for c in cols %}{% do a.append(c ~ '_' ~ loop.index) %}{% endfor %}\n\
                {% if a: %}{{ return(a | join(', ')) }}{% endif %}\n";
    let text: String =
        (0..1000).map(|i| format!("{{% macro m{i}(cols, b={{}}) -%}}\n{body}{{%- endmacro %}}\n")).collect();
    let engine = engine(&[("root", "m.sql", &text)]).unwrap();
    assert_eq!(
        engine.render_str("a.sql", "{{ m999(['x', 'y']) }}", &Arc::new(context())).unwrap(),
        "x_1, y_2"
    );
}

#[test]
fn workers_render_side_by_side() {
    let engine = engine(FILES).unwrap();
    let render = &|worker: usize| {
        let engine = engine.clone();
        (0..50).all(|i| {
            let context = Arc::new(context().set("n", worker * 100 + i));
            let text = engine.render_str("a.sql", "{{ who() }}{{ n }}{{ d([n]) }}", &context).unwrap();
            text == format!("root{n}duck[{n}]", n = worker * 100 + i)
        })
    };
    let fine = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|worker| scope.spawn(move || render(worker))).collect();
        workers.into_iter().all(|worker| worker.join().unwrap())
    });
    assert!(fine);
}

#[test]
fn bodies_inside_files_keep_their_places() {
    let source = "\n{% snapshot s %}select {{ nope() }}{% endsnapshot %}";
    let block = crate::jinja::blocks_in("s.sql", source, &["snapshot"]).unwrap().remove(0);
    let engine = engine(&[]).unwrap();
    let template = engine.compile_at("s.sql", (block.body_line, block.body_column), &block.body).unwrap();
    let error = engine.render(&template, &Arc::new(context())).unwrap_err();
    assert_eq!(error.location().unwrap().to_string(), "s.sql:2:27");
    let error = engine.compile_at("s.sql", (3, 5), "{{ 1 2 }}").unwrap_err();
    assert_eq!(error.location().unwrap().to_string(), "s.sql:3:10");
}

#[test]
fn long_chains_are_no_trouble() {
    let sum = format!("{{% set x = [1] %}}{{{{ (x{})|length }}}}", " + x".repeat(999));
    check("root", &sum, "1000");
    let text = format!("{{{{ ('a'{})|length }}}}", " ~ 'b'".repeat(999));
    check("root", &text, "1000");
}
