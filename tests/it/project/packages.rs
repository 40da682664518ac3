//! `deps` from the command line: repositories over several transports, the lock, a second project without them.

use crate::harness::*;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A shell that stands for ssh: it takes the host away and runs what the host was asked to run.
const SSH: &str = "#!/bin/sh\necho \"$1\" >> \"$0.hosts\"\nshift\nexec sh -c \"$*\"\n";

fn git(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=ada", "-c", "user.email=ada@example.com"]).args(words);
    let done = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(done.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_string()
}

/// A repository with a package, below `below` of its root: its tag `v1` says 1, its head says 2. Gives the head.
fn repository(p: &Project, name: &str, below: &str) -> (PathBuf, String) {
    let folder = p.scratch(&format!("repositories/{name}"));
    std::fs::create_dir_all(folder.join(below).join("macros")).unwrap();
    git(&folder, &["init", "-q", "-b", "main"]);
    for number in ["1", "2"] {
        let at = folder.join(below);
        std::fs::write(at.join("dbt_project.yml"), format!("name: {name}\nversion: 1.0.0\n")).unwrap();
        let text = format!("{{% macro {name}() %}}{{{{ return({number}) }}}}{{% endmacro %}}");
        std::fs::write(at.join("macros/m.sql"), text).unwrap();
        git(&folder, &["add", "-A"]);
        git(&folder, &["commit", "-q", "-m", number]);
        if number == "1" {
            git(&folder, &["tag", "v1"]);
        }
    }
    let head = git(&folder, &["rev-parse", "HEAD"]);
    (folder, head)
}

/// A project on three repositories: by file, by ssh, and by ssh in its short form.
fn project(p: &Project) -> String {
    let (one, _) = repository(p, "one", "");
    let (two, head_of_two) = repository(p, "two", "sub/folder");
    let (three, head_of_three) = repository(p, "three", "");
    let ssh = p.scratch("ssh.sh");
    std::fs::write(&ssh, SSH).unwrap();
    p.shell(&format!("chmod +x {}", ssh.display())).success();
    p.env("GIT_SSH_COMMAND", &ssh.display().to_string()).env("GIT_SSH_VARIANT", "simple");
    p.env("KARAT_CACHE", &p.scratch("cache").display().to_string());
    let (one, two, three) = (one.display(), two.display(), three.display());
    p.file(
        "packages.yml",
        &format!(
            "packages:\n  - git: file://{one}\n    revision: v1\n  - git: ssh://git@example.test{two}\n    revision: main\n    \
             subdirectory: sub/folder\n  - git: git@example.test:{three}\n    revision: {head_of_three}\n"
        ),
    );
    p.file(
        "macros/all.sql",
        "{% macro all() %}{{ print([one.one(), two.two(), three.three()]) }}{% endmacro %}",
    );
    head_of_two
}

fn said(p: &Project, folder: &Path) -> String {
    p.karat_in(folder, ["-q", "run-operation", "all"]).success().raw_stdout().trim().to_string()
}

#[test]
fn repositories_come_by_file_and_by_ssh() {
    on_duckdb(|p| {
        let head_of_two = project(p);
        p.karat(["deps"]).success().stdout_has("and subdirectory sub/folder");
        assert_eq!(said(p, &p.root()), "[1, 2, 2]");
        let hosts = std::fs::read_to_string(p.scratch("ssh.sh.hosts")).unwrap();
        assert!(hosts.lines().all(|host| host == "git@example.test") && hosts.lines().count() > 1, "{hosts}");
        let lock = p.text("package-lock.yml");
        assert!(
            lock.contains(&format!(
                "    name: two\n    revision: {head_of_two}\n    subdirectory: sub/folder\n"
            )),
            "{lock}"
        );
        assert!(lock.lines().last().unwrap().starts_with("sha1_hash: "), "{lock}");
    });
}

#[test]
fn what_is_there_is_not_fetched_and_a_second_project_needs_no_repository() {
    on_duckdb(|p| {
        project(p);
        p.karat(["deps"]).success();
        std::fs::rename(p.scratch("repositories"), p.scratch("gone")).unwrap();
        let other = p.scratch("other");
        std::fs::create_dir_all(&other).unwrap();
        p.shell(&format!(
            "cp -r dbt_project.yml profiles.yml packages.yml package-lock.yml macros {}",
            other.display()
        ))
        .success();
        p.karat_in(&other, ["deps"]).success();
        assert_eq!(said(p, &other), "[1, 2, 2]");
        std::fs::remove_dir_all(p.scratch("cache")).unwrap();
        p.karat(["deps"]).success();
        assert_eq!(said(p, &p.root()), "[1, 2, 2]");
        std::fs::remove_dir_all(p.path("dbt_packages")).unwrap();
        p.karat(["deps"]).exit(2).stdout_has("git ls-remote");
    });
}

#[test]
fn the_lock_holds_until_it_is_asked_to_move() {
    on_duckdb(|p| {
        project(p);
        p.karat(["deps", "--lock"]).success();
        assert!(!p.path("dbt_packages").exists());
        let before = p.text("package-lock.yml");
        let two = p.scratch("repositories/two");
        std::fs::write(two.join("sub/folder/macros/m.sql"), "{% macro two() %}{{ return(3) }}{% endmacro %}")
            .unwrap();
        git(&two, &["commit", "-q", "-am", "3"]);
        p.karat(["deps"]).success();
        assert_eq!(
            (said(p, &p.root()), p.text("package-lock.yml")),
            ("[1, 2, 2]".to_string(), before.clone())
        );
        p.karat(["deps", "--upgrade"]).success();
        assert_eq!(said(p, &p.root()), "[1, 3, 2]");
        assert_ne!(p.text("package-lock.yml"), before);
    });
}

#[test]
fn packages_are_added_by_their_source() {
    on_duckdb(|p| {
        project(p);
        let (four, _) = repository(p, "four", "");
        let four = format!("file://{}@v1", four.display());
        p.file("folder/dbt_project.yml", "name: five\nversion: 1.0.0\n");
        p.file("folder/macros/m.sql", "{% macro five() %}{{ return(5) }}{% endmacro %}");
        p.karat(["deps", "--add-package", &four, "--source", "git"]).success();
        p.karat(["deps", "--add-package", "folder", "--source", "local"]).success();
        p.file("macros/more.sql", "{% macro more() %}{{ print([four.four(), five.five()]) }}{% endmacro %}");
        p.karat(["-q", "run-operation", "more"]).success().stdout_has("[1, 5]");
        let listed = p.text("packages.yml");
        assert!(listed.contains("revision: v1") && listed.contains("- local: folder"), "{listed}");
    });
}

#[test]
fn packages_do_not_see_the_vars_of_the_command_line_in_their_project_file() {
    on_adapters(|p| {
        p.file("packages.yml", "packages: [{local: tools}]\n");
        p.file(
            "tools/dbt_project.yml",
            "name: tools\nversion: '1.0'\nmodels: {tools: {+materialized: \"{{ var('how', 'view') }}\"}}\n",
        );
        p.file("tools/models/t.sql", "select 1 as id").file("models/a.sql", "select 1 as id");
        p.configure("models: {shop: {+materialized: \"{{ var('how', 'view') }}\"}}");
        p.karat(["deps"]).success();
        p.karat(["run", "--vars", "how: table"]).success();
        assert_eq!(p.relations(), ["analytics.a table", "analytics.t view"]);
    });
}
