//! Batches: their sizes, how far they look back, what a full refresh does with them.

use crate::harness::*;
use serde_json::Value;

const DAYS: &[&str] = &["run", "--event-time-start", "2024-01-01", "--event-time-end", "2024-01-04"];

/// Three days of events, read by `m` in batches of a day.
fn events(p: &Project, config: &str, body: &str) {
    p.file(
        "models/events.sql",
        "{{ config(materialized='table', event_time='seen') }}
         select 1 as id, cast('2024-01-01 10:00:00' as timestamp) as seen union all
         select 2, cast('2024-01-02 10:00:00' as timestamp) union all
         select 3, cast('2024-01-03 10:00:00' as timestamp)",
    );
    // PostgreSQL merges by the key, DuckDB replaces what lies in the batch's time
    let key = p.adapter.pick("", ", unique_key='id'");
    p.file(
        "models/m.sql",
        &format!("{{{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='seen', begin='2024-01-01', batch_size='day'{key}{config}) }}}} {body}"),
    );
}

const PLAIN: &str = "select * from {{ ref('events') }}";

fn ids(p: &Project) -> Vec<String> {
    p.column("select id from analytics.m order by 1")
}

fn batches(result: &Value) -> (usize, usize) {
    let of = |key: &str| result["batch_results"][key].as_array().map_or(0, Vec::len);
    (of("successful"), of("failed"))
}

#[test]
fn lookback_reads_late_rows_again() {
    on_adapters(|p| {
        events(p, ", lookback=2, begin=modules.datetime.datetime.now().strftime('%Y-%m-%d')", PLAIN);
        p.file("models/events.sql", "{{ config(materialized='table', event_time='seen') }} select 1 as id, cast({{ dbt.dateadd('day', -1, dbt.current_timestamp()) }} as timestamp) as seen");
        p.karat(["run"]).success();
        let first = p.karat(["run", "--select", "m"]);
        let (done, failed) = batches(&first.success().result("m"));
        assert_eq!(failed, 0);
        assert_eq!(done, 3, "today and two days before");
    });
}

#[test]
fn sizes_from_hours_to_years() {
    for (size, count) in [("hour", 72), ("day", 3), ("month", 1), ("year", 1)] {
        on_duckdb(|p| {
            events(p, "", PLAIN);
            let text = p.text("models/m.sql").replace("'day'", &format!("'{size}'"));
            p.file("models/m.sql", &text);
            let run = p.karat(DAYS);
            assert_eq!(batches(&run.success().result("m")), (count, 0), "{size}");
        });
    }
}

#[test]
fn full_refresh_begins_at_the_beginning() {
    on_adapters(|p| {
        events(p, ", full_refresh=none", PLAIN);
        p.karat(DAYS).success();
        p.execute("insert into analytics.m select 9, cast('2019-01-01' as timestamp)");
        p.karat([DAYS, &["--full-refresh"]].concat()).success();
        assert_eq!(ids(p), ["1", "2", "3"]);
    });
}
