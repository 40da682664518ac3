//! Versions of a model: names, refs, the latest one, selection.

use crate::harness::*;

fn stage(p: &Project, more: &str) {
    p.file("models/m_v1.sql", "select 1 as id, 'old' as v");
    p.file("models/m_v2.sql", "select 2 as id");
    p.file(
        "models/m.yml",
        &format!(
            "models:\n  - name: m\n    latest_version: 2\n    columns: [{{name: id, data_tests: [not_null]}}, {{name: v}}]\n    \
             versions:\n      - v: 1\n      - v: 2\n        columns: [{{include: all, exclude: [v]}}]\n{more}"
        ),
    );
}

#[test]
fn a_ref_without_a_version_means_the_latest() {
    on_adapters(|p| {
        stage(p, "");
        p.file("models/u.sql", "select id from {{ ref('m') }}");
        p.file("models/u1.sql", "select id from {{ ref('m', v=1) }}");
        p.file("models/u2.sql", "select id from {{ ref('m', version=2) }}");
        p.karat(["build"]).success();
        let rows = ["u", "u1", "u2"].map(|m| p.value(&format!("select id from analytics.{m}")));
        assert_eq!(rows, ["2", "1", "2"]);
        let relations = p.relations();
        for name in ["analytics.m_v1 view", "analytics.m_v2 view"] {
            assert!(relations.contains(&name.to_string()), "{relations:?}");
        }
    });
}

#[test]
fn without_latest_version_the_greatest_is_the_latest() {
    on_adapters(|p| {
        p.file("models/m_v1.sql", "select 1 as id").file("models/m_v10.sql", "select 10 as id");
        p.file("models/m.yml", "models:\n  - name: m\n    versions: [{v: 1}, {v: 10}]\n");
        p.file("models/u.sql", "select id from {{ ref('m') }}");
        p.karat(["run"]).success();
        assert_eq!(p.value("select id from analytics.u"), "10");
    });
}

#[test]
fn a_version_may_stand_in_a_file_of_its_own_name_and_have_an_alias() {
    on_adapters(|p| {
        p.file("models/m_v1.sql", "select 1 as id").file("models/better.sql", "select 2 as id");
        p.file(
            "models/m.yml",
            "models:\n  - name: m\n    versions:\n      - v: 1\n      - {v: 2, defined_in: better, config: {alias: m}}\n",
        );
        p.karat(["run"]).success();
        assert_eq!(p.relations(), ["analytics.m view", "analytics.m_v1 view"]);
    });
}

#[test]
fn versions_are_selected() {
    on_adapters(|p| {
        stage(p, "");
        let listed = |select: &str| p.listed(["--resource-type", "model", "--select", select]);
        assert_eq!(listed("m"), ["shop.m.v1", "shop.m.v2"]);
        assert_eq!(listed("m.v1"), ["shop.m.v1"]);
        assert_eq!(listed("version:latest"), ["shop.m.v2"]);
        assert_eq!(listed("version:old"), ["shop.m.v1"]);
    });
}

#[test]
fn each_version_has_its_tests() {
    on_adapters(|p| {
        stage(p, "");
        p.karat(["build"]).success().statuses([
            "m.v1 success",
            "m.v2 success",
            "test not_null_m_v1_id pass",
            "test not_null_m_v2_id pass",
        ]);
    });
}

#[test]
fn an_unknown_version_is_refused() {
    on_adapters(|p| {
        stage(p, "");
        p.file("models/u.sql", "select id from {{ ref('m', v=3) }}");
        p.karat(["run"]).exit(2).stdout_has("version '3'");
    });
}

#[test]
fn a_passed_deprecation_date_is_a_warning() {
    on_adapters(|p| {
        p.file("models/m_v1.sql", "select 1 as id").file("models/m_v2.sql", "select 2 as id");
        p.file(
            "models/m.yml",
            "models:\n  - name: m\n    versions: [{v: 1, deprecation_date: 2020-01-01}, {v: 2}]\n",
        );
        p.file("models/u.sql", "select id from {{ ref('m', v=1) }}");
        p.karat(["run"]).success().stdout_has("deprecat");
        p.karat(["--warn-error", "run"]).exit(2).stdout_has("deprecat");
    });
}
