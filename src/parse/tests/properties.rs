//! What property files say: columns, tests, sources, exposures, unit tests, docs.

use super::*;
use crate::manifest::NodeKind;
use serde_json::json;

const YAML: &str = r#"
models:
  - name: a
    description: "it is {{ doc('thing') }}"
    columns:
      - name: id
        quote: true
        tags: [c]
        config: {meta: {k: 1}}
        data_tests:
          - not_null
          - unique: {config: {where: "id > 0"}}
          - accepted_values: {arguments: {values: [1, 2]}}
          - relationships: {arguments: {to: ref('b'), field: id}, config: {severity: warn}}
sources:
  - name: raw
    schema: "{{ target.schema }}_raw"
    freshness: {warn_after: {count: 1, period: day}}
    tables:
      - {name: t, columns: [{name: id, data_tests: [unique]}], freshness: {error_after: {count: 2, period: day}}}
      - {name: u, freshness: null}
exposures:
  - {name: e, type: dashboard, owner: {name: me}, depends_on: ["ref('a')", "source('raw', 't')"]}
unit_tests:
  - name: ut
    model: a
    given: [{input: ref('b'), format: csv, rows: "x,y\n1,\n2,z"}]
    expect: {rows: [{id: 1}]}
"#;

fn project() -> Manifest {
    manifest(&[
        ("models/a.sql", "select * from {{ ref('b') }}"),
        ("models/b.sql", "select 1 as id"),
        ("models/d.md", "{% docs thing %} good {% enddocs %}"),
        ("models/s.yml", YAML),
    ])
}

#[test]
fn generic_tests_are_nodes() {
    let manifest = project();
    let test = node(&manifest, "test.p.relationships_a__id___id__ref_b_.edceae5511");
    let read: Vec<&str> = test.depends_on.nodes.iter().map(|id| id.as_str()).collect();
    assert_eq!(read, ["model.p.b", "model.p.a"]);
    assert_eq!(test.config.severity(), "warn");
    assert_eq!(test.tags, ["c"]);
    assert_eq!(
        test.raw_code,
        "{{ test_relationships(**_dbt_generic_test_kwargs) }}{{ config(severity=\"warn\") }}"
    );
    let NodeKind::GenericTest { column_name, attached_node, .. } = &test.kind else {
        panic!("no generic test")
    };
    assert_eq!(column_name.as_deref(), Some("\"id\""));
    assert_eq!(attached_node.as_ref().unwrap().as_str(), "model.p.a");
    let NodeKind::Model { primary_key, .. } = &node(&manifest, "model.p.a").kind else { panic!("no model") };
    assert_eq!(primary_key, &["\"id\""]);
}

#[test]
fn columns_and_descriptions() {
    let manifest = project();
    let model = node(&manifest, "model.p.a");
    assert_eq!(model.description, "it is good");
    assert_eq!(model.doc_blocks, ["doc.p.thing"]);
    assert_eq!(
        serde_json::to_value(&model.columns["id"].config).unwrap(),
        json!({"meta": {"k": 1}, "tags": ["c"]})
    );
}

#[test]
fn sources_inherit() {
    let manifest = project();
    let [t, u] = ["source.p.raw.t", "source.p.raw.u"].map(|id| manifest.sources[id].clone());
    assert_eq!(
        (t.schema.as_str(), t.unrendered_schema.as_deref()),
        ("main_raw", Some("{{ target.schema }}_raw"))
    );
    assert_eq!(t.relation_name.as_deref(), Some("\"w\".\"main_raw\".\"t\""));
    let freshness = t.freshness.as_ref().unwrap();
    assert_eq!(freshness.warn_after, Some(json!({"count": 1, "period": "day"})));
    assert_eq!(freshness.error_after, Some(json!({"count": 2, "period": "day"})));
    assert_eq!(u.freshness, None);
}

#[test]
fn exposures_and_unit_tests_know_what_they_read() {
    let manifest = project();
    let ids = |ids: &[crate::manifest::UniqueId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(ids(&manifest.exposures["exposure.p.e"].depends_on.nodes), ["source.p.raw.t", "model.p.a"]);
    let test = &manifest.unit_tests["unit_test.p.a.ut"];
    assert_eq!(ids(&test.depends_on.nodes), ["model.p.a"]);
    assert_eq!(test.given[0].rows, Some(json!([{"x": "2", "y": "z"}, {"x": "1", "y": null}])));
}

#[test]
fn slips_of_the_pen_are_told() {
    let told = warnings(&[
        ("models/a.sql", "select 1"),
        ("models/s.yml", "models:\n  - name: a\n    colums: []\n    my_own_key: 1\n"),
    ]);
    assert_eq!(
        told,
        ["CustomKeyInObjectDeprecation: a model has no key `colums`; it is ignored (models/s.yml:3:5)"]
    );
}
