//! Folders of the user's: all or nothing, one at a time, links, names that clash, files that disagree.

use super::world::World;
use serde_json::json;
use std::fs;

fn world() -> World {
    World::new()
        .file("shop/packages.yml", "packages:\n  - local: ../tools\n")
        .file("tools/dbt_project.yml", "name: tools\n")
        .file("tools/packages.yml", "packages:\n  - local: ../deep\n")
        .file("deep/dbt_project.yml", "name: deep\n")
}

#[test]
fn links_folders_with_what_they_need() {
    let world = world();
    let expect = [
        "Updating lock file in file path: DIR/shop/package-lock.yml",
        "Installing ../tools",
        "Installed from <local @ ../tools>",
        "Installing ../deep",
        "Installed from <local @ ../deep>",
    ];
    assert_eq!(world.deps().ok(), expect);
    assert_eq!(world.deps().ok(), expect[1..]);
    #[cfg(unix)]
    assert_eq!(fs::read_link(world.path("shop/dbt_packages/tools")).unwrap(), world.path("tools"));
    assert_eq!(world.installed(), ["deep", "tools"]);
}

#[test]
fn circles_end() {
    let world = world().file("deep/packages.yml", "packages:\n  - local: ../tools\n");
    world.deps().ok();
    assert_eq!(world.installed(), ["deep", "tools"]);
}

#[test]
fn what_is_no_longer_listed_goes_and_files_stay() {
    let world = world().file("shop/dbt_packages/.gitignore", "*\n");
    world.deps().ok();
    world.write("shop/dbt_packages/stale/dbt_project.yml", "name: stale\n");
    world.write("tools/packages.yml", "packages: []\n");
    let mut options = world.options("shop");
    options.upgrade = true;
    world.deps_with(&options).ok();
    assert_eq!(world.installed(), ["tools"]);
    assert!(world.path("deep/dbt_project.yml").is_file());
    assert_eq!(world.read("shop/dbt_packages/.gitignore"), "*\n");
    world.write("shop/packages.yml", "packages:\n");
    assert_eq!(world.deps().ok(), ["Warning: No packages were found in packages.yml"]);
    assert_eq!(world.installed(), [""; 0]);
}

#[test]
fn a_failed_install_changes_nothing() {
    let world = world();
    world.server.package("hubby", &[("1.0.0", json!({})), ("2.0.0", json!({}))]);
    world.write("shop/packages.yml", "packages:\n  - package: acme/hubby\n    version: 1.0.0\n");
    world.deps().ok();
    world.server.page("/hubby/2.0.0.tar.gz", 404, "");
    world.write(
        "shop/packages.yml",
        "packages:\n  - package: acme/hubby\n    version: 2.0.0\n  - local: ../tools\n",
    );
    let faults = world.deps().faults();
    assert_eq!(faults.len(), 1);
    assert!(faults[0].contains("the server answered 404"), "{faults:?}");
    assert_eq!(world.installed(), ["hubby"]);
    assert!(world.read("shop/dbt_packages/hubby/dbt_project.yml").contains("1.0.0"));
}

#[test]
fn many_at_once_are_safe() {
    let world = world();
    world.server.package("hubby", &[("1.0.0", json!({}))]);
    world.write(
        "shop/packages.yml",
        "packages:\n  - package: acme/hubby\n    version: 1.0.0\n  - local: ../tools\n",
    );
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..6).map(|_| scope.spawn(|| world.deps().ok())).collect();
        runs.into_iter().for_each(|run| drop(run.join().unwrap()));
    });
    assert_eq!(world.installed(), ["deep", "hubby", "tools"]);
    let left: Vec<_> = fs::read_dir(world.path("cache/staging")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The faults of some files.
#[track_caller]
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let world = world();
    for (path, text) in files {
        world.write(path, text);
    }
    let dir = world.dir.path().display().to_string();
    let faults: Vec<String> = world.deps().faults().iter().map(|fault| fault.replace(&dir, "DIR")).collect();
    assert_eq!(faults, expect);
}

#[test]
fn says_what_clashes() {
    check(
        &[("deep/dbt_project.yml", "name: shop\n")],
        &[
            "Found a dependency with the same name as the root project \"shop\". Package names must be unique in a \
            project. Please rename one of these packages. (../tools/packages.yml:2:5)",
        ],
    );
    check(
        &[("deep/dbt_project.yml", "name: tools\n")],
        &[
            "Found duplicate project \"tools\". This occurs when a dependency has the same project name as some \
            other dependency. (../tools/packages.yml:2:5)",
        ],
    );
    check(
        &[("shop/packages.yml", "packages:\n  - local: ../nope\n  - local: ../neither\n")],
        &[
            "No dbt_project.yml found at expected path DIR/nope/dbt_project.yml (../nope/dbt_project.yml)",
            "No dbt_project.yml found at expected path DIR/neither/dbt_project.yml (../neither/dbt_project.yml)",
        ],
    );
    check(
        &[("deep/dbt_project.yml", "name: ../../evil\n")],
        &["`../../evil` cannot be the name of a package (../deep/dbt_project.yml:1:7)"],
    );
    check(
        &[("shop/dbt_project.yml", "name: shop\npackages-install-path: ..\n")],
        &["packages cannot be installed into `DIR/shop/..`, which holds the project"],
    );
    check(
        &[("shop/dependencies.yml", "packages: []\n")],
        &["The 'packages' key cannot be specified in both packages.yml and dependencies.yml \
            (dependencies.yml:1:1)"],
    );
    check(
        &[("shop/packages.yml", "packages: []\nprojects: []\n")],
        &["The 'projects' key cannot be specified in packages.yml (packages.yml:2:1)"],
    );
    check(
        &[("shop/packages.yml", "packages:\n  - private: org/repo\n")],
        &[
            "Cannot resolve private package org/repo because git provider integration is missing. Please use a \
            \"git\" package instead. (packages.yml:2:5)",
        ],
    );
}

#[test]
fn takes_dependencies_with_projects() {
    let world =
        world().file("shop/dependencies.yml", "projects:\n  - name: up\npackages:\n  - local: ../tools\n");
    fs::remove_file(world.path("shop/packages.yml")).unwrap();
    world.deps().ok();
    assert_eq!(world.installed(), ["deep", "tools"]);
    let mut secret = world.options("shop");
    world.write(
        "shop/dependencies.yml",
        "packages:\n  - package: \"{{ env_var('X') }}\"\n    version: 1.0.0\n",
    );
    secret.upgrade = true;
    let fault = world.deps_with(&secret).result.unwrap_err();
    let helps = fault.helps().join("\n");
    assert!(helps.contains("not in dependencies.yml"), "{helps}");
}

#[test]
fn secrets_stay_out_of_faults() {
    let world = world().var("DBT_ENV_SECRET_TOKEN", "hush-hush").file(
        "shop/packages.yml",
        "packages:\n  - git: \"http://me:{{ env_var('DBT_ENV_SECRET_TOKEN') }}@127.0.0.1:1/x\"\n    revision: v1\n  \
         - tarball: \"http://me:plain-one@127.0.0.1:1/y\"\n    name: why\n",
    );
    let fault = world.deps().result.unwrap_err();
    let text = fault.full_text();
    assert!(!text.contains("hush-hush") && !text.contains("plain-one"), "{text}");
    assert!(text.contains("http://me:*****@127.0.0.1:1/y"), "{text}");
}
