//! `--empty` and `--sample`: the project built on no rows, or on those of a time.

use crate::harness::*;

fn events(p: &Project) {
    p.file(
        "models/events.sql",
        "{{ config(materialized='table', event_time='seen') }} select 1 as id, cast('2024-01-01' as timestamp) as seen union all select 2, cast('2024-02-01' as timestamp)",
    );
    p.file("models/a.sql", "{{ config(materialized='table') }} select * from {{ ref('events') }}");
}

#[test]
fn empty_makes_everything_without_rows() {
    on_adapters(|p| {
        events(p);
        p.file("seeds/s.csv", "id\n1\n")
            .file("models/b.sql", "{{ config(materialized='table') }} select * from {{ ref('s') }}");
        p.karat(["build", "--empty"]).success();
        for name in ["a", "b"] {
            assert_eq!(p.count(&format!("analytics.{name}")), 0, "{name}");
        }
        p.karat(["seed", "--empty"]).success();
        assert_eq!(p.count("analytics.s"), 0);
        p.karat(["build"]).success();
        assert_eq!((p.count("analytics.a"), p.count("analytics.b")), (2, 1));
    });
}

#[test]
fn a_sample_is_a_span_of_event_time() {
    on_adapters(|p| {
        events(p);
        p.karat(["run", "--sample", "{start: '2024-01-15', end: '2024-03-01'}"]).success();
        assert_eq!(p.column("select id from analytics.a"), ["2"]);
        p.karat(["run", "--sample", "3 days"]).success();
        assert_eq!(p.count("analytics.a"), 0);
        p.karat(["run", "--sample", "three moons"]).exit(2);
    });
}
