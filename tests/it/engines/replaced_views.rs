//! Views of PostgreSQL are replaced in place where that changes nothing for others, and built beside the old
//! ones where it would.

use crate::harness::*;

fn view(p: &Project, sql: &str) {
    p.file("models/a.sql", &format!("{{{{ config(materialized='view') }}}} {sql}"));
}

fn oid(p: &Project) -> Vec<Vec<String>> {
    p.rows("select 'analytics.a'::regclass::oid::text")
}

#[test]
fn a_view_whose_columns_stay_is_the_same_relation() {
    on_postgres(|p| {
        view(p, "select 1 as id");
        p.karat(["run"]).success();
        let first = oid(p);
        view(p, "select 2 as id, 'more' as word");
        let ran = p.karat(["run"]);
        ran.success().stdout_has("OK created sql view model analytics.a");
        let result = ran.result("a");
        assert_eq!(result["message"], "CREATE VIEW");
        assert_eq!(result["adapter_response"]["rows_affected"], -1);
        assert_eq!(p.rows("select id, word from analytics.a"), [["2", "more"]]);
        assert_eq!(oid(p), first);
    });
}

#[test]
fn other_columns_and_faults_go_the_long_way() {
    on_postgres(|p| {
        view(p, "select 1 as id");
        p.karat(["run"]).success();
        view(p, "select 'x' as word");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select * from analytics.a"), [["x"]]);
        view(p, "select nothing as word");
        let failed = p.karat(["run"]);
        failed.exit(1).stdout_has("column \"nothing\" does not exist").stdout_has("select nothing as word");
        assert_eq!(p.rows("select * from analytics.a"), [["x"]]);
    });
}

#[test]
fn settings_of_others_and_macros_of_the_project_are_heeded() {
    on_postgres(|p| {
        view(p, "select 1 as id");
        p.karat(["run"]).success();
        p.execute("alter view analytics.a set (security_barrier = true)");
        view(p, "select 2 as id");
        p.karat(["run"]).success();
        let options = "select reloptions::text from pg_class where oid = 'analytics.a'::regclass";
        assert_eq!(p.rows(options), [["{security_barrier=true}"]]);
        p.file(
            "macros/own.sql",
            "{% macro postgres__create_view_as(relation, sql) %}create  view {{ relation }} with (security_barrier=false) as {{ sql }}{% endmacro %}",
        );
        p.execute("drop view analytics.a");
        p.karat(["run"]).success();
        p.karat(["run"]).success();
        assert_eq!(p.rows(options), [["{security_barrier=false}"]]);
    });
}

#[test]
fn row_security_without_policies_stays() {
    on_postgres(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.karat(["run"]).success();
        p.execute("alter table analytics.a enable row level security");
        p.karat(["run"]).success();
        let secured = "select relrowsecurity::text from pg_class where oid = 'analytics.a'::regclass";
        assert_eq!(p.rows(secured), [["true"]]);
    });
}
