//! Pipes, sockets, devices and links under names of files, wherever a file is read or written.

use super::*;

fn pipe(p: &Project, path: &str) {
    std::fs::remove_file(p.path(path)).ok();
    std::fs::create_dir_all(p.path(path).parent().unwrap()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(p.path(path)).status().unwrap().success());
}

#[test]
fn what_is_no_file_is_passed_over_with_a_word() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        let pipes = [
            "models/b.sql",
            "models/p.yml",
            "models/d.md",
            "seeds/s.csv",
            "macros/m.sql",
            "tests/t.sql",
            "tests/fixtures/f.csv",
            "analyses/n.sql",
            "snapshots/s.sql",
        ];
        pipes.iter().for_each(|path| pipe(p, path));
        let _socket = std::os::unix::net::UnixListener::bind(p.path("models/socket.sql")).unwrap();
        symlink("/dev/zero", p.path("models/zero.sql")).unwrap();
        // What editors leave is none of ours.
        symlink("nobody@nowhere.1", p.path("models/.#a.sql")).unwrap();
        pipe(p, "models/other.txt");
        let (code, said) = limited(p, "build", "ulimit -v 8000000");
        assert_eq!(code, Some(0), "{said}");
        for path in pipes.into_iter().chain(["models/socket.sql", "models/zero.sql"]) {
            assert!(said.contains(&format!("`{path}` is a pipe or a device")), "{path}: {said}");
        }
        assert!(!said.contains("other.txt"), "{said}");
        symlink("nowhere", p.path("models/gone.sql")).unwrap();
        refused(p, "build", "cannot read `models/gone.sql`");
    });
}

#[test]
fn a_pipe_under_the_name_of_a_projects_file_is_told() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        for path in ["packages.yml", "dependencies.yml", "selectors.yml", "vars.yml", "catalogs.yml"] {
            pipe(p, path);
            refused(p, "parse", &format!("cannot read `{path}`: it is a pipe or a device"));
            p.remove(path);
        }
        pipe(p, "warehouse.duckdb");
        refused(p, "run", "is a pipe, not a database");
    });
}

#[test]
fn a_pipe_under_the_name_of_what_is_written_holds_nobody() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        for path in [
            "target/manifest.json",
            "target/run_results.json",
            "target/partial_parse.msgpack",
            "target/karat_journal.jsonl",
            "target/karat_durations.json",
            "target/.karat-files",
            "target/compiled/shop/models/a.sql",
            "target/run/shop/models/a.sql",
            "target/catalog.json",
            "target/index.html",
            "target/static_index.html",
            "logs/dbt.log",
        ] {
            pipe(p, path);
        }
        for words in ["run", "docs generate --static", "retry"] {
            let (code, said) = limited(p, words, "ulimit -v 8000000");
            assert_eq!(code, Some(0), "{words}: {said}");
        }
    });
}

/// Links under names that karat writes, of which each would lead to a file of somebody else's.
#[test]
fn nothing_of_others_is_emptied_through_a_link() {
    on_duckdb(|p| {
        let beside = p.scratch("precious");
        std::fs::write(&beside, "kept").unwrap();
        p.file("models/a.sql", "select 1 as id").file("tool/dbt_project.yml", "name: tool\n");
        p.file("packages.yml", "packages: [{local: tool}]\n").file("pictures/x.png", "x");
        p.configure("asset-paths: [pictures]");
        p.karat(["deps"]).success();
        let lock = std::fs::read_dir(p.path("dbt_packages")).unwrap().flatten().map(|entry| entry.path());
        let locks: Vec<_> = lock.filter(|path| path.is_file()).collect();
        let names = [
            "target/karat_journal.jsonl",
            "target/index.html",
            "target/static_index.html",
            "target/pictures/x.png",
        ];
        for path in names.iter().map(|name| p.path(name)).chain(locks) {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::remove_file(&path).ok();
            symlink(&beside, path).unwrap();
        }
        p.karat(["deps"]).success();
        p.karat(["build"]).success();
        p.karat(["docs", "generate", "--static"]).success();
        assert_eq!(std::fs::read_to_string(&beside).unwrap(), "kept");
    });
}

#[test]
fn assets_are_copied_into_the_target_folder_alone() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        std::fs::create_dir_all(p.scratch("beside")).unwrap();
        std::fs::write(p.scratch("beside/x"), "x").unwrap();
        p.configure("asset-paths: ['../beside', '/etc']");
        refused(p, "docs generate", "`asset-paths` leads out of the project: `../beside`");
    });
}
