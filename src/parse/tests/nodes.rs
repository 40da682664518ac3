//! What templates say: refs, sources, macros, snapshots, hooks, versions.

use super::*;
use serde_json::json;

#[track_caller]
fn depends(files: &[(&str, &str)], id: &str, (nodes, macros): (&[&str], &[&str])) {
    let manifest = manifest(files);
    let found = &node(&manifest, id).depends_on;
    let nodes_found: Vec<&str> = found.nodes.iter().map(|id| id.as_str()).collect();
    let macros_found: Vec<&str> = found.macros.iter().map(|id| id.as_str()).collect();
    assert_eq!((nodes_found.as_slice(), macros_found.as_slice()), (nodes, macros), "{id}");
}

#[test]
fn calls_become_edges() {
    let source = ("models/s.yml", "sources: [{name: raw, tables: [{name: t}]}]\n");
    let a = ("models/a.sql", "select 1 as id");
    let model = |text| [a, source, ("models/b.sql", text)];
    depends(
        &model("select * from {{ ref('a') }} join {{ source('raw', 't') }} join {{ ref('p', 'a') }}"),
        "model.p.b",
        (&["source.p.raw.t", "model.p.a"], &[]),
    );
    depends(&model("-- depends_on: {{ ref('a') }}\nselect 1"), "model.p.b", (&["model.p.a"], &[]));
    depends(
        &model("{% if is_incremental() %} {{ this }} {% endif %}{% set x = run_query('x') %}{{ nope(x).y }}"),
        "model.p.b",
        (&[], &["macro.dbt.is_incremental", "macro.dbt.run_query"]),
    );
    depends(
        &model("{{ config(post_hook=\"insert into x select * from {{ ref('a') }}\") }}select 1"),
        "model.p.b",
        (&["model.p.a"], &[]),
    );
    depends(
        &model("{% if execute %}{{ ref('nope') }}{% else %}{{ ref('a') }}{% endif %}"),
        "model.p.b",
        (&["model.p.a"], &[]),
    );
}

#[test]
fn a_model_has_dbts_fields() {
    let manifest =
        manifest(&[("models/x/a.sql", "{{ config(alias='b', schema='s', tags='t') }}\nselect 1\n")]);
    let json = node(&manifest, "model.p.a").to_json();
    let expect = json!({
        "alias": "b", "schema": "main_s", "database": "w", "path": "x/a.sql",
        "original_file_path": "models/x/a.sql", "fqn": ["p", "x", "a"], "relation_name": "\"w\".\"main_s\".\"b\"",
        "tags": ["t"], "raw_code": "{{ config(alias='b', schema='s', tags='t') }}\nselect 1", "language": "sql",
        "unrendered_config": {"alias": "b", "schema": "s", "tags": "t"}, "access": "protected", "version": null,
    });
    for (key, value) in expect.as_object().unwrap() {
        assert_eq!(&json[key], value, "{key}");
    }
}

#[test]
fn snapshots_seeds_tests_and_hooks_are_nodes() {
    let manifest = manifest(&[
        ("dbt_project.yml", "name: p\nprofile: p\non-run-end: \"select '{{ ref('a') }}'\"\n"),
        ("models/a.sql", "select 1 as id"),
        ("seeds/s.csv", "id\n1\n"),
        ("tests/t.sql", "select * from {{ ref('a') }}"),
        ("analyses/q.sql", "select * from {{ ref('s') }}"),
        (
            "snapshots/h.sql",
            "{% snapshot one %}{{ config(strategy='check', check_cols='all', unique_key='id', target_schema='h') }}select * from {{ ref('a') }}{% endsnapshot %}",
        ),
        (
            "snapshots/y.yml",
            "snapshots: [{name: two, relation: \"ref('s')\", config: {strategy: timestamp, updated_at: t, unique_key: id}}]\n",
        ),
    ]);
    let ids: Vec<&str> = manifest.nodes.keys().map(|id| id.as_str()).collect();
    for id in [
        "model.p.a",
        "seed.p.s",
        "test.p.t",
        "analysis.p.q",
        "snapshot.p.one",
        "snapshot.p.two",
        "operation.p.p-on-run-end-0",
    ] {
        assert!(ids.contains(&id), "{id} is not among {ids:?}");
    }
    assert_eq!(node(&manifest, "snapshot.p.one").fqn, ["p", "h", "one"]);
    assert_eq!(node(&manifest, "snapshot.p.one").schema, "h");
    assert_eq!(node(&manifest, "snapshot.p.two").depends_on.nodes[0].as_str(), "seed.p.s");
    assert_eq!(node(&manifest, "operation.p.p-on-run-end-0").tags, ["on-run-end"]);
    assert_eq!(node(&manifest, "analysis.p.q").path, "analysis/q.sql");
}

#[test]
fn versions_share_a_name() {
    let yaml = "models:\n  - name: v\n    latest_version: 1\n    columns: [{name: a}, {name: b}]\n    versions:\n      \
                - {v: 1}\n      - {v: 2, defined_in: new, columns: [{include: all, exclude: [a]}]}\n";
    let manifest = manifest(&[
        ("models/v.sql", "select 1"),
        ("models/new.sql", "select 2"),
        ("models/r.sql", "select * from {{ ref('v') }}, {{ ref('v', v=2) }}"),
        ("models/s.yml", yaml),
    ]);
    let read: Vec<&str> =
        node(&manifest, "model.p.r").depends_on.nodes.iter().map(|id| id.as_str()).collect();
    assert_eq!(read, ["model.p.v.v1", "model.p.v.v2"]);
    let second = node(&manifest, "model.p.v.v2");
    assert_eq!((second.alias.as_str(), second.name.as_str()), ("v_v2", "v"));
    assert_eq!(second.columns.keys().collect::<Vec<_>>(), ["b"]);
    assert_eq!(second.fqn, ["p", "v", "v2"]);
}

#[test]
fn users_name_relations() {
    let manifest = manifest(&[
        (
            "macros/m.sql",
            "{% macro generate_schema_name(custom, node) %} {{ node.name }}_{{ custom or 'none' }} {% endmacro %}",
        ),
        ("models/a.sql", "select 1"),
        ("models/b.sql", "{{ config(schema='x') }}select 1"),
    ]);
    assert_eq!(node(&manifest, "model.p.a").schema, "a_none");
    assert_eq!(node(&manifest, "model.p.b").schema, "b_x");
}
