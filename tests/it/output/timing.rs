//! `--timing`, and the durations that one run remembers for the next.

use crate::harness::*;

fn project(p: &Project) {
    // By far the longest, however busy the machine is.
    let long = p.adapter.pick(
        "select count(*) as id from range(20000) a, range(8000) b where a.range + b.range > 0",
        "select 1 as id, pg_sleep(1)::text as slept",
    );
    p.file("models/a.sql", &format!("{{{{ config(materialized='table') }}}} {long}"));
    p.file("models/b.sql", "select * from {{ ref('a') }}");
    p.file("models/z.sql", "select 2 as id");
    p.file("models/b.yml", "models: [{name: b, columns: [{name: id, data_tests: [not_null, unique]}]}]");
}

#[test]
fn where_the_time_went_is_told_if_asked() {
    on_adapters(|p| {
        project(p);
        p.karat(["build"]).success().stdout_lacks("Where the time went");
        let outcome = p.karat(["build", "--timing"]);
        outcome.success().stdout_has(" for 5 nodes on ").stdout_has("Busy share of each thread");
        let text = outcome.stdout();
        let path = text.split("Critical path: ").nth(1).and_then(|text| text.split("Busy").next()).unwrap();
        let at = |name: &str| path.find(name).unwrap_or_else(|| panic!("{name} is not in {path}"));
        assert!(at("model a") < at("model b") && at("model b") < at("_b_id"), "{path}");
        assert!(!path.contains("model z"), "{path}");
        let chart = text.split("Slowest nodes").nth(1).unwrap();
        assert!(chart.contains("model z") && chart.matches('█').count() >= 5, "{chart}");
        p.karat(["build", "--debug"]).success().stdout_has("Where the time went");
        p.karat(["test", "--timing", "--select", "z"]).success().stdout_lacks("Where the time went");
    });
}

#[test]
fn what_took_longest_behind_it_goes_first_in_the_next_run() {
    on_adapters(|p| {
        project(p);
        let first = |outcome: &Outcome| {
            let lines = outcome.lines();
            lines.iter().find(|line| line.contains("1 of 3 START")).unwrap().clone()
        };
        let one_by_one = ["run", "--threads", "1"];
        assert!(first(p.karat(one_by_one).success()).contains("analytics.a"));
        assert!(p.text("target/karat_durations.json").contains("model.shop.z"));
        p.file(
            "target/karat_durations.json",
            r#"{"model.shop.a": 0.1, "model.shop.b": 0.1, "model.shop.z": 9}"#,
        );
        assert!(first(p.karat(one_by_one).success()).contains("analytics.z"));
        let known: serde_json::Value = serde_json::from_str(&p.text("target/karat_durations.json")).unwrap();
        assert!(known["model.shop.z"].as_f64().unwrap() < 9.0, "what was measured replaces what was known");
        p.file("target/karat_durations.json", "{\"model.shop.z\": 9");
        assert!(first(p.karat(one_by_one).success()).contains("analytics.a"));
    });
}
