//! Incremental models beyond the usual: strategies of a project's own, those that an engine lacks, changed
//! columns under each strategy, predicates, hooks of versions without `merge`.

use crate::harness::*;

#[test]
fn a_strategy_may_be_a_macro_of_the_project() {
    on_adapters(|p| {
        p.file("macros/s.sql", "{% macro get_incremental_only_new_sql(arg_dict) %}insert into {{ arg_dict['target_relation'] }} select * from {{ arg_dict['temp_relation'] }} where id not in (select id from {{ arg_dict['target_relation'] }}){% endmacro %}");
        p.file("models/a.sql", "{{ config(materialized='incremental', incremental_strategy='only_new') }} select 1 as id, '{{ var('v', 'old') }}' as v union all select {{ var('more', 1) }} + 1, '{{ var('v', 'old') }}'");
        p.karat(["run"]).success();
        p.karat(["run", "--vars", "{v: new, more: 5}"]).success();
        assert_eq!(
            p.rows("select id, v from analytics.a order by id"),
            [["1", "old"], ["2", "old"], ["6", "new"]]
        );
    });
}

#[test]
fn insert_overwrite_is_refused() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='incremental', incremental_strategy='insert_overwrite') }} select 1 as id");
        p.karat(["run"]);
        p.karat(["run"]).exit(1).stdout_has("insert_overwrite");
    });
}

#[test]
fn columns_may_change_under_every_strategy() {
    for strategy in ["append", "delete+insert", "merge"] {
        for (change, columns) in [
            ("ignore", vec!["id", "v"]),
            ("append_new_columns", vec!["id", "v", "w"]),
            ("sync_all_columns", vec!["id", "w"]),
        ] {
            on_adapters(|p| {
                if (strategy, change, p.adapter) == ("merge", "ignore", Adapter::DuckDb) {
                    // its merge takes rows by the names of their columns, in dbt as well
                    return;
                }
                let body = if change == "ignore" {
                    "select {{ var('id', 1) }} as id, 'x' as v {% if is_incremental() %}, 'y' as w {% endif %}"
                } else {
                    "select {{ var('id', 1) }} as id {% if is_incremental() %}, 'y' as w {% else %}, 'x' as v {% endif %}"
                };
                p.file("models/a.sql", &format!("{{{{ config(materialized='incremental', incremental_strategy='{strategy}', unique_key='id', on_schema_change='{change}') }}}} {body}"));
                p.karat(["run"]).success();
                p.karat(["run", "--vars", "id: 2"]).success();
                let found = p.column(
                    "select column_name from information_schema.columns where table_name = 'a' order by 1",
                );
                assert_eq!(found, columns, "{strategy} {change}");
                assert_eq!(p.count("analytics.a"), 2, "{strategy} {change}");
            });
        }
    }
}

#[test]
fn predicates_narrow_a_merge() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', incremental_predicates=['DBT_INTERNAL_DEST.id > 1']) }} select 1 as id, '{{ var('v', 'old') }}' as v union all select 2, '{{ var('v', 'old') }}'",
        );
        p.karat(["run"]).success();
        p.karat(["run", "--vars", "v: new"]).success();
        assert_eq!(
            p.rows("select id, v from analytics.a order by id, v desc"),
            [["1", "old"], ["1", "new"], ["2", "new"]]
        );
    });
}

#[test]
fn a_project_may_refresh_whole_by_config() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='incremental', full_refresh=true) }} select 1 as id");
        p.karat(["run"]).success();
        p.karat(["run"]).success();
        assert_eq!(p.count("analytics.a"), 1);
    });
}
