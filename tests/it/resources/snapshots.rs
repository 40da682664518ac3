//! Snapshots: how a row's changes become history.

use crate::harness::*;

/// The source's rows, written where the snapshot reads them.
fn source(p: &Project, rows: &[(u32, &str, u32)]) {
    let rows: Vec<String> = rows
        .iter()
        .map(|(id, v, day)| {
            format!(
                "select {id} as id, '{v}' as v, cast('2024-01-{day:02} 00:00:00' as timestamp) as changed"
            )
        })
        .collect();
    p.file("models/a.sql", &format!("{{{{ config(materialized='table') }}}}\n{}", rows.join(" union all ")));
}

fn take(p: &Project, rows: &[(u32, &str, u32)]) {
    source(p, rows);
    p.karat(["build"]).success();
}

/// `id v current` of all rows, oldest first.
fn history(p: &Project, snapshot: &str) -> Vec<String> {
    p.column(&format!(
        "select id || ' ' || v || case when dbt_valid_to is null then ' current' else '' end as row \
         from {snapshot} order by 1"
    ))
}

fn yaml(p: &Project, config: &str) {
    p.file(
        "snapshots/s.yml",
        &format!(
            "snapshots:\n  - name: s\n    relation: ref('a')\n    config: {{unique_key: id, {config}}}\n"
        ),
    );
}

#[test]
fn a_newer_time_makes_a_new_row() {
    on_adapters(|p| {
        yaml(p, "strategy: timestamp, updated_at: changed");
        take(p, &[(1, "x", 1), (2, "y", 1)]);
        assert_eq!(history(p, "analytics.s"), ["1 x current", "2 y current"]);
        // a change without a newer time is no change for this strategy
        take(p, &[(1, "x2", 2), (2, "other", 1)]);
        assert_eq!(history(p, "analytics.s"), ["1 x", "1 x2 current", "2 y current"]);
        let ended = p.value("select substr(cast(dbt_valid_to as varchar), 1, 19) from analytics.s where dbt_valid_to is not null");
        assert_eq!(ended, "2024-01-02 00:00:00");
    });
}

#[test]
fn a_snapshot_without_changes_stays() {
    on_adapters(|p| {
        yaml(p, "strategy: timestamp, updated_at: changed");
        take(p, &[(1, "x", 1)]);
        let first = p.rows("select * from analytics.s");
        take(p, &[(1, "x", 1)]);
        assert_eq!(p.rows("select * from analytics.s"), first);
    });
}

#[test]
fn checked_columns_make_a_new_row() {
    on_adapters(|p| {
        yaml(p, "strategy: check, check_cols: [v]");
        take(p, &[(1, "x", 1), (2, "y", 1)]);
        take(p, &[(1, "x2", 1), (2, "y", 2)]);
        assert_eq!(history(p, "analytics.s"), ["1 x", "1 x2 current", "2 y current"]);
    });
}

#[test]
fn all_columns_may_be_checked() {
    on_adapters(|p| {
        yaml(p, "strategy: check, check_cols: all");
        take(p, &[(1, "x", 1), (2, "y", 1)]);
        take(p, &[(1, "x", 1), (2, "y", 2)]);
        assert_eq!(history(p, "analytics.s"), ["1 x current", "2 y", "2 y current"]);
    });
}

#[test]
fn the_block_form_is_the_same() {
    on_adapters(|p| {
        p.file(
            "snapshots/s.sql",
            "{% snapshot s %}\n{{ config(target_schema='history', unique_key='id', strategy='timestamp', \
             updated_at='changed') }}\nselect * from {{ ref('a') }}\n{% endsnapshot %}",
        );
        take(p, &[(1, "x", 1)]);
        take(p, &[(1, "z", 3)]);
        assert_eq!(history(p, "history.s"), ["1 x", "1 z current"]);
    });
}

#[test]
fn a_key_may_have_several_columns() {
    on_adapters(|p| {
        p.file(
            "snapshots/s.yml",
            "snapshots:\n  - name: s\n    relation: ref('a')\n    config:\n      unique_key: [id, v]\n      \
             strategy: check\n      check_cols: [changed]\n",
        );
        take(p, &[(1, "x", 1), (1, "y", 1)]);
        take(p, &[(1, "x", 2), (1, "y", 1)]);
        assert_eq!(history(p, "analytics.s"), ["1 x", "1 x current", "1 y current"]);
    });
}

#[test]
fn current_rows_may_carry_a_far_date() {
    on_adapters(|p| {
        yaml(
            p,
            "strategy: timestamp, updated_at: changed, dbt_valid_to_current: \"cast('9999-12-31' as timestamp)\"",
        );
        take(p, &[(1, "x", 1)]);
        take(p, &[(1, "y", 2)]);
        let ends = p.column(
            "select substr(cast(dbt_valid_to as varchar), 1, 10) from analytics.s order by dbt_valid_from",
        );
        assert_eq!(ends, ["2024-01-02", "9999-12-31"]);
    });
}

#[test]
fn the_columns_of_history_have_names_of_choice() {
    on_adapters(|p| {
        yaml(
            p,
            "strategy: timestamp, updated_at: changed, snapshot_meta_column_names: {dbt_valid_from: since, \
             dbt_valid_to: until, dbt_scd_id: scd, dbt_updated_at: seen}",
        );
        take(p, &[(1, "x", 1)]);
        take(p, &[(1, "y", 2)]);
        let rows = p.column("select v || ' ' || case when until is null then 'current' else 'past' end as row from analytics.s order by since");
        assert_eq!(rows, ["x past", "y current"]);
        assert_eq!(p.count("(select distinct scd, seen from analytics.s) as t"), 2);
    });
}

#[test]
fn new_columns_join_the_history() {
    on_adapters(|p| {
        yaml(p, "strategy: timestamp, updated_at: changed");
        take(p, &[(1, "x", 1)]);
        p.file(
            "models/a.sql",
            "{{ config(materialized='table') }} select 1 as id, 'y' as v, \
             cast('2024-01-02 00:00:00' as timestamp) as changed, 7 as extra",
        );
        p.karat(["build"]).success();
        let rows = p.column("select v || coalesce(' ' || cast(extra as varchar(9)), '') as row from analytics.s order by dbt_valid_from");
        assert_eq!(rows, ["x", "y 7"]);
    });
}

#[test]
fn a_project_may_bring_its_own_strategy() {
    on_adapters(|p| {
        p.file(
            "macros/odd.sql",
            "{% macro snapshot_odd_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}\n\
             {% set key = model_config['unique_key'] %}\n\
             {{ return({'unique_key': key, 'updated_at': 'changed', \
             'row_changed': '(' ~ snapshotted_rel ~ '.v <> ' ~ current_rel ~ '.v)', \
             'scd_id': snapshot_hash_arguments([key, 'v']), 'invalidate_hard_deletes': false, \
             'hard_deletes': 'ignore'}) }}\n{% endmacro %}",
        );
        yaml(p, "strategy: odd");
        take(p, &[(1, "x", 1)]);
        take(p, &[(1, "y", 1)]);
        assert_eq!(history(p, "analytics.s").len(), 2);
    });
}

#[test]
fn what_a_snapshot_needs_is_told() {
    on_adapters(|p| {
        source(p, &[(1, "x", 1)]);
        for (config, word) in [
            ("strategy: timestamp", "updated_at"),
            ("strategy: check", "check_cols"),
            ("updated_at: changed", "strategy"),
        ] {
            yaml(p, config);
            let outcome = p.karat(["build"]);
            assert_ne!(outcome.code(), Some(0), "{config}");
            outcome.stdout_has(word);
        }
    });
}
