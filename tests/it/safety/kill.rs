//! Kills at random moments of a build (`KARAT_KILLS` of them, else twenty): what could be read before can be read after, whole.

use crate::harness::*;
use std::time::{Duration, Instant};

const WHOLE: &str = "30000,1";
const ASKED: &str = "select count(*) as n, count(distinct v) as versions from analytics_gold.fact";

/// Seed, bronze view, silver incremental, gold tables, mart view, tests; all rows carry one version `v`.
fn warehouse(p: &Project) {
    let seed: String = (1..=3000).map(|n| format!("{n},{}\n", n % 10)).collect();
    p.file("seeds/raw.csv", &format!("id,part\n{seed}"));
    p.file(
        "models/bronze.sql",
        "select id, part, cast({{ var('v') }} as integer) as v from {{ ref('raw') }}",
    );
    p.file("models/silver.sql", "{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert') }} select * from {{ ref('bronze') }}");
    p.file("models/fact.sql", "{{ config(materialized='table', schema='gold') }} select s.id, s.part, s.v from {{ ref('silver') }} s cross join generate_series(1, 10) t(x)");
    p.file(
        "models/dim.sql",
        "{{ config(materialized='table', schema='gold') }} select distinct part, v from {{ ref('silver') }}",
    );
    p.file("models/mart.sql", "select part, v, count(*) as n from {{ ref('fact') }} group by part, v");
    p.file("models/p.yml", "models:\n  - name: dim\n    columns: [{name: part, data_tests: [unique, not_null]}]\n  - name: silver\n    columns: [{name: id, data_tests: [unique]}]\n");
}

const RELATIONS: [&str; 6] = [
    "analytics.bronze view",
    "analytics.mart view",
    "analytics.raw table",
    "analytics.silver table",
    "analytics_gold.dim table",
    "analytics_gold.fact table",
];

fn build(p: &Project, v: u32) {
    p.karat(["build", "--vars", &format!("v: {v}")]).success();
}

fn is_whole(p: &Project, when: &str) {
    assert_eq!(p.rows(ASKED)[0].join(","), WHOLE, "{when}");
    assert_eq!(p.value("select sum(n) from analytics.mart"), "30000", "{when}");
}

/// `KARAT_KILLS`, else 20.
pub(super) fn kills() -> u32 {
    std::env::var("KARAT_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(20)
}

/// Moments that are random, from `KARAT_SEED` or a new seed, which is shown when the test fails.
#[allow(clippy::print_stdout)]
pub fn moments(longest: Duration) -> impl Iterator<Item = Duration> {
    let given = std::env::var("KARAT_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let mut state: u64 = given.unwrap_or(now.as_nanos() as u64);
    println!("KARAT_SEED={state}");
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        longest.mul_f64((state >> 40) as f64 / (1u64 << 24) as f64)
    })
}

#[test]
#[allow(clippy::print_stdout)]
fn kills_at_random_moments_lose_nothing() {
    on_adapters(|p| {
        warehouse(p);
        build(p, 1);
        let begin = Instant::now();
        build(p, 2);
        let mut moments = moments(begin.elapsed());
        let reader = (p.adapter == Adapter::Postgres).then(|| Reader::ask(p, ASKED));
        for kill in 1..=kills() {
            let running = p.start(["build", "--vars", &format!("v: {}", kill + 2)]);
            std::thread::sleep(moments.next().expect("a moment"));
            running.kill();
            is_whole(p, &format!("after kill {kill}"));
            if kill % 4 == 0 {
                build(p, kill + 2);
                assert_eq!(p.relations(), RELATIONS, "stray relations after kill {kill}");
            }
        }
        if let Some(reader) = reader {
            println!("{} kills, {} reads, none of them wrong", kills(), reader.heard_only(&[WHOLE]));
        }
        build(p, 9999);
        is_whole(p, "after all");
        assert_eq!(p.column("select distinct v from analytics.mart"), ["9999"]);
        assert_eq!(p.relations(), RELATIONS);
    });
}

#[test]
fn foreign_relations_with_names_like_ours_are_left_alone() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.karat(["run"]).success();
        p.execute("create table analytics.b__dbt_tmp as select 7 as id; create table analytics.c__dbt_backup as select 8 as id");
        p.karat(["run"]).success();
        assert_eq!(
            p.relations(),
            ["analytics.a table", "analytics.b__dbt_tmp table", "analytics.c__dbt_backup table"]
        );
    });
}
