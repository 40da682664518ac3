//! Hooks inside and outside the transaction of their model.

use crate::harness::*;

#[test]
fn vacuum_runs_outside_the_transaction() {
    on_postgres(|p| {
        let outside = "{'sql': 'vacuum {{ this }}', 'transaction': false}";
        p.file(
            "models/a.sql",
            &format!("{{{{ config(materialized='table', post_hook={outside}) }}}} select 1 as id")
                .replace("false", "False"),
        );
        p.karat(["run"]).success();
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', post_hook='vacuum {{ this }}') }} select 1 as id",
        );
        p.karat(["run"]).exit(1).stdout_has("VACUUM cannot run inside a transaction block");
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', post_hook=after_commit('vacuum {{ this }}')) }} select 1 as id",
        );
        p.karat(["run"]).success();
    });
}

#[test]
fn hooks_outside_run_before_and_after_those_inside() {
    on_adapters(|p| {
        p.execute("create schema audit; create table audit.log (n integer, what text)");
        let note = |what: &str| format!("insert into audit.log select count(*), '{what}' from audit.log");
        p.file(
            "models/a.sql",
            &format!(
                "{{{{ config(materialized='table',
                    pre_hook=[\"{}\", before_begin(\"{}\")],
                    post_hook=[after_commit(\"{}\"), in_transaction(\"{}\")]) }}}} select 1 as id",
                note("inside"),
                note("before"),
                note("after"),
                note("inside too")
            ),
        );
        p.karat(["run"]).success();
        assert_eq!(
            p.column("select what from audit.log order by n"),
            ["before", "inside", "inside too", "after"]
        );
    });
}

#[test]
fn what_a_hook_inside_did_is_undone_with_its_model() {
    on_adapters(|p| {
        p.execute("create schema audit; create table audit.log (what text)");
        let hook = "insert into audit.log values ('x')";
        p.file(
            "models/a.sql",
            &format!("{{{{ config(materialized='table', pre_hook=\"{hook}\") }}}} select nowhere as id"),
        );
        p.karat(["run"]).exit(1);
        assert_eq!(p.count("audit.log"), 0);
    });
}
