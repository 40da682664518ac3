//! Full disks (promise 5), real ones where a `tmpfs` may be mounted: under a tablespace, under DuckDB's file,
//! under the target folder and the logs. A node pays, nothing is lost, and with room all is well.

use super::*;
use std::process::Command;

/// A small disk at a folder; gone with the value.
struct Disk {
    at: std::path::PathBuf,
}

impl Disk {
    /// None where this user may not mount.
    fn mount(at: &std::path::Path, size: &str) -> Option<Disk> {
        std::fs::create_dir_all(at).unwrap();
        let options = format!("size={size},mode=777");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|done| done.status.success()).then(|| Disk { at: at.to_path_buf() })
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.at).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.at).status());
    }
}

/// Big ones of every kind beside small ones; a child of one that is big.
fn nodes(p: &Project) {
    let rows = "select x as id, {{ dbt.hash('x') }} as h from generate_series(1, {{ var('n') }}) t(x)";
    p.file("models/small.sql", &table("select 1 as id, {{ var('n') }} as n"));
    p.file("models/big.sql", &table(rows));
    p.file("models/child.sql", &table("select count(*) as n from {{ ref('big') }}"));
    p.file(
        "models/grown.sql",
        &format!("{{{{ config(materialized='incremental', unique_key='id') }}}} {rows}"),
    );
}

fn build(p: &Project, n: u32) -> Outcome {
    p.karat(["build", "--vars", &format!("n: {n}")])
}

fn seed(p: &Project, rows: u32) {
    let rows: String = (0..rows).map(|n| format!("{n},{}\n", "x".repeat(60))).collect();
    p.file("seeds/s.csv", &format!("id,v\n{rows}"));
}

#[test]
fn a_full_tablespace_costs_its_nodes() {
    on_postgres(|p| {
        let folder = p.scratch("disk");
        // The server's user must get there.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(p.scratch(""), open).unwrap();
        let Some(disk) = Disk::mount(&folder, "3m") else { return };
        let space = format!("space_{}", p.database);
        let place = folder.join("data");
        std::fs::create_dir(&place).unwrap();
        drop(Command::new("chown").arg("postgres").arg(&place).status());
        Server::get().rows("postgres", &format!("create tablespace {space} location '{}'", place.display()));
        p.env("PGOPTIONS", &format!("-c default_tablespace={space}"));
        nodes(p);
        seed(p, 5);
        build(p, 5).success();
        seed(p, 50_000);
        let outcome = build(p, 100_000);
        let expect = ["small success", "big error", "child skipped", "grown error", "seed s error"];
        outcome
            .exit(1)
            .statuses(expect)
            .stdout_has("No space left on device")
            .stdout_has("Check free disk space");
        outcome.stdout_lacks("mend the value");
        assert_eq!(p.rows("select (select count(*) from analytics.big), (select count(*) from analytics.grown), (select count(*) from analytics.s)"), [["5", "5", "5"]]);
        disk.grow("200m");
        p.karat(["retry"]).success();
        assert_eq!(p.rows("select (select count(*) from analytics.big), (select count(*) from analytics.grown), (select count(*) from analytics.s)"), [["100000", "100000", "50000"]]);
        assert!(p.relations().iter().all(|name| !name.contains("__dbt_")));
        p.execute("drop schema analytics cascade");
        Server::get().rows("postgres", &format!("drop tablespace {space}"));
    });
}

#[test]
fn a_full_disk_under_a_database_file_costs_its_nodes() {
    on_duckdb(|p| {
        let Some(disk) = Disk::mount(&p.path("db"), "4m") else { return };
        profile(p, "path: warehouse.duckdb", "path: db/warehouse.duckdb");
        nodes(p);
        build(p, 5).success();
        let outcome = build(p, 400_000);
        outcome.exit(1).statuses(["small success", "big error", "child skipped", "grown error"]);
        outcome.stdout_has("No space left on device");
        let held = "select n, (select count(*) from analytics.big) as big from analytics.small";
        let look = ["show", "--inline", held, "--target-path", "target/look", "--output", "json"];
        p.karat(look).success().stdout_has("\"n\": 400000").stdout_has("\"big\": 5");
        disk.grow("200m");
        p.karat(["retry"]).success();
        p.karat(look).success().stdout_has("\"big\": 400000");
    });
}

#[test]
fn a_full_target_folder_hides_nothing_of_the_nodes() {
    on_adapters(|p| {
        let padding = "-- some words to fill the disk with\n".repeat(4000);
        for n in 0..6 {
            p.file(&format!("models/m{n}.sql"), &format!("{}\n{padding}", table("select 1 as id")));
        }
        p.file("models/child.sql", &table("select * from {{ ref('m0') }}"));
        let Some(disk) = Disk::mount(&p.path("target"), "500k") else { return };
        let outcome = p.karat(["build"]);
        outcome.exit(2).stdout_has("No space left on device").stdout_has("Failure in model m");
        outcome.stdout_has("`").stdout_lacks(".karat-new-");
        for name in ["manifest.json", "run_results.json", "semantic_manifest.json", "graph_summary.json"] {
            if let Ok(text) = std::fs::read(p.path("target").join(name)) {
                serde_json::from_slice::<serde_json::Value>(&text)
                    .unwrap_or_else(|why| panic!("{name}: {why}"));
            }
        }
        for entry in walkdir::WalkDir::new(p.path("target/compiled")).into_iter().flatten() {
            let whole =
                entry.file_type().is_dir() || std::fs::read_to_string(entry.path()).unwrap().len() > 20;
            assert!(whole, "half of {}", entry.path().display());
        }
        disk.grow("200m");
        p.karat(["retry"]).success();
        assert_eq!(p.relations().len(), 7);
        p.karat(["build"]).success();
    });
}

#[test]
fn a_full_disk_under_the_logs_fails_nothing() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        let Some(_disk) = Disk::mount(&p.path("logs"), "4k") else { return };
        p.karat(["build"]).success().stderr_has("logs/dbt.log");
        p.karat(["build"]).success().statuses(["a success"]);
    });
}
