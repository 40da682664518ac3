//! Incremental models: append, delete+insert and merge, keys of one and of several columns.

use crate::harness::*;

/// First `1 old, 2 old`; then comes `2 new, 3 new`.
const TWO_LOADS: &str = "
{% if is_incremental() %}
select 2 as id, 'b' as part, 'new' as v union all select 3, 'b', 'new'
{% else %}
select 1 as id, 'a' as part, 'old' as v union all select 2, 'b', 'old'
{% endif %}";

fn two_runs(p: &Project, config: &str) -> Vec<String> {
    p.file("models/a.sql", &format!("{{{{ config(materialized='incremental', {config}) }}}}{TWO_LOADS}"));
    p.karat(["run"]).success();
    assert_eq!(ids(p), ["1 old", "2 old"]);
    p.karat(["run"]).success();
    ids(p)
}

fn ids(p: &Project) -> Vec<String> {
    p.column("select id || ' ' || v as row from analytics.a order by id, v")
}

#[test]
fn append_adds_the_new_rows() {
    on_adapters(|p| {
        assert_eq!(two_runs(p, "incremental_strategy='append'"), ["1 old", "2 new", "2 old", "3 new"]);
        assert_eq!(p.relations(), ["analytics.a table"]);
    });
}

#[test]
fn without_a_key_the_default_appends() {
    on_adapters(|p| assert_eq!(two_runs(p, "tags=[]"), ["1 old", "2 new", "2 old", "3 new"]));
}

#[test]
fn with_a_key_the_default_replaces() {
    on_adapters(|p| assert_eq!(two_runs(p, "unique_key='id'"), ["1 old", "2 new", "3 new"]));
}

#[test]
fn delete_insert_replaces_by_key() {
    on_adapters(|p| {
        let config = "incremental_strategy='delete+insert', unique_key='id'";
        assert_eq!(two_runs(p, config), ["1 old", "2 new", "3 new"]);
    });
}

#[test]
fn delete_insert_takes_a_key_of_several_columns() {
    on_adapters(|p| {
        let config = "incremental_strategy='delete+insert', unique_key=['id', 'part']";
        assert_eq!(two_runs(p, config), ["1 old", "2 new", "3 new"]);
    });
}

#[test]
fn delete_insert_replaces_all_rows_of_a_key() {
    on_adapters(|p| {
        let config = "incremental_strategy='delete+insert', unique_key='part'";
        assert_eq!(two_runs(p, config), ["1 old", "2 new", "3 new"]);
    });
}

#[test]
fn merge_updates_and_inserts_by_key() {
    on_adapters(|p| {
        let config = "incremental_strategy='merge', unique_key='id'";
        assert_eq!(two_runs(p, config), ["1 old", "2 new", "3 new"]);
        p.karat(["run"]).success();
        assert_eq!(ids(p), ["1 old", "2 new", "3 new"], "merging the same rows again changes nothing");
    });
}

#[test]
fn merge_takes_a_key_of_several_columns() {
    on_adapters(|p| {
        let config = "incremental_strategy='merge', unique_key=['id', 'part']";
        assert_eq!(two_runs(p, config), ["1 old", "2 new", "3 new"]);
    });
}

#[test]
fn merge_without_a_key_only_inserts() {
    on_adapters(|p| {
        assert_eq!(two_runs(p, "incremental_strategy='merge'"), ["1 old", "2 new", "2 old", "3 new"]);
    });
}

#[test]
fn merge_updates_only_the_columns_asked_for() {
    on_adapters(|p| {
        for (config, expect) in
            [("merge_update_columns=['part']", "old"), ("merge_exclude_columns=['v']", "old")]
        {
            let config = format!("incremental_strategy='merge', unique_key='id', {config}");
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='incremental', {config}) }}}}{TWO_LOADS}"),
            );
            p.karat(["run", "--full-refresh"]).success();
            p.karat(["run"]).success();
            assert_eq!(p.value("select v from analytics.a where id = 2"), expect);
            assert_eq!(p.value("select v from analytics.a where id = 3"), "new");
        }
    });
}

#[test]
fn predicates_narrow_what_is_replaced() {
    on_adapters(|p| {
        // no row of the old table satisfies the predicate, so nothing is deleted
        let config =
            "incremental_strategy='delete+insert', unique_key='id', incremental_predicates=[\"part = 'z'\"]";
        assert_eq!(two_runs(p, config), ["1 old", "2 new", "2 old", "3 new"]);
    });
}

#[test]
fn full_refresh_makes_the_table_anew() {
    on_adapters(|p| {
        two_runs(p, "incremental_strategy='append'");
        p.karat(["run", "--full-refresh"]).success();
        assert_eq!(ids(p), ["1 old", "2 old"]);
        assert_eq!(p.relations(), ["analytics.a table"]);
    });
}

#[test]
fn a_model_may_refuse_full_refresh() {
    on_adapters(|p| {
        two_runs(p, "incremental_strategy='append', full_refresh=false");
        p.karat(["run", "--full-refresh"]).success();
        assert_eq!(ids(p).len(), 6);
    });
}

#[test]
fn this_can_be_asked_for_its_newest_row() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='incremental') }}
             select * from (select 1 as id union all select 2 union all select {{ var('more', 2) }}) rows_of_a
             {% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}",
        );
        p.karat(["run"]).success();
        assert_eq!(p.count("analytics.a"), 3);
        p.karat(["run"]).success();
        assert_eq!(p.count("analytics.a"), 3);
        p.karat(["run", "--vars", "{more: 7}"]).success();
        assert_eq!(p.column("select id from analytics.a order by 1"), ["1", "2", "2", "7"]);
    });
}

#[test]
fn an_unknown_strategy_fails_the_model() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='incremental', incremental_strategy='mergee') }} select 1 as id",
        );
        p.file("models/b.sql", "select 1 as id");
        p.karat(["run"]).exit(1).statuses(["a error", "b success"]).stdout_has("mergee");
        assert!(!p.relations().contains(&"analytics.a table".to_string()));
    });
}

#[test]
fn a_failed_merge_leaves_the_old_rows() {
    on_adapters(|p| {
        for strategy in ["append", "delete+insert", "merge"] {
            p.file(
                "models/a.sql",
                &format!(
                    "{{{{ config(materialized='incremental', incremental_strategy='{strategy}', unique_key='id') }}}}
                     {{% if is_incremental() %}} select 1 as id, cast('x' || id as integer) as n from {{{{ this }}}}
                     {{% else %}} select 1 as id, 1 as n {{% endif %}}"
                ),
            );
            p.karat(["run", "--full-refresh"]).success();
            p.karat(["run"]).exit(1);
            assert_eq!(p.rows("select id, n from analytics.a"), [["1", "1"]], "after a failed {strategy}");
            assert_eq!(p.relations(), ["analytics.a table"], "nothing is left over");
        }
    });
}
