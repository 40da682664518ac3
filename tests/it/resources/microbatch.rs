//! Microbatch models: one statement a batch, each with its part of the inputs.

use crate::harness::*;

const EVENTS: &str = "{{ config(materialized='table', event_time='happened') }}
select 1 as id, cast('2024-01-01 10:00:00' as timestamp) as happened
union all select 2, cast('2024-01-02 11:00:00' as timestamp)
union all select 3, cast('2024-01-03 12:00:00' as timestamp)";

fn stage(p: &Project, config: &str, more: &str) {
    // PostgreSQL merges by the key, DuckDB replaces what lies in the batch's time
    let key = p.adapter.pick("", ", unique_key='id'");
    p.file("models/events.sql", EVENTS);
    p.file(
        "models/m.sql",
        &format!(
            "{{{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', \
             batch_size='day', begin='2024-01-01'{key}{config}) }}}}\nselect id, happened{more} from {{{{ ref('events') }}}}"
        ),
    );
}

/// A run over the three days of events.
fn three_days(p: &Project) -> Outcome {
    p.karat(["run", "--event-time-start", "2024-01-01", "--event-time-end", "2024-01-04"])
}

fn ids(p: &Project) -> Vec<String> {
    p.column("select cast(id as varchar) as n from analytics.m order by 1")
}

#[test]
fn a_batch_reads_its_day_alone() {
    on_adapters(|p| {
        // rows of other batches would show here as greater counts
        stage(p, "", ", (select count(*) from {{ ref('events') }}) as seen");
        three_days(p).success();
        assert_eq!(ids(p), ["1", "2", "3"]);
        assert_eq!(p.column("select seen from analytics.m"), ["1", "1", "1"]);
    });
}

#[test]
fn batches_stand_in_the_result() {
    on_adapters(|p| {
        stage(p, "", "");
        let outcome = three_days(p);
        outcome.success().stdout_has("batch 2024-01-02");
        let batches = &outcome.result("m")["batch_results"];
        let days: Vec<&str> =
            batches["successful"].as_array().unwrap().iter().filter_map(|b| b[0].as_str()).collect();
        assert_eq!(days.len(), 3);
        assert!(days[0].starts_with("2024-01-01"));
        assert_eq!(batches["failed"].as_array().map(Vec::len), Some(0));
    });
}

#[test]
fn a_window_replaces_its_days_alone() {
    on_adapters(|p| {
        stage(p, "", "");
        three_days(p).success();
        p.file(
            "models/events.sql",
            &EVENTS.replace("select 2,", "select 20,").replace("select 3,", "select 30,"),
        );
        p.karat(["run", "--event-time-start", "2024-01-02", "--event-time-end", "2024-01-03"]).success();
        let expect: &[&str] = p.adapter.pick(&["1", "20", "3"], &["1", "2", "20", "3"]);
        assert_eq!(ids(p), expect);
    });
}

#[test]
fn an_input_may_be_read_whole() {
    on_adapters(|p| {
        stage(p, "", ", (select count(*) from {{ ref('events').render() }}) as seen");
        three_days(p).success();
        assert_eq!(p.column("select seen from analytics.m"), ["3", "3", "3"]);
    });
}

#[test]
fn batches_may_go_side_by_side_or_in_turn() {
    for config in [", concurrent_batches=true", ", concurrent_batches=false"] {
        on_adapters(|p| {
            stage(p, config, "");
            three_days(p).success();
            assert_eq!(ids(p), ["1", "2", "3"]);
        });
    }
}

/// The batch of the second day fails until the file of events is mended.
fn second_day_fails(p: &Project) -> Outcome {
    stage(p, "", ", 1 / (id - 2) as r");
    if p.adapter == Adapter::DuckDb {
        stage(p, "", ", case when id = 2 then error('no') end as r");
    }
    three_days(p)
}

#[test]
fn a_failed_batch_leaves_the_others() {
    on_adapters(|p| {
        let outcome = second_day_fails(p);
        outcome.exit(1).stdout_has("PARTIAL SUCCESS (2/3)");
        assert_eq!(outcome.result("m")["status"], "partial success");
        assert_eq!(ids(p), ["1", "3"]);
    });
}

#[test]
fn a_retry_runs_the_failed_batch_alone() {
    on_adapters(|p| {
        second_day_fails(p).exit(1);
        stage(p, "", ", 0 as r");
        let outcome = p.karat(["retry"]);
        outcome.success().stdout_has("batch 2024-01-02").stdout_lacks("batch 2024-01-01");
        assert_eq!(ids(p), ["1", "2", "3"]);
    });
}

#[test]
fn what_a_microbatch_model_needs_is_told() {
    on_adapters(|p| {
        p.file("models/events.sql", EVENTS);
        for (config, word) in [
            ("batch_size='day', begin='2024-01-01'", "event_time"),
            ("event_time='happened', begin='2024-01-01'", "batch_size"),
            ("event_time='happened', batch_size='day'", "begin"),
        ] {
            p.file(
                "models/m.sql",
                &format!(
                    "{{{{ config(materialized='incremental', incremental_strategy='microbatch', {config}) }}}} \
                     select id, happened from {{{{ ref('events') }}}}"
                ),
            );
            let outcome = p.karat(["run"]);
            assert_ne!(outcome.code(), Some(0), "{config}");
            outcome.stdout_has(word);
        }
    });
}

#[test]
fn the_window_needs_both_ends_in_order() {
    on_adapters(|p| {
        stage(p, "", "");
        p.karat(["run", "--event-time-start", "2024-01-01"]).exit(2);
        p.karat(["run", "--event-time-start", "2024-01-03", "--event-time-end", "2024-01-02"]).exit(2);
    });
}

#[test]
fn a_flag_makes_every_warning_an_error() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id, current_timestamp as at");
        p.file(
            "models/b.sql",
            "{{ config(materialized='incremental', incremental_strategy='microbatch', unique_key='id', \
             event_time='at', batch_size='day', begin=modules.datetime.datetime.now()) }} select * from {{ ref('a') }}",
        );
        let told = "reads nothing that has an 'event_time'";
        p.karat(["parse", "--warn-error"]).success().stdout_has(told);
        p.configure("flags: {require_all_warnings_handled_by_warn_error: true}");
        p.karat(["parse", "--warn-error"]).exit(2).stdout_has("Compilation Error").stdout_has(told);
        p.karat(["parse"]).success().stdout_has(told);
    });
}
