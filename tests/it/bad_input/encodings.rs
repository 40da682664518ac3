//! Files that are no text, no files, or of an encoding that is not UTF-8.

use super::{failed, refusal};
use crate::harness::*;
use std::process::Command;

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

refusal!(files_of_utf16, ["build"], |p| {
    p.bytes("models/a.sql", &utf16("select 1 as id")).bytes("seeds/s.csv", &utf16("id\n1\n"));
});

refusal!(properties_of_utf16, ["build"], |p| {
    p.file("models/a.sql", "select 1 as id").bytes("models/p.yml", &utf16("models: []\n"));
});

refusal!(binary_files, ["build"], |p| {
    let bytes: Vec<u8> = (0..=255).cycle().take(4000).collect();
    p.bytes("models/a.sql", &bytes).bytes("seeds/s.csv", &bytes).bytes("macros/m.sql", &bytes);
});

refusal!(nul_in_properties, ["build"], |p| {
    p.file("models/a.sql", "select 1 as id").file("models/p.yml", "models: []\n\0sources: 5\n");
});

refusal!(fault_in_a_long_line_of_wide_characters, ["build"], |p| {
    let wide = "é漢😀".repeat(200);
    p.file("models/a.sql", &format!("select '{wide}' as v, {{{{ nothing( }}}} as id"));
});

#[test]
fn nul_in_sql() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id,\n  2 as b -- a\0b\n");
        insta::assert_snapshot!("nul_in_sql", failed(p, ["build"]));
    });
}

#[test]
fn carriage_returns_count_no_lines() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id,\r\n  {{ nothing( }}\r\n");
        p.file("models/p.yml", "models:\r\n  - name: a\r\n    columns: id\r\n");
        p.karat(["build"]).exit(2).stdout_has("--> models/p.yml:3:14");
        p.remove("models/p.yml");
        p.karat(["build"]).exit(2).stdout_has("--> models/a.sql:2:15");
    });
}

#[test]
fn a_folder_under_a_files_name_is_told() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        for name in [
            "selectors.yml",
            "packages.yml",
            "dependencies.yml",
            "vars.yml",
            "catalogs.yml",
            "profiles.yml",
            "dbt_project.yml",
        ] {
            let old = std::fs::read(p.path(name)).ok();
            std::fs::remove_file(p.path(name)).ok();
            std::fs::create_dir(p.path(name)).unwrap();
            p.karat(["parse"]).exit(2).stdout_has(name).stdout_has("it is a folder");
            std::fs::remove_dir(p.path(name)).unwrap();
            old.map(|bytes| p.bytes(name, &bytes));
        }
        p.file("models/x.sql/readme.txt", "").file("models/p.yml/b.sql", "select 2 as id");
        p.karat(["build"]).success().statuses(["a success", "b success"]);
    });
}

#[test]
fn empty_files_and_mere_comments_are_no_fault() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id")
            .file("models/e.sql", "")
            .file("models/f.sql", "{# nothing #}\n");
        p.file("models/p.yml", "").file("models/q.yml", "# nothing\n").file("models/r.md", "");
        p.file("macros/m.sql", "").file("macros/n.sql", "{# nothing #}").file("selectors.yml", "# nothing\n");
        p.file("packages.yml", "").file("tests/t.sql", "");
        let outcome = p.karat(["build", "--exclude", "f"]);
        outcome.success().stdout_has("OK created");
        let said = failed(p, ["build", "-s", "f"]);
        assert!(said.contains("models/f.sql"), "{said}");
    });
}

/// Root reads all: the command runs as somebody else.
#[test]
fn files_that_may_not_be_read_are_told() {
    on_duckdb(|p| {
        let files = [
            "models/a.sql",
            "models/p.yml",
            "macros/m.sql",
            "packages.yml",
            "selectors.yml",
            "profiles.yml",
            "dbt_project.yml",
        ];
        p.file("models/a.sql", "select 1 as id")
            .file("models/p.yml", "models: []\n")
            .file("macros/m.sql", "");
        p.file("packages.yml", "packages: []\n").file("selectors.yml", "selectors: []\n");
        let run = p.command(&["parse"]);
        let id = Command::new("id").arg("-u").output().unwrap().stdout;
        let is_root = String::from_utf8_lossy(&id).trim() == "0";
        // Root reads everything, but for this.
        let but = "-dac_override,-dac_read_search";
        let without = [format!("--bounding-set={but}"), format!("--inh-caps={but}")];
        for file in files {
            let mode = |mode: &str| {
                assert!(Command::new("chmod").arg(mode).arg(p.path(file)).status().unwrap().success())
            };
            mode("000");
            let mut command = Command::new(if is_root { "setpriv" } else { "env" });
            command.args(without.iter().filter(|_| is_root)).arg(run.get_program());
            command.args(run.get_args()).current_dir(p.root()).env_clear();
            command.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
            let ended = command.output().unwrap();
            let said = String::from_utf8_lossy(&ended.stdout).into_owned();
            assert_eq!(
                ended.status.code(),
                Some(2),
                "{file}: {said} {}",
                String::from_utf8_lossy(&ended.stderr)
            );
            assert!(said.contains(&format!("{file}`: Permission denied")), "{file}: {said}");
            mode("600");
        }
    });
}
