//! Tests that share a scan of their relation: what is told of each is what would be told of it alone.

use crate::harness::*;
use serde_json::Value as Json;

const YML: &str = "
models:
  - name: a
    columns:
      - name: id
        data_tests: [not_null, unique]
      - name: kind
        data_tests:
          - not_null
          - not_null: {name: lenient, config: {error_if: '> 5', warn_if: '> 5'}}
          - not_null: {name: warned, config: {severity: warn}}
          - not_null: {name: elsewhere, config: {where: 'id < 3'}}
          - accepted_values: {arguments: {values: [x, y]}}
          - accepted_values: {name: too_few, arguments: {values: [x]}}
      - name: n
        data_tests:
          - unique
          - positive: {name: nth_positive, config: {limit: 1}}
";

const POSITIVE: &str = "{% test positive(model, column_name) %}
with found as (select * from {{ model }})
select * from found where not ({{ column_name }} > 0)
{% endtest %}";

fn project(p: &Project) {
    let rows = "select 1 as id, 'x' as kind, 1 as n union all select 2, 'y', 1 union all select 3, null, -1";
    p.file("models/a.sql", &format!("{{{{ config(materialized='table') }}}} {rows}"));
    p.file("models/b.sql", "select id from {{ ref('a') }}");
    p.file("models/a.yml", YML);
    p.file("macros/positive.sql", POSITIVE);
}

/// What run_results.json says of each test, without times.
fn told(outcome: &Outcome) -> Vec<Json> {
    let mut told: Vec<Json> = outcome.results().iter().map(|result| (*result).clone()).collect();
    for result in &mut told {
        let fields = result.as_object_mut().unwrap();
        for key in ["timing", "execution_time", "thread_id"] {
            fields.remove(key);
        }
    }
    told.sort_by_key(|result| result["unique_id"].to_string());
    told
}

/// The lines of the console without times and numbers, in alphabetical order.
fn lines(outcome: &Outcome) -> Vec<String> {
    let text = |line: String| line.split_once(" of ").map_or(line.clone(), |(_, text)| text.to_string());
    let mut lines: Vec<String> = outcome.lines().into_iter().map(text).collect();
    lines.sort();
    lines
}

/// How often the debug log says that statements read the relation.
fn statements(p: &Project) -> usize {
    let log = p.text("logs/dbt.log");
    let last = log.rsplit("==========").next().unwrap_or_default();
    last.matches("answered by a scan").count()
}

#[test]
fn results_are_those_of_single_tests() {
    on_adapters(|p| {
        project(p);
        p.karat(["run", "--threads", "1"]).success();
        let outcome = p.karat(["test", "--no-fuse-tests", "--threads", "1"]);
        let alone = (told(&outcome), lines(&outcome));
        assert_eq!(statements(p), 0);
        // with more threads, another one may begin a test before it is claimed
        let fused = p.karat(["test", "--threads", "1"]);
        // DuckDB answers one by one as fast, but for counts of NULL.
        assert_eq!(statements(p), p.adapter.pick(2, 5));
        assert_eq!(alone, (told(&fused), lines(&fused)));
        assert_eq!(fused.results().len(), 10);
        fused.exit(1);
    });
}

#[test]
fn an_error_is_told_of_its_own_test_alone() {
    on_postgres(|p| {
        project(p);
        let columns = "[{name: id, data_tests: [not_null, unique]}, {name: kind, data_tests: [positive]}, \
                       {name: gone, data_tests: [not_null]}]";
        p.file("models/a.yml", &format!("models: [{{name: a, columns: {columns}}}]"));
        p.karat(["run"]).success();
        let outcome = p.karat(["test"]);
        outcome.exit(1);
        let status = |name: &str| {
            let results = outcome.results();
            let found = results.iter().find(|it| it["unique_id"].as_str().unwrap().contains(name)).unwrap();
            (found["status"].as_str().unwrap().to_string(), found["message"].to_string())
        };
        assert_eq!(status("not_null_a_id").0, "pass");
        assert_eq!(status("unique_a_id").0, "pass");
        assert_eq!(status("positive").0, "error");
        assert!(status("positive").1.contains("operator does not exist"));
        assert!(status("not_null_a_gone").1.contains("column \\\"gone\\\" does not exist"));
    });
}

#[test]
fn a_scan_that_fails_is_halved() {
    on_postgres(|p| {
        project(p);
        let good = |n: usize| format!("{{not_null: {{name: good_{n}}}}}");
        let good: Vec<_> = (0..7).map(good).collect();
        let columns = format!(
            "[{{name: id, data_tests: [{}]}}, {{name: gone, data_tests: [not_null]}}]",
            good.join(", ")
        );
        p.file("models/a.yml", &format!("models: [{{name: a, columns: {columns}}}]"));
        p.karat(["run"]).success();
        let outcome = p.karat(["test", "--threads", "1"]);
        let results = outcome.results();
        let count = |status: &str| results.iter().filter(|it| it["status"] == status).count();
        assert_eq!((count("pass"), count("error")), (7, 1));
        // a half, a quarter; the last one beside the fault is alone
        assert_eq!(statements(p), 6);
    });
}

#[test]
fn a_project_with_its_own_way_of_testing_keeps_it() {
    let own = "{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}
      select count(*) as failures, false as should_warn, count(*) > 7 as should_error from ({{ main_sql }}) q
    {% endmacro %}";
    on_postgres(|p| {
        project(p);
        p.file("macros/own.sql", own);
        p.karat(["build"]).success();
        assert_eq!(statements(p), 0);
    });
}

#[test]
fn children_wait_for_fused_tests_and_the_first_failure_ends_the_run() {
    on_postgres(|p| {
        project(p);
        let outcome = p.karat(["build"]);
        outcome.exit(1);
        let skipped: Vec<_> = outcome
            .results()
            .iter()
            .filter(|it| it["status"] == "skipped")
            .map(|it| it["unique_id"].clone())
            .collect();
        assert_eq!(skipped, ["model.shop.b"]);
        let outcome = p.karat(["build", "--fail-fast", "--threads", "1"]);
        outcome.exit(1);
        let results = outcome.results();
        let count = |status: &str| results.iter().filter(|it| it["status"] == status).count();
        assert_eq!(results.len(), 12);
        assert_eq!(count("fail"), 1);
        assert!(count("skipped") > 0);
    });
}
