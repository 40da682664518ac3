//! What is described without being built: exposures, groups, analyses, macros, docs blocks.

use crate::harness::*;
use serde_json::json;

#[test]
fn exposures_say_what_they_show() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "models/p.yml",
            "exposures:
  - name: board
    type: dashboard
    owner: {name: Ada, email: ada@example.org}
    label: The board
    maturity: high
    url: https://example.org
    description: all of it
    depends_on: [ref('a'), \"source('raw', 't')\"]
    tags: [t]
    meta: {m: 1}
    config: {enabled: true}
  - {name: closed, type: notebook, owner: {email: a@b.c}, config: {enabled: false}}
sources: [{name: raw, tables: [{name: t}]}]
",
        );
        let built = p.karat(["build"]);
        let manifest = built.success().manifest();
        let board = &manifest["exposures"]["exposure.shop.board"];
        for (key, value) in [
            ("type", json!("dashboard")),
            ("label", json!("The board")),
            ("maturity", json!("high")),
            ("url", json!("https://example.org")),
            ("tags", json!(["t"])),
            ("meta", json!({"m": 1})),
            ("owner", json!({"email": "ada@example.org", "name": "Ada"})),
            ("refs", json!([{"name": "a", "package": null, "version": null}])),
            ("sources", json!([["raw", "t"]])),
        ] {
            assert_eq!(board[key], value, "{key}");
        }
        assert!(manifest["disabled"]["exposure.shop.closed"].is_array());
        assert_eq!(built.result("exposure.shop.board")["status"], "no-op");
        p.karat(["ls", "-q", "--select", "+exposure:board", "--resource-type", "model"]).stdout_is("shop.a");
    });
}

#[test]
fn a_group_has_an_owner_and_private_members() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select * from {{ ref('a') }}");
        p.file(
            "models/p.yml",
            "groups: [{name: g, description: told, owner: {name: Ada, email: a@b.c, slack: ada}, config: {meta: {k: 1}}}]
models: [{name: a, config: {group: g, access: private}}, {name: b, config: {group: g}}]
",
        );
        let manifest = p.karat(["build"]).success().manifest();
        assert_eq!(manifest["groups"]["group.shop.g"]["owner"]["slack"], "ada");
        assert_eq!(manifest["groups"]["group.shop.g"]["config"]["meta"], json!({"k": 1}));
        assert_eq!(manifest["group_map"]["g"], json!(["model.shop.a", "model.shop.b"]));
        p.file("models/p.yml", &p.text("models/p.yml").replace("{name: b, config: {group: g}}", "{name: b}"));
        p.karat(["parse"]).exit(2).stdout_has("private").stdout_has("models/b.sql:1");
    });
}

#[test]
fn analyses_and_macros_are_described() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("analyses/q.sql", "select * from {{ ref('a') }}");
        p.file("macros/m.sql", "{% macro m(x, y=1) %}{{ x }}{% endmacro %}");
        p.file("docs.md", "").file(
            "models/d.md",
            "{% docs d %}\nA *text*\n{% enddocs %}{% docs __overview__ %}over{% enddocs %}",
        );
        p.file(
            "models/p.yml",
            "analyses: [{name: q, description: why, columns: [{name: id, description: key}], config: {tags: [an], enabled: true}}]
macros: [{name: m, description: \"{{ doc('shop', 'd') }}\", docs: {show: false}, meta: {k: 1}, arguments: [{name: x, type: string, description: first}]}]
",
        );
        let manifest = p.karat(["compile"]).success().manifest();
        let q = &manifest["nodes"]["analysis.shop.q"];
        assert_eq!(
            (&q["description"], &q["tags"], &q["columns"]["id"]["description"]),
            (&json!("why"), &json!(["an"]), &json!("key"))
        );
        assert!(p.text("target/compiled/shop/analyses/q.sql").contains("analytics"));
        let m = &manifest["macros"]["macro.shop.m"];
        assert_eq!(
            (&m["description"], &m["docs"]["show"], &m["meta"]),
            (&json!("A *text*"), &json!(false), &json!({"k": 1}))
        );
        assert_eq!(m["arguments"][0]["description"], "first");
        assert_eq!(manifest["docs"]["doc.shop.__overview__"]["block_contents"], "over");
    });
}

#[test]
fn what_has_no_keys_of_the_users_own_refuses_them() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        for (entry, told) in [
            (
                "exposures: [{name: e, type: ml, owner: {name: o}, labl: L}]",
                "the exposure `e` has no key `labl`",
            ),
            ("groups: [{name: g, owner: {name: o}, meta: {k: 1}}]", "the group `g` has no key `meta`"),
            (
                "unit_tests: [{name: u, model: a, given: [], expect: {rows: []}, tags: [x]}]",
                "the unit_test `u` has no key `tags`",
            ),
            (
                "metrics: [{name: mm, label: M, type: simple, type_params: {measure: x}, own: 1}]",
                "metrics has no key `own`",
            ),
            ("saved_queries: [{name: qq, query_params: {metric: [mm]}}]", "did you mean `metrics`?"),
            (
                "semantic_models: [{name: sm, model: ref('a'), entities: [{name: e, typ: primary}]}]",
                "did you mean `type`?",
            ),
        ] {
            p.file("models/p.yml", entry);
            p.karat(["parse"]).exit(2).stdout_has(told).stdout_has("models/p.yml:1");
        }
    });
}
