//! The recipe for pull requests, run as the README writes it.

use crate::harness::*;

const README: &str = include_str!("../../../README.md");

/// The script between the marks, without its fence.
fn recipe() -> String {
    let (_, rest) = README.split_once("<!-- pull request: begin -->\n```sh\n").unwrap();
    rest.split_once("```\n<!-- pull request: end -->").unwrap().0.to_string()
}

/// A project that has been built for production, whose artifacts lie in `prod/`.
fn build_in_production(p: &Project) {
    let outputs = format!("    prod:\n{}    ci:\n{}", p.output("analytics"), p.output("analytics_ci"));
    p.file("profiles.yml", &format!("shop:\n  target: prod\n  outputs:\n{outputs}"))
        .file("models/untouched.sql", "select 1 as id")
        .file("models/changed.sql", "select id from {{ ref('untouched') }}")
        .file("models/reader.sql", "select id from {{ ref('changed') }}")
        .file("models/other.sql", "select 2 as id")
        .file(
            "models/schema.yml",
            "models:\n  - name: changed\n    columns:\n      - name: id\n        data_tests: [not_null]\n",
        );
    p.karat(["build"]).success();
    p.file("prod/manifest.json", &p.text("target/manifest.json"));
}

#[test]
fn the_recipe_builds_what_changed_and_defers_the_rest() {
    on_adapters(|p| {
        build_in_production(p);
        p.file("models/changed.sql", "select id, 'new' as name from {{ ref('untouched') }}");
        let outcome = p.shell(&recipe());
        outcome.success();
        for line in ["shop.changed", "shop.reader", "shop.not_null_changed_id"] {
            outcome.prints(line);
        }
        outcome.stdout_has("installed:").stdout_lacks("shop.untouched").stdout_lacks("shop.other");
        outcome.stdout_has("PASS=3 WARN=0 ERROR=0 SKIP=0");
        let built: Vec<String> =
            p.relations().into_iter().filter(|name| name.starts_with("analytics_ci.")).collect();
        assert_eq!(built, ["analytics_ci.changed view", "analytics_ci.reader view"]);
    });
}

#[test]
fn the_recipe_tries_again_what_failed() {
    on_adapters(|p| {
        build_in_production(p);
        p.configure("on-run-end: \"create table if not exists {{ target.schema }}.late as select 1 as id\"")
            .file("models/changed.sql", "select id from {{ target.schema }}.late");
        let outcome = p.shell(&recipe());
        outcome.success().stdout_has("Completed with 1 error").stdout_has("Completed successfully");
        let again = outcome.run_results();
        let ran: Vec<&str> =
            again["results"].as_array().unwrap().iter().filter_map(|r| r["unique_id"].as_str()).collect();
        assert!(ran.contains(&"model.shop.changed") && ran.contains(&"model.shop.reader"), "{ran:?}");
        p.file("models/changed.sql", "select nothing from nowhere");
        p.shell(&recipe()).exit(1);
    });
}
