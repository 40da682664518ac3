//! `karat retry` after kills at random moments (`KARAT_KILLS` of them, else twenty): it runs what the killed
//! build had not done, nothing else, and what comes out is what an uninterrupted build makes.

use super::kill::{kills, moments};
use crate::harness::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Instant;

fn warehouse(p: &Project) {
    let seed: String = (1..=500).map(|n| format!("{n},{}\n", n % 10)).collect();
    p.file("seeds/raw.csv", &format!("id,part\n{seed}"));
    p.file(
        "models/bronze.sql",
        "select id, part, cast({{ var('v') }} as integer) as v from {{ ref('raw') }}",
    );
    p.file(
        "models/silver.sql",
        "{{ config(materialized='incremental', unique_key='id') }} select * from {{ ref('bronze') }}",
    );
    p.file("models/fact.sql", "{{ config(materialized='table') }} select * from {{ ref('silver') }}");
    p.file("models/mart.sql", "select part, v, count(*) as n from {{ ref('fact') }} group by part, v");
    p.file("snapshots/kept.sql", "{% snapshot kept %}{{ config(unique_key='part', target_schema='analytics', strategy='check', check_cols=['v']) }} select part, max(v) as v from {{ ref('fact') }} group by part{% endsnapshot %}");
    p.file(
        "models/p.yml",
        "models:\n  - name: silver\n    columns: [{name: id, data_tests: [unique, not_null]}]\n",
    );
}

/// What the journal of the killed build says: the version it was to bring, and what is left to do.
fn journal(p: &Project) -> Option<(String, BTreeSet<String>)> {
    let folder = std::fs::read_dir(p.path("target")).ok()?;
    let is_journal = |name: &str| name.starts_with("karat_journal") && name.ends_with(".jsonl");
    let mut found = folder.flatten().filter(|entry| is_journal(&entry.file_name().to_string_lossy()));
    let text = std::fs::read_to_string(found.next()?.path()).unwrap();
    assert!(found.next().is_none(), "two journals");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap_or_default());
    let plan = lines.next()?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let mut left: BTreeSet<String> = plan["nodes"].as_array()?.iter().map(text).collect();
    for line in lines.filter(|line| ["success", "pass"].contains(&text(&line["status"]).as_str())) {
        left.remove(&text(&line["unique_id"]));
    }
    Some((plan["args"]["vars"]["v"].to_string(), left))
}

fn build(p: &Project, v: u32) {
    p.karat(["build", "--vars", &format!("v: {v}")]).success();
}

#[test]
fn a_killed_build_is_brought_to_its_end() {
    on_adapters(|p| {
        warehouse(p);
        build(p, 1);
        let begin = Instant::now();
        build(p, 2);
        let relations = p.relations();
        let mut moments = moments(begin.elapsed());
        for kill in 1..=kills() {
            let running = p.start(["build", "--vars", &format!("v: {}", kill + 2)]);
            std::thread::sleep(moments.next().expect("a moment"));
            running.kill();
            let Some((v, left)) = journal(p) else { continue };
            let outcome = p.karat(["retry"]);
            outcome.success();
            let ran = outcome.results();
            let ran: BTreeSet<_> =
                ran.iter().map(|it| it["unique_id"].as_str().unwrap().to_string()).collect();
            assert_eq!(ran, left, "after kill {kill}");
            assert!(journal(p).is_none(), "a journal is left after kill {kill}");
            assert_eq!(
                p.rows("select distinct v, count(*) over () as n from analytics.mart"),
                [[v.as_str(), "10"]]
            );
            assert_eq!(p.rows("select count(*), min(v), max(v) from analytics.silver"), [["500", &v, &v]]);
            let current = "select count(*), count(distinct part), min(v), max(v) from analytics.kept where dbt_valid_to is null";
            assert_eq!(p.rows(current), [["10", "10", &v, &v]], "after kill {kill}");
            assert_eq!(p.relations(), relations, "after kill {kill}");
        }
        let torn = "select v, count(*) as n from analytics.kept group by v having count(*) <> 10";
        assert_eq!(p.rows(torn), Vec::<Vec<String>>::new(), "states of the snapshot");
    });
}

/// What was to be done is still to be done after a start that failed.
#[test]
fn a_run_that_could_not_begin_is_taken_up_whole() {
    on_postgres(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run"]).success();
        let good = p.text("profiles.yml");
        p.file("models/b.sql", "select 1 as id");
        p.file("profiles.yml", &good.replace("port: ", "port: 1 # "));
        p.karat(["run", "-s", "b"]).exit(2).statuses(["b skipped"]);
        p.file("profiles.yml", &good);
        p.karat(["retry"]).success().statuses(["b success"]);
    });
}
