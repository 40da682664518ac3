//! `--add-package` in files of several forms.

use super::world::World;
use crate::packages::{AddPackage, AddSource};
use serde_json::json;

/// packages.yml before and after a package was added; before may be empty for no file.
#[track_caller]
fn check(before: &str, add: &str, source: AddSource, after: Result<&str, &str>) {
    let world = World::new().file("tools/dbt_project.yml", "name: tools\n");
    world.server.package("low", &[("0.2.0", json!({})), ("0.3.0", json!({}))]);
    if !before.is_empty() {
        world.write("shop/packages.yml", before);
    }
    let mut options = world.options("shop");
    options.lock = true;
    options.add = Some(AddPackage::parse(add, source).unwrap());
    let done = world.deps_with(&options);
    match after {
        Ok(after) => {
            let said = done.ok();
            assert_eq!(world.read("shop/packages.yml"), after);
            assert!(said.iter().any(|line| line.starts_with("Added new package")), "{said:?}");
        }
        Err(message) => {
            assert!(done.faults()[0].contains(message));
            assert_eq!(world.path("shop/packages.yml").exists(), !before.is_empty());
            if !before.is_empty() {
                assert_eq!(world.read("shop/packages.yml"), before);
            }
        }
    }
}

#[test]
fn adds_to_what_is_there() {
    let low = "packages:\n  - package: acme/low\n    version: 0.3.0\n";
    check("", "acme/low@0.3.0", AddSource::Hub, Ok(low));
    check("packages: []\n", "acme/low@0.3.0", AddSource::Hub, Ok(low));
    check("packages:\n", "acme/low@0.3.0", AddSource::Hub, Ok(low));
    check(
        "# ours\npackages:\n- local: ../tools # keep\n\n# the end\n",
        "acme/low@>=0.1.0,<0.3.0",
        AddSource::Hub,
        Ok(
            "# ours\npackages:\n- local: ../tools # keep\n- package: acme/low\n  version:\n    - '>=0.1.0'\n    \
            - <0.3.0\n\n# the end\n",
        ),
    );
    check(
        "packages:\n  # old\n  - package: acme/low\n    version: 0.2.0\n  - local: ../tools\n",
        "acme/low@0.3.0",
        AddSource::Hub,
        Ok("packages:\n  # old\n  - local: ../tools\n  - package: acme/low\n    version: 0.3.0\n"),
    );
    check(
        "packages:\n  - package: acme/low\n    version: 0.2.0\n",
        "../tools",
        AddSource::Local,
        Ok("packages:\n  - package: acme/low\n    version: 0.2.0\n  - local: ../tools\n"),
    );
}

#[test]
fn leaves_the_file_where_it_cannot_add() {
    check("packages: [{local: ../tools}]\n", "acme/low@0.3.0", AddSource::Hub, Err("cannot be added to"));
    check(
        "packages:\n  - local: ../tools\n",
        "acme/low@9.0.0",
        AddSource::Hub,
        Err("Could not find a matching"),
    );
    check("", "acme/nope@1.0.0", AddSource::Hub, Err("was not found in the package index"));
}
