//! `var` and `env_var`.

use crate::harness::*;

#[test]
fn vars_come_from_the_command_the_project_or_the_default() {
    on_adapters(|p| {
        p.configure("vars:\n  a: 1\n  shop:\n    b: 2\n    a: 10");
        p.file("models/m.sql", "select {{ var('a') }} as a, {{ var('b') }} as b, {{ var('c', 3) }} as c");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select a, b, c from analytics.m"), [["10", "2", "3"]]);
        p.karat(["run", "--vars", "{a: 5, c: 7}"]).success();
        assert_eq!(p.rows("select a, b, c from analytics.m"), [["5", "2", "7"]]);
        p.karat(["run", "--vars", "{\"a\": 6, \"b\": 8}"]).success();
        assert_eq!(p.rows("select a, b, c from analytics.m"), [["6", "8", "3"]]);
    });
}

#[test]
fn vars_may_be_lists_and_maps() {
    on_adapters(|p| {
        p.file("models/m.sql", "{% for r in var('rows') %} select {{ r.id }} as id, '{{ r['name'] }}' as name {{ 'union all' if not loop.last }} {% endfor %}");
        p.karat(["run", "--vars", "rows: [{id: 1, name: x}, {id: 2, name: y}]"]).success();
        assert_eq!(p.rows("select id, name from analytics.m order by id"), [["1", "x"], ["2", "y"]]);
    });
}

#[test]
fn a_missing_var_fails_its_model() {
    on_adapters(|p| {
        p.file("models/m.sql", "select {{ var('nowhere') }} as id").file("models/n.sql", "select 1 as id");
        p.karat(["run"])
            .exit(1)
            .stdout_has("nowhere")
            .stdout_has("models/m.sql")
            .statuses(["m error", "n success"]);
    });
}

#[test]
fn env_vars_are_read_in_models_and_yaml() {
    on_adapters(|p| {
        p.env("SHOP_ID", "42").env("SHOP_SCHEMA", "extra");
        p.file(
            "models/m.sql",
            "select {{ env_var('SHOP_ID') }} as id, '{{ env_var('NO_SUCH', 'else') }}' as other",
        );
        p.configure("models:\n  +schema: \"{{ env_var('SHOP_SCHEMA') }}\"");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select id, other from analytics_extra.m"), [["42", "else"]]);
    });
}

#[test]
fn a_missing_env_var_is_told() {
    on_duckdb(|p| {
        p.file("models/m.sql", "select '{{ env_var('NO_SUCH_VARIABLE') }}' as id");
        p.karat(["run"]).exit(2).stdout_has("NO_SUCH_VARIABLE");
    });
}

#[test]
fn deps_needs_no_vars() {
    on_adapters(|p| {
        p.configure("models: {+materialized: \"{{ var('how') }}\"}").file("models/a.sql", "select 1 as id");
        p.karat(["deps"]).success();
        p.karat(["run"]).exit(2).stdout_has("Required var 'how' not found");
        p.karat(["run", "--vars", "how: table"]).success();
        assert_eq!(p.relations(), ["analytics.a table"]);
    });
}

#[test]
fn a_flags_variable_is_seen_under_both_of_its_names() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "select '{{ env_var('DBT_PRINTER_WIDTH', 0) }} {{ env_var('DBT_ENGINE_PRINTER_WIDTH', 0) }}' as v",
        );
        let seen = |p: &Project| {
            p.karat(["run"]).success();
            p.value("select v from analytics.a")
        };
        assert_eq!(seen(p), "0 0");
        assert_eq!(seen(p.env("DBT_PRINTER_WIDTH", "90")), "90 90");
        assert_eq!(seen(p.env("DBT_ENGINE_PRINTER_WIDTH", "91")), "91 91");
    });
}
