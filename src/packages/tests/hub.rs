//! Packages of the hub: ranges, what they need, redirects, the cache without a network.

use super::world::World;
use serde_json::json;
use std::fs;

fn world() -> World {
    let world = World::new().file(
        "shop/packages.yml",
        "packages:\n  - package: acme/hubby\n    version: [\">=0.1.0\", \"<2.0.0\"]\n",
    );
    let low = json!({"packages": [{"package": "acme/low", "version": [">=0.2.0", "<0.4.0"]}]});
    let far = json!({"require_dbt_version": [">=3.0.0"]});
    world.server.package(
        "hubby",
        &[
            ("0.9.0", low.clone()),
            ("1.0.0", low.clone()),
            ("1.5.0", far),
            ("1.6.0-rc1", low.clone()),
            ("2.1.0", low),
        ],
    );
    world.server.package(
        "low",
        &[("0.1.0", json!({})), ("0.2.0", json!({})), ("0.3.0", json!({})), ("0.4.0", json!({}))],
    );
    world
}

#[test]
fn installs_what_fits_and_what_that_needs() {
    let world = world();
    assert_eq!(
        world.deps().ok(),
        [
            "Updating lock file in file path: DIR/shop/package-lock.yml",
            "Installing acme/hubby",
            "Installed from version 1.0.0",
            "Updated version available: 2.1.0",
            "Installing acme/low",
            "Installed from version 0.3.0",
            "Updated version available: 0.4.0",
            "",
            "Updates available for packages: ['acme/hubby', 'acme/low']\n\
             Update your versions in packages.yml, then run dbt deps",
        ]
    );
    assert_eq!(world.installed(), ["hubby", "low"]);
    assert_eq!(
        world.read("shop/package-lock.yml"),
        "packages:\n  - name: hubby\n    package: acme/hubby\n    version: 1.0.0\n  - name: low\n    \
         package: acme/low\n    version: 0.3.0\nsha1_hash: c6b9ed74b24510f8a014395e1effe90cb03f864f\n"
    );
    assert_eq!(
        world.server.asked(),
        ["/api/v1/acme/hubby.json", "/api/v1/acme/low.json", "/hubby/1.0.0.tar.gz", "/low/0.3.0.tar.gz"]
    );
}

#[test]
fn fetches_nothing_that_is_there() {
    let world = world();
    world.deps().ok();
    world.server.asked();
    let said = world.deps().ok();
    assert_eq!(
        said,
        ["Already installed: acme/hubby (version 1.0.0)", "Already installed: acme/low (version 0.3.0)"]
    );
    assert_eq!(world.server.asked(), [""; 0]);

    // What was changed by hand is put right from the cache.
    world.write("shop/dbt_packages/low/macros/m.sql", "changed");
    world.deps().ok();
    assert!(world.read("shop/dbt_packages/low/macros/m.sql").starts_with("{% macro"));
    assert!(world.server.asked().iter().all(|path| path.starts_with("/api/")));

    // What dbt itself installed has no marker, and counts too.
    fs::remove_file(world.path("shop/dbt_packages/.karat-packages.json")).unwrap();
    world.deps().ok();
    assert_eq!(world.server.asked(), [""; 0]);
}

#[test]
fn installs_a_second_project_without_a_network() {
    let world = world().file("other/dbt_project.yml", "name: other\n");
    world.deps().ok();
    fs::copy(world.path("shop/packages.yml"), world.path("other/packages.yml")).unwrap();
    for path in
        ["/api/v1/acme/hubby.json", "/api/v1/acme/low.json", "/hubby/1.0.0.tar.gz", "/low/0.3.0.tar.gz"]
    {
        world.server.page(path, 503, "");
    }
    let said = world.deps_with(&world.options("other")).ok();
    assert!(said.contains(&"Installed from version 0.3.0".to_string()), "{said:?}");
    assert!(said[0].contains("taking what it told last"), "{said:?}");
    assert!(world.path("other/dbt_packages/low/dbt_project.yml").is_file());
}

#[test]
fn without_a_cache_it_works_too() {
    let world = world();
    let mut options = world.options("shop");
    options.cache = None;
    world.deps_with(&options).ok();
    assert_eq!(world.installed(), ["hubby", "low"]);
    assert!(!world.path("cache").exists());
}

