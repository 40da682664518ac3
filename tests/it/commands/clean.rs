//! `clean`: removes what may be made again, inside the project only.

use crate::harness::*;

#[test]
fn clean_removes_its_targets() {
    on_adapters(|p| {
        p.configure("clean-targets: [target, old_files]");
        p.file("models/a.sql", "select 1 as id").file("old_files/x", "").file("kept/x", "");
        p.karat(["run"]).success();
        p.karat(["clean"]).success();
        for (path, there) in [("target", false), ("old_files", false), ("kept", true), ("models", true)] {
            assert_eq!(p.path(path).exists(), there, "{path}");
        }
        assert_eq!(p.relations(), ["analytics.a view"], "the database is not touched");
    });
}

#[test]
fn clean_leaves_what_is_outside_and_the_sources() {
    on_duckdb(|p| {
        std::fs::write(p.scratch("precious"), "x").unwrap();
        for target in ["../precious", "models"] {
            p.file("models/a.sql", "select 1 as id");
            p.file(
                "dbt_project.yml",
                &format!("name: shop\nversion: \"1.0\"\nprofile: shop\nclean-targets: [{target}]\n"),
            );
            let outcome = p.karat(["clean"]);
            assert_ne!(outcome.code(), Some(0), "{target}");
            assert!(p.scratch("precious").exists() && p.path("models/a.sql").exists(), "{target}");
        }
    });
}
