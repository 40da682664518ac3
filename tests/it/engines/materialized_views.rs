//! Materialized views of PostgreSQL, and what a changed config does to them.

use crate::harness::*;

fn model(p: &Project, config: &str, v: u32) {
    p.file("models/t.sql", "{{ config(materialized='table') }} select 1 as id, 10 as n");
    p.file("models/m.sql", &format!("{{{{ config(materialized='materialized_view', {config}) }}}} select id, n, {v} as v from {{{{ ref('t') }}}}"));
}

fn indexes(p: &Project) -> Vec<String> {
    p.column("select regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') from pg_indexes where tablename = 'm' order by 1")
}

#[test]
fn it_is_refreshed_and_its_indexes_follow_the_config() {
    on_postgres(|p| {
        model(p, "indexes=[{'columns': ['id']}]", 1);
        p.karat(["run"]).success();
        assert_eq!(indexes(p), ["CREATE INDEX ON analytics.m USING btree (id)"]);
        let oid = || p.value("select 'analytics.m'::regclass::oid::text");
        let first = oid();
        p.karat(["run", "--select", "m"]).success().stdout_has("REFRESH MATERIALIZED VIEW");
        assert_eq!(oid(), first, "it was refreshed, not replaced");
        model(p, "indexes=[{'columns': ['n'], 'unique': true, 'type': 'btree'}]", 1);
        p.karat(["run", "--select", "m"]).success();
        assert_eq!(
            (indexes(p), oid()),
            (vec!["CREATE UNIQUE INDEX ON analytics.m USING btree (n)".to_string()], first)
        );
        p.karat(["run", "--select", "m", "--full-refresh"]).success();
        assert_eq!(indexes(p).len(), 1);
    });
}

#[test]
fn a_changed_config_can_be_passed_over_or_refused() {
    on_postgres(|p| {
        model(p, "indexes=[{'columns': ['id']}]", 1);
        p.karat(["run"]).success();
        model(p, "on_configuration_change='continue', indexes=[{'columns': ['n']}]", 1);
        p.karat(["run", "--select", "m"]).success().stdout_has("on_configuration_change");
        assert_eq!(indexes(p), ["CREATE INDEX ON analytics.m USING btree (id)"]);
        model(p, "on_configuration_change='fail', indexes=[{'columns': ['n']}]", 1);
        p.karat(["run", "--select", "m"]).exit(1).stdout_has("on_configuration_change");
        assert_eq!(indexes(p), ["CREATE INDEX ON analytics.m USING btree (id)"]);
    });
}

#[test]
fn it_takes_the_place_of_other_kinds_and_gives_it_back() {
    on_postgres(|p| {
        for kind in ["table", "materialized_view", "view", "materialized_view", "table"] {
            p.file("models/m.sql", &format!("{{{{ config(materialized='{kind}') }}}} select 1 as id"));
            p.karat(["run"]).success();
            assert_eq!(p.count("analytics.m"), 1, "{kind}");
        }
    });
}

#[test]
fn tables_can_be_unlogged_and_have_a_header() {
    on_postgres(|p| {
        p.file("models/a.sql", "{% call set_sql_header(config) %} set local work_mem = '7MB'; {% endcall %} {{ config(materialized='table', unlogged=true) }} select current_setting('work_mem') as w");
        p.karat(["run"]).success();
        assert_eq!(p.value("select w from analytics.a"), "7MB");
        assert_eq!(
            p.value("select relpersistence::text from pg_class where oid = 'analytics.a'::regclass"),
            "u"
        );
    });
}
