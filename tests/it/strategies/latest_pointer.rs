//! `latest_version_pointer` (dbt 1.12): a view on the latest version of a model.

use crate::harness::*;

fn two(p: &Project, more: &str) {
    p.file("models/m_v1.sql", "select 1 as id, 'x' as old")
        .file("models/other.sql", "select 2 as id, 'y' as new");
    p.file(
        "models/m.yml",
        &format!(
            "models:
  - name: m
    latest_version: 1
    description: told
    columns: [{{name: id, data_tests: [unique]}}, {{name: old}}]
    {more}
    versions:
      - v: 1
      - {{v: 2, defined_in: other, description: two, columns: [{{include: all, exclude: [old]}}, {{name: new}}], config: {{materialized: table, tags: [two]}}}}
"
        ),
    );
}

#[test]
fn the_latest_version_has_a_pointer_where_asked() {
    on_adapters(|p| {
        two(p, "config: {latest_version_pointer: {enabled: true}}");
        p.karat(["build"]).success();
        assert_eq!(p.value("select id from analytics.m"), "1");
        let text = p.text("models/m.yml").replace("latest_version: 1", "latest_version: 2");
        p.file("models/m.yml", &text);
        p.karat(["build"]).success();
        assert_eq!(p.value("select id from analytics.m"), "2");
    });
}