#[test]
fn a_damaged_cache_is_only_slow() {
    let world = world();
    world.deps().ok();
    for entry in walkdir::WalkDir::new(world.path("cache/trees")).into_iter().flatten() {
        if entry.file_type().is_file() {
            fs::write(entry.path(), "damaged").unwrap();
        }
    }
    fs::remove_dir_all(world.path("shop/dbt_packages")).unwrap();
    world.deps().ok();
    assert!(world.read("shop/dbt_packages/low/dbt_project.yml").starts_with("name: low"));
}

#[test]
fn locks_and_upgrades_on_demand() {
    let world = world();
    let mut options = world.options("shop");
    options.lock = true;
    assert_eq!(
        world.deps_with(&options).ok(),
        ["Updating lock file in file path: DIR/shop/package-lock.yml"]
    );
    assert!(!world.path("shop/dbt_packages").exists());
    world.server.package("low", &[("0.3.0", json!({})), ("0.3.5", json!({}))]);
    world.deps().ok();
    assert!(world.read("shop/package-lock.yml").contains("version: 0.3.0"));
    options.upgrade = true;
    options.lock = false;
    world.deps_with(&options).ok();
    assert!(world.read("shop/package-lock.yml").contains("version: 0.3.5"));
    assert!(world.read("shop/dbt_packages/low/dbt_project.yml").contains("0.3.5"));
}

/// The messages of a packages.yml that cannot be resolved.
#[track_caller]
fn check(packages: &str, expect: &[&str]) {
    let world = world();
    world.write("shop/packages.yml", packages);
    assert_eq!(world.deps().faults(), expect);
    assert!(!world.path("shop/package-lock.yml").exists());
}

#[test]
fn says_what_does_not_fit() {
    check(
        "packages:\n  - package: acme/hubby\n    version: \">=5.0.0\"\n  - package: acme/nope\n    version: 1.0.0\n",
        &[
            "Could not find a matching compatible version for package acme/hubby\n  Requested range: >=5.0.0\n  \
             Compatible versions: ['0.9.0', '1.0.0', '2.1.0'] (packages.yml:2:5)",
            "Package acme/nope was not found in the package index (packages.yml:4:5)",
        ],
    );
    check(
        "packages:\n  - package: acme/hubby\n    version: 1.0.0\n  - package: acme/low\n    version: 0.1.0\n",
        &[
            "Version error for package acme/low: Could not find a satisfactory version from options: ['=0.1.0', \
            '>=0.2.0', '<0.4.0'] (packages.yml:4:5)",
        ],
    );
}

#[test]
fn takes_prereleases_that_are_asked_for() {
    let world = world();
    world.write("shop/packages.yml", "packages:\n  - package: acme/hubby\n    version: 1.6.0-rc1\n");
    world.deps().ok();
    assert!(world.read("shop/package-lock.yml").contains("version: 1.6.0-rc1"));
    world.write(
        "shop/packages.yml",
        "packages:\n  - package: acme/hubby\n    version: \">=1.0.0,<2.0.0\"\n    install_prerelease: true\n",
    );
    let faults = world.deps().faults();
    assert_eq!(faults, ["\">=1.0.0,<2.0.0\" is not a valid semantic version (packages.yml:3:14)"]);
    world.write(
        "shop/packages.yml",
        "packages:\n  - package: acme/hubby\n    version: [\">=1.0.0\", \"<2.0.0\"]\n    install_prerelease: true\n",
    );
    world.deps().ok();
    assert!(world.read("shop/package-lock.yml").contains("version: 1.6.0-rc1"));
}

#[test]
fn takes_other_releases_of_dbt_without_the_check() {
    let world = world();
    let mut options = world.options("shop");
    options.flags.version_check = false;
    world.deps_with(&options).ok();
    assert!(world.read("shop/package-lock.yml").contains("version: 1.5.0"));
}

#[test]
fn warns_of_a_redirect() {
    let world =
        World::new().file("shop/packages.yml", "packages:\n  - package: acme/old\n    version: 1.0.0\n");
    world.server.package("old", &[("1.0.0", json!({}))]);
    let told = json!({"name": "old", "namespace": "acme", "redirectname": "new", "versions": {
        "1.0.0": {"name": "old", "packages": [], "downloads": {"tarball": format!("{}old/1.0.0.tar.gz", world.server.url)}}
    }});
    world.server.page("/api/v1/acme/old.json", 200, told.to_string());
    let said = world.deps().ok();
    assert_eq!(
        said[0],
        "PackageRedirectDeprecation: The `acme/old` package is deprecated in favor of `acme/new`"
    );
    assert_eq!(said.last().unwrap(), "Up to date!");
}
