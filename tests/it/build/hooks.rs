//! Hooks before and after models and runs.

use crate::harness::*;

fn with_log(p: &Project) {
    p.execute("create schema audit; create table audit.log (n integer, what text)");
}

fn note(what: &str) -> String {
    format!("insert into audit.log select count(*), '{what}' from audit.log")
}

fn noted(p: &Project) -> Vec<String> {
    p.column("select what from audit.log order by n")
}

#[test]
fn hooks_run_around_their_model() {
    on_adapters(|p| {
        with_log(p);
        for kind in ["view", "table", "incremental"] {
            p.execute("delete from audit.log");
            p.file(
                "models/a.sql",
                &format!(
                    "{{{{ config(materialized='{kind}', pre_hook=[\"{}\", \"{}\"], post_hook=\"{}\") }}}} select 1 as id",
                    note("before"), note("{{ this.name }} soon"), note("after {{ this.schema }}.{{ this.name }}")
                ),
            );
            p.karat(["run"]).success();
            assert_eq!(noted(p), ["before", "a soon", "after analytics.a"], "{kind}");
        }
    });
}

#[test]
fn hooks_run_around_a_seed() {
    on_adapters(|p| {
        with_log(p);
        p.file("seeds/s.csv", "id\n1\n");
        p.configure(&format!(
            "seeds:\n  +pre-hook: \"{}\"\n  +post-hook: \"{}\"",
            note("before"),
            note("after")
        ));
        p.karat(["seed"]).success();
        assert_eq!(noted(p), ["before", "after"]);
    });
}

#[test]
fn hooks_of_project_and_model_add_up() {
    on_adapters(|p| {
        with_log(p);
        p.configure(&format!(
            "models:\n  +post-hook: \"{}\"\n  shop:\n    gold:\n      +post-hook: [\"{}\"]",
            note("project"),
            note("folder")
        ));
        p.file(
            "models/gold/a.sql",
            &format!("{{{{ config(post_hook=\"{}\") }}}} select 1 as id", note("model")),
        );
        p.karat(["run"]).success();
        assert_eq!(noted(p), ["project", "folder", "model"]);
    });
}

#[test]
fn runs_have_hooks_too() {
    on_adapters(|p| {
        with_log(p);
        p.configure(&format!(
            "on-run-start: \"{}\"\non-run-end:\n  - \"{}\"\n  - \"{{{{ say_results(results) }}}}\"",
            note("start"),
            note("end")
        ));
        p.file("macros/m.sql", "{% macro say_results(results) %}{% for r in results %}insert into audit.log select count(*), '{{ r.node.name }} {{ r.status }}' from audit.log;{% endfor %}{% endmacro %}");
        p.file("models/a.sql", "select 1 as id");
        let outcome = p.karat(["run"]);
        outcome.success();
        assert_eq!(noted(p), ["start", "end", "a success"]);
        outcome.prints("1 of 1 START hook: shop.on-run-start.0 ... [RUN]");
        outcome.stdout_has("OK hook: shop.on-run-end.1");
        p.karat(["compile"]).success();
        assert_eq!(noted(p).len(), 3, "compile runs no hooks");
    });
}

#[test]
fn a_failed_hook_fails_its_model() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(pre_hook='select nowhere') }} select 1 as id");
        p.file(
            "models/b.sql",
            "{{ config(materialized='table', post_hook='select nowhere') }} select 1 as id",
        );
        p.file("models/c.sql", "select * from {{ ref('b') }}");
        p.karat(["run"]).exit(1).statuses(["a error", "b error", "c skipped"]);
        assert_eq!(p.relations(), Vec::<String>::new(), "a model whose hook failed was not made");
    });
}

#[test]
fn a_failed_start_ends_the_run() {
    on_adapters(|p| {
        p.configure("on-run-start: select nowhere");
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run"]).exit(1).stdout_has("nowhere");
    });
}

#[test]
fn an_empty_hook_is_none() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(pre_hook=\"{% if false %} select 1 {% endif %}\", post_hook=[]) }} select 1 as id",
        );
        p.karat(["run"]).success();
    });
}

#[test]
fn a_hook_of_the_run_that_cannot_be_compiled_ends_it() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select nowhere");
        p.file(
            "macros/m.sql",
            "{% macro refuse() %}{% if execute %}{% do exceptions.raise_compiler_error('never') %}{% endif %}{% endmacro %}",
        );
        p.configure("on-run-end: \"{{ refuse() }}\"");
        let outcome = p.karat(["run"]);
        outcome.exit(2).statuses(["a success", "b error"]).stdout_has("never").stdout_has("models/b.sql");
        p.remove("models/b.sql").karat(["run"]).exit(2).statuses(["a success"]);
    });
}
