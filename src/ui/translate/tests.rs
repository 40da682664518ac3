//! Every kind of line, beside what dbt Core 1.11 writes for it.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::error::Error;
use crate::event::{NodeInfo, NodeRelation};
use crate::manifest::{NodeStatus, ResourceType, RunResult, UniqueId};
use crate::ui::style::{plain, resolve};
use std::sync::Arc;

const WORDING: Wording = Wording { width: 80, print: true, quiet: false, event_names: false };

fn node(kind: ResourceType, name: &str) -> Arc<NodeInfo> {
    Arc::new(NodeInfo {
        unique_id: UniqueId::new(kind, "shop", name),
        name: name.into(),
        resource_type: kind,
        materialized: "view".into(),
        path: format!("models/{name}.sql"),
        node_path: format!("{name}.sql"),
        checksum: "abc".into(),
        store_failures: false,
        relation: NodeRelation {
            database: "db".into(),
            schema: "main".into(),
            alias: name.into(),
            rendered: format!("\"db\".\"main\".\"{name}\""),
        },
        meta: Map::new(),
        group: None,
        attached_node: None,
        started_at: None,
    })
}

fn result(status: NodeStatus, message: Option<&str>, failures: Option<i64>) -> RunResult {
    RunResult {
        unique_id: "model.shop.x".into(),
        status,
        timing: Vec::new(),
        thread_id: "Thread-1 (worker)".into(),
        execution_time: 0.06,
        adapter_response: Map::new(),
        message: message.map(str::to_string),
        failures,
        compiled: Some(true),
        compiled_code: None,
        compiled_path: Some(format!("target/compiled/{}.sql", status.as_str())),
        relation_name: None,
        batch_results: None,
    }
}

fn finished(kind: ResourceType, description: &str, result: RunResult) -> Event {
    let name = description.rsplit([' ', '.']).next().unwrap();
    Event::NodeFinished {
        node: node(kind, name),
        index: 2,
        total: 15,
        description: description.into(),
        result: Box::new(result),
        error: None,
        skipped_for: None,
    }
}

/// The text of an event's messages down to info level, one string, without colours.
fn lines(event: &Event) -> String {
    let all = messages(event, &WORDING);
    let shown = all.iter().filter(|m| m.level > Level::Debug).map(|m| plain(&m.text));
    shown.collect::<Vec<_>>().join("\n")
}

fn check(event: Event, expect: &str) {
    assert_eq!(lines(&event), expect);
}

#[test]
fn the_head_of_a_run() {
    check(Event::Started { command: "build".into(), args: Map::new() }, "Running with dbt=1.11.16");
    let adapter = Event::AdapterRegistered { name: "duckdb".into(), version: "1.11.1".into() };
    check(adapter, "Registered adapter: duckdb=1.11.1");
    let counts = vec![(ResourceType::Model, 6), (ResourceType::Snapshot, 1), (ResourceType::Test, 6)];
    check(Event::Found { counts }, "Found 6 models, 1 snapshot, 6 data tests");
    let concurrency = Event::Concurrency { threads: 2, target: "dev".into(), total: 13 };
    check(concurrency, "\nConcurrency: 2 threads (target='dev')\n");
    check(Event::NothingToDo, "Nothing to do. Try checking your model configs and model specification args");
}

