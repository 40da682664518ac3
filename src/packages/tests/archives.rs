//! Tarballs, the well-meant and the hostile.

use super::world::{World, archive, entry, file, package_archive};
use std::fs;
use tar::EntryType;

fn world(bytes: Vec<u8>) -> World {
    let world = World::new();
    world.server.page("/p.tar.gz", 200, bytes);
    let url = world.server.url.clone();
    world.write("shop/packages.yml", &format!("packages:\n  - tarball: {url}p.tar.gz\n    name: nice\n"));
    world
}

#[test]
fn installs_a_tarball_under_the_name_it_is_given() {
    let world = world(package_archive("real", "1.0.0"));
    let said = world.deps().ok();
    assert_eq!(said[1..], ["Installing nice", "Installed from tarball (url: HUB/p.tar.gz)"]);
    assert_eq!(world.installed(), ["nice"]);
    assert!(
        world
            .read("shop/package-lock.yml")
            .starts_with("packages:\n  - name: nice\n    tarball: HUB/p.tar.gz\n")
    );
}

#[test]
fn without_an_answer_the_last_one_counts() {
    let world = world(package_archive("real", "1.0.0"));
    world.deps().ok();
    fs::remove_dir_all(world.path("shop/dbt_packages")).unwrap();
    world.server.page("/p.tar.gz", 500, "");
    world.deps().ok();
    assert_eq!(world.installed(), ["nice"]);
    world.server.page("/p.tar.gz", 404, "");
    fs::remove_dir_all(world.path("shop/dbt_packages")).unwrap();
    let faults = world.deps().faults();
    assert!(faults[0].ends_with("p.tar.gz`: the server answered 404 (package-lock.yml:2:5)"), "{faults:?}");
}

/// The fault of an archive; nothing may be written anywhere but into the folder of the package.
#[track_caller]
fn check(expect: &str, bytes: Vec<u8>) {
    let world = world(bytes);
    let faults = world.deps().faults();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains(expect), "{} does not say: {expect}", faults[0]);
    assert_eq!(world.installed(), [""; 0]);
    for entry in walkdir::WalkDir::new(world.dir.path()).into_iter().flatten() {
        assert!(!entry.file_name().to_string_lossy().contains("evil"), "{}", entry.path().display());
    }
    assert!(fs::read_dir(world.path("cache/staging")).unwrap().next().is_none());
}

fn hostile(path: &str, kind: EntryType, target: &str) -> Vec<u8> {
    archive(|tar| {
        file(tar, "p/dbt_project.yml", "name: nice\n");
        entry(tar, path, kind, target, "");
    })
}

#[test]
fn never_leaves_its_folder() {
    let regular = EntryType::Regular;
    check("leads out of its folder", hostile("p/../../evil", regular, ""));
    check("leads out of its folder", hostile("../evil", regular, ""));
    check("leads out of its folder", hostile("/tmp/karat-evil", regular, ""));
    check("leads out of its folder", hostile("p\\..\\..\\evil", regular, ""));
    check("one folder with the package in it", hostile("q/evil", regular, ""));
    check("outside of a folder", hostile("p", regular, ""));
    for target in ["/etc", "../..", "a/../../..", "../evil", "x/..", ""] {
        check("a link that leads out of its folder", hostile("p/evil", EntryType::Symlink, target));
    }
    check("a hard link", hostile("p/evil", EntryType::Link, "/etc/passwd"));
    check("a hard link", hostile("p/evil", EntryType::Link, "p/dbt_project.yml"));
    for kind in [EntryType::Char, EntryType::Block, EntryType::Fifo] {
        check("neither file nor folder", hostile("p/evil", kind, ""));
    }
}

#[test]
fn writes_through_no_link_and_over_no_file() {
    // The link would come after the file, and finds its place taken.
    check(
        "cannot be unpacked",
        archive(|tar| {
            file(tar, "p/dbt_project.yml", "name: nice\n");
            entry(tar, "p/a", EntryType::Symlink, "b", "");
            file(tar, "p/a/evil", "x");
        }),
    );
    check(
        "cannot be unpacked",
        archive(|tar| {
            file(tar, "p/dbt_project.yml", "name: nice\n");
            file(tar, "p/dbt_project.yml", "name: evil\n");
        }),
    );
}

#[test]
fn bounds_what_comes_out() {
    check("cannot be read", b"no archive at all".to_vec());
    check("is empty", archive(|_| {}));
    let mut cut = package_archive("real", "1.0.0");
    cut.truncate(cut.len() / 2);
    check("cannot be", cut);
}

#[cfg(unix)]
#[test]
fn keeps_links_within_the_package() {
    let world = world(archive(|tar| {
        file(tar, "p/dbt_project.yml", "name: nice\n");
        file(tar, "p/docs/a.md", "text");
        entry(tar, "p/macros/b.md", EntryType::Symlink, "../docs/a.md", "");
    }));
    world.deps().ok();
    assert_eq!(world.read("shop/dbt_packages/nice/macros/b.md"), "text");
}

#[test]
fn checks_the_sum_that_the_hub_gives() {
    let wrong = "0123456789012345678901234567890123456789";
    let world =
        World::new().file("shop/packages.yml", "packages:\n  - package: acme/summed\n    version: 1.0.0\n");
    let url = format!("{}summed/1.0.0.tar.gz", world.server.url);
    let told = |sum: &str| serde_json::json!({"downloads": {"tarball": url, "format": "tgz", "sha1": sum}});
    world.server.package("summed", &[("1.0.0", told(wrong))]);
    let faults = world.deps().faults();
    assert!(faults[0].contains("is not what the hub recorded"), "{faults:?}");
    assert_eq!(world.installed(), [""; 0]);
    use sha1::Digest;
    let right = hex::encode(sha1::Sha1::digest(package_archive("summed", "1.0.0")));
    world.server.package("summed", &[("1.0.0", told(&right))]);
    world.deps().ok();
    assert_eq!(world.installed(), ["summed"]);
}
