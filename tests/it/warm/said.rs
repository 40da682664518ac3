//! What is said of a warm start, and what it warns of.

use super::log_of_last;
use crate::harness::*;

fn reason(p: &Project, words: &[&str], expect: &str) {
    let outcome = p.karat(words);
    outcome.success().stdout_has(&format!("Unable to do partial parsing because {expect}"));
}

#[test]
fn the_reason_of_a_full_parse_is_told() {
    on_duckdb(|p| {
        p.env("TAG", "one").file("models/a.sql", "{{ config(tags=env_var('TAG', 'none')) }} select 1 as id");
        p.file("models/b.sql", "{{ config(meta={'fast': flags.FAIL_FAST}) }} select 1 as id");
        p.karat(["parse"]).success();
        assert!(log_of_last(p).contains("Unable to do partial parsing because saved manifest not found"));
        let choices = "config vars, config profile, or config target have changed";
        reason(p, &["parse", "--vars", "{a: 1}"], choices);
        reason(p, &["parse"], choices);
        p.karat(["parse", "--threads", "2"]).success().stdout_lacks("Unable to do");
        assert!(log_of_last(p).contains("skipping parsing"));
        p.file("models/c.sql", "{{ config(meta={'n': target.threads}) }} select 1 as id");
        p.karat(["parse", "--no-partial-parse"]).success();
        reason(
            p,
            &["parse", "--threads", "2"],
            "the number of threads, which the project reads, has changed",
        );
        p.remove("models/c.sql").karat(["parse", "--no-partial-parse"]).success();
        reason(p, &["build", "--fail-fast"], "flags that the project reads have changed");
        reason(p, &["parse"], "flags that the project reads have changed");
        p.env("TAG", "two");
        reason(p, &["parse"], "env vars that the project reads have changed");
        p.env("OTHER", "two").karat(["parse"]).success().stdout_lacks("Unable to do");
        p.configure("vars: {b: 1}");
        reason(p, &["parse"], choices);
        p.configure("models: {shop: {+tags: x}}");
        reason(p, &["parse"], "a project config has changed");
        p.file("models/a.sql", "select 2 as id").karat(["parse"]).success().stdout_lacks("Unable to do");
        let counts = "Partial parsing enabled: 0 files deleted, 0 files added, 1 files changed.";
        assert!(log_of_last(p).contains(counts), "{}", log_of_last(p));
    });
}

#[test]
fn a_saved_manifest_is_taken_from_where_it_is_named_and_without_a_look_at_the_files() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").karat(["parse"]).success();
        p.file("models/b.sql", "select 1 as id");
        let blind = p.karat(["ls", "-q", "--no-partial-parse-file-diff"]);
        blind.success().stdout_is("shop.a\n");
        let named = [
            "ls",
            "-q",
            "--target-path",
            "other",
            "--partial-parse-file-path",
            "target/partial_parse.msgpack",
        ];
        p.karat(named).success().stdout_is("shop.a\nshop.b\n");
    });
}

#[test]
fn warnings_are_told_each_time() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/s.yml", "models: [{name: gone}]");
        let cold = p.karat(["parse"]);
        cold.success().stdout_has("Did not find matching node for patch with name 'gone'");
        let warm = p.karat(["parse"]);
        warm.success().stdout_has("Did not find matching node for patch with name 'gone'");
        assert!(log_of_last(p).contains("skipping parsing"));
        p.karat(["--warn-error", "parse"]).exit(2).stdout_has("gone");
    });
}

#[test]
fn deprecations_are_told_by_the_parse_that_finds_them() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id")
            .file("models/e.yml", "exposures: [{name: my page, type: dashboard, owner: {email: a@b.c}}]");
        let told = "of an exposure should contain only letters";
        p.karat(["ls"]).success().stdout_has(told).stdout_has("Summary of encountered");
        p.karat(["ls"]).success().stdout_has("shop.a").stdout_lacks(told).stdout_lacks("Summary of");
        p.karat(["ls", "--no-partial-parse"]).success().stdout_has(told);
        p.karat(["ls", "--show-all-deprecations"]).success().stdout_has(told);
        p.karat(["--warn-error", "ls"]).exit(2).stdout_has(told);
    });
}
