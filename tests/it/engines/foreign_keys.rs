//! Foreign keys between models: a table that others point to is replaced, and their keys hold again.

use crate::harness::*;

fn keyed(p: &Project, more: &str) {
    p.file("models/p.sql", "{{ config(materialized='table') }} select id, {{ var('v', 1) }} as v from (values (1), (2), (3)) t(id) where id <= {{ var('n', 3) }}");
    p.file(
        "models/k.sql",
        "{{ config(materialized='table') }} select 1 as id, {{ var('points', 3) }} as pid",
    );
    p.file("models/g.sql", "{{ config(materialized='table') }} select 1 as kid");
    p.file(
        "models/m.yml",
        &format!("models:\n- name: p\n  config: {{contract: {{enforced: true}}}}\n  columns:\n  - {{name: id, data_type: int, constraints: [{{type: primary_key}}]}}\n  - {{name: v, data_type: int}}\n\
        - name: k\n  config: {{contract: {{enforced: true}}{more}}}\n  columns:\n  - {{name: id, data_type: int, constraints: [{{type: primary_key}}]}}\n  \
        - {{name: pid, data_type: int, constraints: [{{type: foreign_key, to: ref('p'), to_columns: [id]}}]}}\n\
        - name: g\n  config: {{contract: {{enforced: true}}}}\n  constraints: [{{type: foreign_key, columns: [kid], to: ref('k'), to_columns: [id]}}]\n  columns:\n  - {{name: kid, data_type: int}}\n"),
    );
}

/// How many foreign keys stand.
fn keys(p: &Project) -> String {
    p.value(p.adapter.pick(
        "select count(*) from duckdb_constraints() where constraint_type = 'FOREIGN KEY'",
        "select count(*) from pg_constraint where contype = 'f'",
    ))
}

#[test]
fn keys_stand_after_every_replacement() {
    on_adapters(|p| {
        keyed(p, "");
        for _ in 0..3 {
            p.karat(["run"]).success();
            assert_eq!(keys(p), "2");
        }
        for selected in ["p", "k", "g", "p k", "p g"] {
            p.karat(["run", "--select", selected, "--vars", "v: 2"]).success();
            assert_eq!((keys(p).as_str(), p.count("analytics.g")), ("2", 1), "{selected}");
        }
        assert_eq!(p.value("select max(v) from analytics.p"), "2");
        assert_eq!(p.relations(), ["analytics.g table", "analytics.k table", "analytics.p table"]);
    });
}

#[test]
fn rows_that_would_point_to_nothing_stop_the_replacement() {
    on_adapters(|p| {
        keyed(p, "");
        p.karat(["run"]).success();
        let ran = p.karat(["run", "--select", "p", "--vars", "{n: 1, v: 9}"]);
        ran.exit(1).stdout_has("cannot replace");
        assert_eq!(p.rows("select count(*), max(v) from analytics.p"), [["3", "1"]]);
        assert_eq!(keys(p), "2");
        // The run that builds all of them anew may.
        p.karat(["run", "--vars", "{n: 1, points: 1}"]).success();
        assert_eq!((keys(p).as_str(), p.count("analytics.p")), ("2", 1));
    });
}

#[test]
fn many_tables_point_to_one_and_are_built_at_once() {
    on_adapters(|p| {
        keyed(p, "");
        let names: Vec<String> = (0..8).map(|n| format!("c{n}")).collect();
        let mut yaml = "models:\n".to_string();
        for name in &names {
            p.file(
                &format!("models/{name}.sql"),
                "{{ config(materialized='table') }} select id as pid from {{ ref('p') }}",
            );
            yaml += &format!(
                "- name: {name}\n  config: {{contract: {{enforced: true}}}}\n  columns: [{{name: pid, data_type: int, constraints: [{{type: foreign_key, to: ref('p'), to_columns: [id]}}]}}]\n"
            );
        }
        p.file("models/c.yml", &yaml);
        for _ in 0..2 {
            p.karat(["run", "--threads", "8"]).success();
        }
        assert_eq!(keys(p), "10");
    });
}

#[test]
fn an_incremental_table_keeps_its_key_through_a_full_refresh() {
    on_adapters(|p| {
        keyed(p, ", on_schema_change: fail");
        p.file("models/k.sql", "{{ config(materialized='incremental', unique_key='id') }} select 1 as id, {{ var('points', 3) }} as pid");
        p.remove("models/g.sql");
        let yaml = p.text("models/m.yml");
        p.file("models/m.yml", yaml.split("- name: g").next().unwrap());
        for words in [vec!["run"], vec!["run"], vec!["run", "--full-refresh"], vec!["run", "--full-refresh"]]
        {
            p.karat(words).success();
            assert_eq!((keys(p).as_str(), p.count("analytics.k")), ("1", 1));
        }
    });
}