#[test]
fn the_lines_of_nodes() {
    use NodeStatus::*;
    use ResourceType::*;
    let start = |kind, text: &str| Event::NodeStarted {
        node: node(kind, "a"),
        index: 1,
        total: 15,
        description: text.into(),
    };
    check(
        start(Model, "sql view model main.a"),
        "1 of 15 START sql view model main.a ............................................ [RUN]",
    );
    let rows = [
        (
            finished(Model, "sql view model main.a", result(Success, Some("OK"), None)),
            "2 of 15 OK created sql view model main.a ....................................... [OK in 0.06s]",
        ),
        (
            finished(Model, "sql view model main.c_err", result(Error, Some("Runtime Error"), None)),
            "2 of 15 ERROR creating sql view model main.c_err ............................... [ERROR in 0.06s]",
        ),
        (
            finished(Seed, "seed file main.s", result(Success, Some("INSERT 2"), None)),
            "2 of 15 OK loaded seed file main.s ............................................. [INSERT 2 in 0.06s]",
        ),
        (
            finished(Snapshot, "snapshot main_snaps.snap", result(Success, Some("OK"), None)),
            "2 of 15 OK snapshotted main_snaps.snap ......................................... [OK in 0.06s]",
        ),
        (
            finished(Test, "test not_null_a_id", result(Pass, None, Some(0))),
            "2 of 15 PASS not_null_a_id ..................................................... [PASS in 0.06s]",
        ),
        (
            finished(Test, "test unique_a_id", result(Fail, None, Some(1))),
            "2 of 15 FAIL 1 unique_a_id ..................................................... [FAIL 1 in 0.06s]",
        ),
        (
            finished(Test, "test warn_uniq", result(Warn, None, Some(1))),
            "2 of 15 WARN 1 warn_uniq ....................................................... [WARN 1 in 0.06s]",
        ),
        (
            finished(UnitTest, "unit_test b::ut_ok", result(Error, None, None)),
            "2 of 15 ERROR b::ut_ok ......................................................... [ERROR in 0.06s]",
        ),
        (
            finished(Model, "sql table model main.d_skip", result(Skipped, None, None)),
            "2 of 15 SKIP relation main.d_skip .............................................. [SKIP]",
        ),
        (
            finished(UnitTest, "unit_test ut_bad", result(Skipped, None, None)),
            "2 of 15 SKIP unit_test ut_bad .................................................. [SKIP]",
        ),
        (
            finished(
                Model,
                "sql microbatch model main.m",
                result(PartialSuccess, Some("PARTIAL SUCCESS (2/3)"), None),
            ),
            "2 of 15 PARTIALLY created sql microbatch model main.m .......................... [PARTIAL SUCCESS (2/3) in 0.06s]",
        ),
    ];
    for (event, expect) in rows {
        check(event, expect);
    }
    let long = lines(&start(Model, &format!("sql view model main.{}", "x".repeat(80))));
    assert!(long.ends_with("xxx  [RUN]"), "{long}");
}

#[test]
fn the_lines_of_hooks() {
    let hook = node(ResourceType::Operation, "shop-on-run-start-0");
    let start = Event::HookStarted { node: hook, index: 1, total: 1 };
    check(start, "1 of 1 START hook: shop.on-run-start.0 ......................................... [RUN]");
    let end = |name| Event::HookFinished {
        node: node(ResourceType::Operation, name),
        index: 1,
        total: 1,
        status: "OK".into(),
        execution_time: 0.01,
        outcome: NodeStatus::Success,
    };
    let dots = "............................................";
    check(end("shop-on-run-start-0"), &format!("1 of 1 OK hook: shop.on-run-start.0 {dots} [OK in 0.01s]\n"));
    check(end("shop-on-run-end-0"), &format!("1 of 1 OK hook: shop.on-run-end.0 {dots}.. [OK in 0.01s]"));
}

#[test]
fn the_end_of_a_run() {
    use NodeStatus::*;
    let counts = vec![("view model".into(), 3), ("data test".into(), 6), ("seed".into(), 1)];
    check(
        Event::RunFinished { counts, elapsed: 3723.349 },
        "\nFinished running 1 seed, 6 data tests, 3 view models in 1 hours 2 minutes and 3.35 seconds (3723.35s).",
    );
    let fault = "Database Error in model c (models/c.sql)\n  no such table";
    let results = vec![
        (node(ResourceType::Model, "a"), result(Success, Some("OK"), None), None),
        (node(ResourceType::Model, "c"), result(Error, Some(fault), None), None),
        (
            node(ResourceType::Test, "t"),
            result(Fail, Some("Got 2 results, configured to fail if != 0"), None),
            None,
        ),
        (
            node(ResourceType::Test, "w"),
            result(Warn, Some("Got 1 result, configured to warn if != 0"), None),
            None,
        ),
        (node(ResourceType::Model, "d"), result(Skipped, None, None), None),
    ];
    check(
        Event::Summary { results: results.clone(), interrupted: false },
        "
Completed with 2 errors, 0 partial successes, and 1 warning:

Failure in model c (models/c.sql)
  Database Error in model c (models/c.sql)
  no such table

  compiled code at target/compiled/error.sql

Failure in test t (models/t.sql)
  Got 2 results, configured to fail if != 0

  compiled code at target/compiled/fail.sql

Warning in test w (models/w.sql)
Got 1 result, configured to warn if != 0

  compiled code at target/compiled/warn.sql

Done. PASS=1 WARN=1 ERROR=2 SKIP=1 NO-OP=0 TOTAL=5",
    );
    check(
        Event::Summary { results: results[..1].to_vec(), interrupted: false },
        "\nCompleted successfully\n\nDone. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=1",
    );
    let stopped = Event::Summary { results: Vec::new(), interrupted: true };
    assert!(lines(&stopped).starts_with("\nExited because of keyboard interrupt\n"));
    let red = resolve(&messages(&Event::Summary { results, interrupted: false }, &WORDING)[1].text, true);
    assert_eq!(red, "\x1b[31mCompleted with 2 errors, 0 partial successes, and 1 warning:\x1b[0m");
}

