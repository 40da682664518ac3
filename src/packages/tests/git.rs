//! Packages from repositories: revisions, folders, hostile URLs, no network.

use super::world::World;
use std::fs;

fn world() -> World {
    let world = World::new()
        .file("gp/dbt_project.yml", "name: gp\n")
        .file("gp/macros/m.sql", "one")
        .file("gp/sub/dbt_project.yml", "name: gpsub\n");
    world.commit("gp", Some("v1"));
    world.write("gp/macros/m.sql", "two");
    world.commit("gp", None);
    world
}

/// The text of the macro that is installed for a revision.
#[track_caller]
fn check(revision: &str, expect: &str) {
    let world = world();
    world.write(
        "shop/packages.yml",
        &format!("packages:\n  - git: file://DIR/gp\n    revision: {revision}\n"),
    );
    world.deps().ok();
    assert_eq!(world.read("shop/dbt_packages/gp/macros/m.sql"), expect);
    assert!(!world.path("shop/dbt_packages/gp/.git").exists());
}

#[test]
fn takes_tags_branches_and_commits() {
    check("v1", "one");
    check("main", "two");
    let world = world();
    let first = world.commit("gp", None);
    world.write("gp/macros/m.sql", "three");
    world.commit("gp", None);
    world.write("shop/packages.yml", &format!("packages:\n  - git: file://DIR/gp\n    revision: {first}\n"));
    world.deps().ok();
    assert_eq!(world.read("shop/dbt_packages/gp/macros/m.sql"), "two");
}

#[test]
fn warns_once_of_what_is_not_pinned_and_knows_folders() {
    let world = world().file(
        "shop/packages.yml",
        "packages:\n  - git: file://DIR/gp.git\n  - git: file://DIR/gp.git\n    subdirectory: sub\n",
    );
    fs::rename(world.path("gp"), world.path("gp.git")).unwrap();
    let commit = world.commit("gp.git", None);
    let said = world.deps().ok();
    assert_eq!(
        said,
        [
            "DepsUnpinned: The git package \"file://DIR/gp.git\" \n\tis not pinned, using HEAD (default branch).\n\t\
             This can introduce breaking changes into your project without warning!"
                .to_string(),
            "Updating lock file in file path: DIR/shop/package-lock.yml".into(),
            "Installing file://DIR/gp.git".into(),
            format!("Installed from revision {commit}"),
            "Installing file://DIR/gp.git/sub".into(),
            format!("Installed from revision {commit}"),
            "and subdirectory sub".into(),
        ]
    );
    assert_eq!(world.installed(), ["gp", "gpsub"]);
}

#[test]
fn installs_a_second_project_without_the_repository() {
    let world = world()
        .file("shop/packages.yml", "packages:\n  - git: file://DIR/gp\n    revision: main\n")
        .file("other/dbt_project.yml", "name: other\n");
    world.deps().ok();
    fs::copy(world.path("shop/packages.yml"), world.path("other/packages.yml")).unwrap();
    fs::rename(world.path("gp"), world.path("moved")).unwrap();
    world.deps_with(&world.options("other")).ok();
    assert_eq!(world.read("other/dbt_packages/gp/macros/m.sql"), "two");
}

#[test]
fn counts_what_dbt_cloned() {
    let world = world().file("shop/packages.yml", "packages:\n  - git: file://DIR/gp\n    revision: main\n");
    let mut options = world.options("shop");
    options.lock = true;
    world.deps_with(&options).ok();
    fs::create_dir(world.path("shop/dbt_packages")).unwrap();
    fs::rename(world.path("gp"), world.path("shop/dbt_packages/gp")).unwrap();
    fs::remove_dir_all(world.path("cache")).unwrap();
    let said = world.deps().ok();
    assert!(said[0].starts_with("Already installed: file://DIR/gp (revision "), "{said:?}");
}

/// The faults of one entry of git.
#[track_caller]
fn refused(entry: &str, expect: &[&str]) {
    let world = world();
    world.write("shop/packages.yml", &format!("packages:\n  - {entry}\n"));
    assert_eq!(world.deps().faults(), expect, "{entry}");
    assert!(!world.path("pwned").exists());
}

#[test]
fn nothing_becomes_an_option_or_a_command() {
    let at = |text: &str| text.to_string();
    for (entry, expect) in [
        (
            "{git: \"--upload-pack=touch pwned\"}",
            at("`--upload-pack=touch pwned` is no URL of a git repository"),
        ),
        ("{git: \"ext::sh -c date\"}", at("`ext::sh -c date` is no URL of a git repository")),
        ("{git: \"file://x\", revision: \"--all\"}", at("`--all` is no git revision")),
        ("{git: \"file://x\", revision: \"a..b\"}", at("`a..b` is no git revision")),
        ("{git: \"file://x\", revision: \"a:b\"}", at("`a:b` is no git revision")),
        (
            "{git: \"file://x\", subdirectory: ../y}",
            at("the subdirectory `../y` leads out of the repository"),
        ),
        ("{git: \"file://x\", subdirectory: /y}", at("the subdirectory `/y` leads out of the repository")),
    ] {
        refused(entry, &[&format!("{expect} (packages.yml:2:5)")]);
    }
}

#[test]
fn says_which_revision_or_folder_is_missing() {
    let world = world().file(
        "shop/packages.yml",
        "packages:\n  - git: file://DIR/gp\n    revision: v9\n  - git: file://DIR/nope\n    revision: v1\n  \
         - git: file://DIR/gp\n    revision: v1\n    subdirectory: nope\n",
    );
    let dir = world.path("").display().to_string();
    let faults: Vec<String> =
        world.deps().faults().iter().map(|f| f.replace(dir.trim_end_matches('/'), "DIR")).collect();
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert_eq!(faults[0], "the git repository `file://DIR/gp` has no tag or branch `v9` (packages.yml:2:5)");
    assert!(faults[1].starts_with("git cannot fetch `v1` of `file://DIR/nope`\nfatal:"), "{}", faults[1]);
    assert_eq!(faults[2], "`file://DIR/gp` has no folder `nope` at revision `v1` (packages.yml:6:5)");
}

#[cfg(unix)]
#[test]
fn leaves_links_out_of_the_package_behind() {
    let world = world().file("shop/packages.yml", "packages:\n  - git: file://DIR/gp\n");
    std::os::unix::fs::symlink("/etc/passwd", world.path("gp/macros/secret.sql")).unwrap();
    std::os::unix::fs::symlink("m.sql", world.path("gp/macros/twin.sql")).unwrap();
    world.commit("gp", None);
    world.deps().ok();
    assert!(world.path("shop/dbt_packages/gp/macros/secret.sql").symlink_metadata().is_err());
    assert_eq!(world.read("shop/dbt_packages/gp/macros/twin.sql"), "two");
}

#[test]
fn two_revisions_are_one_too_many() {
    let world = world().file(
        "shop/packages.yml",
        "packages:\n  - git: file://DIR/gp\n    revision: v1\n  - git: file://DIR/gp.git\n    revision: main\n",
    );
    let faults = world.deps().faults();
    assert!(faults[0].contains("git dependencies should contain exactly one version."), "{faults:?}");
}
