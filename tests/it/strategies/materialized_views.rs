//! Materialized views (PostgreSQL): made, refreshed, and what a changed configuration does.

use crate::harness::*;

fn view(p: &Project, config: &str) {
    p.file("seeds/s.csv", "id,n\n1,5\n");
    p.file(
        "models/m.sql",
        &format!(
            "{{{{ config(materialized='materialized_view'{config}) }}}} select id, n from {{{{ ref('s') }}}}"
        ),
    );
}

fn indexes(p: &Project) -> usize {
    p.count("pg_indexes where schemaname = 'analytics' and tablename = 'm'")
}

#[test]
fn it_is_made_and_refreshed() {
    on_postgres(|p| {
        view(p, "");
        p.karat(["build"]).success();
        assert_eq!(p.value("select relkind from pg_class where relname = 'm'"), "m");
        p.file("seeds/s.csv", "id,n\n1,6\n");
        p.karat(["build"]).success();
        assert_eq!(p.value("select n from analytics.m"), "6");
        p.karat(["build", "--full-refresh"]).success();
        assert_eq!(p.count("analytics.m"), 1);
    });
}

#[test]
fn changed_indexes_are_applied_left_or_refused() {
    for (change, exit, count) in [("apply", 0, 2), ("continue", 0, 1), ("fail", 1, 1)] {
        on_postgres(|p| {
            view(p, ", indexes=[{'columns': ['id']}]");
            p.karat(["build"]).success();
            view(
                p,
                &format!(
                    ", indexes=[{{'columns': ['id']}}, {{'columns': ['n'], 'unique': true, 'type': 'btree'}}], on_configuration_change='{change}'"
                ),
            );
            p.karat(["run"]).exit(exit);
            assert_eq!(indexes(p), count, "{change}");
        });
    }
}

#[test]
fn it_takes_the_place_of_a_table_and_gives_it_back() {
    on_postgres(|p| {
        view(p, "");
        p.karat(["build"]).success();
        let text = p.text("models/m.sql");
        p.file("models/m.sql", &text.replace("materialized_view", "table")).karat(["run"]).success();
        assert_eq!(p.value("select relkind from pg_class where relname = 'm'"), "r");
        p.file("models/m.sql", &text).karat(["run"]).success();
        assert_eq!(p.value("select relkind from pg_class where relname = 'm'"), "m");
    });
}