#[test]
fn stored_failures_are_pointed_at() {
    let mut test = (*node(ResourceType::Test, "t")).clone();
    test.store_failures = true;
    let mut found = result(NodeStatus::Fail, Some("Got 1 result, configured to fail if != 0"), Some(1));
    found.relation_name = Some("\"db\".\"audit\".\"t\"".into());
    let text = lines(&Event::Summary { results: vec![(Arc::new(test), found, None)], interrupted: false });
    let rule = "-".repeat(30);
    let expect = format!("  See test failures:\n  {rule}\n  select * from \"db\".\"audit\".\"t\"\n  {rule}");
    assert!(text.contains(&expect), "{text}");
}

#[test]
fn warnings_and_faults() {
    let warn = |name, text: &str| Event::Warning { name, error: Error::compilation(text) };
    check(warn("JinjaLogWarning", "careful"), "careful");
    check(warn("NoNodeForYamlKey", "no node"), "[WARNING]: no node");
    check(
        warn(
            "MissingPlusPrefixDeprecation",
            "a text that is longer than what fits into the width of one line of eighty",
        ),
        "[WARNING][MissingPlusPrefixDeprecation]: Deprecated functionality
a text that is longer than what fits into the width of one line of eighty",
    );
    let error =
        Error::compilation("model `b` depends on `a`, which was not found").about("model b (models/b.sql)");
    check(
        Event::Failed { error },
        "Encountered an error:\nCompilation Error in model b (models/b.sql)\n  model `b` depends on `a`, which was not found",
    );
}

#[test]
fn what_the_command_is_for_is_bare() {
    let sql = "select 1".to_string();
    let compiled = Event::Compiled { name: Some("a".into()), sql: sql.clone(), json: false };
    check(compiled.clone(), "Compiled node 'a' is:\nselect 1");
    assert!(messages(&compiled, &WORDING)[0].bare);
    check(Event::Compiled { name: None, sql, json: true }, "{\n  \"compiled\": \"select 1\"\n}");
    let table = Arc::new(crate::adapter::Table::default());
    let shown = Event::Shown { name: None, table, json: true };
    check(shown, "{\n  \"show\": []\n}");
    let silent = Wording { print: false, ..WORDING };
    assert!(messages(&Event::Print { message: "x".into() }, &silent).is_empty());
    assert_eq!(messages(&Event::Output { text: "x".into() }, &silent).len(), 1);
}

#[test]
fn json_has_dbts_names_codes_and_fields() {
    let fail = result(NodeStatus::Fail, Some("Got 1 result"), Some(1));
    let all = messages(&finished(ResourceType::Test, "test unique_a_id", fail), &WORDING);
    let got = (all[0].name, all[0].code(), all[0].level.as_str());
    assert_eq!(got, ("LogTestResult", "Q007", "error"));
    let mut keys: Vec<&String> = all[0].data.keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        ["execution_time", "index", "name", "node_info", "num_failures", "num_models", "status"]
    );
    let info = &all[0].data["node_info"];
    assert_eq!(info["unique_id"], "test.shop.unique_a_id");
    assert_eq!(info["node_relation"]["relation_name"], "\"db\".\"main\".\"unique_a_id\"");
    assert_eq!((all[1].name, all[1].code()), ("NodeFinished", "Q025"));
    let seed = result(NodeStatus::Success, Some("INSERT 2"), None);
    let seed = messages(&finished(ResourceType::Seed, "seed file main.s", seed), &WORDING);
    assert_eq!((seed[0].code(), &seed[0].data["result_message"]), ("Q016", &json!("INSERT 2")));
}

#[test]
fn codes_are_sorted() {
    let rows = [("AdapterRegistered", "E034"), ("LogModelResult", "Q012"), ("StatsLine", "Z023")];
    for (name, code) in rows {
        assert_eq!(code_of(name), code);
    }
    assert_eq!(code_of("NoSuchEvent"), "Z050");
}
