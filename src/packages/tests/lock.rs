//! package-lock.yml: hashes that dbt Core 1.11 computed of the same lists, and secrets that stay out.

use super::world::World;
use crate::error::ErrorKind;
use crate::packages::{lock, read};
use crate::project::yaml::YamlFile;
use crate::project::{Environment, Map, Renderer, Secrets};
use std::sync::Arc;

/// The hash of a list of packages, or the first fault.
#[track_caller]
fn check(packages: &str, expect: &str) {
    let file = YamlFile::parse("packages.yml", packages.as_bytes(), ErrorKind::Dependency).unwrap();
    let got = match read::entries(&Arc::new(file), None) {
        Ok(specs) => lock::hash(&specs).unwrap(),
        Err(fault) => fault.message().to_string(),
    };
    assert_eq!(got, expect, "{packages}");
}

#[test]
fn hashes_as_dbt_does() {
    check("packages: [{local: ../tools}]", "6d3decc83b0a541afdaedc8943bf1ac4248a5a14");
    check(
        "packages: [{package: dbt-labs/dbt_utils, version: 1.1.1}]",
        "a158c48c59c2bb7d729d2a4e215aabe5bb4f3353",
    );
    check(
        "packages: [{package: dbt-labs/dbt_utils, version: ['>=1.0.0', <2.0.0]}]",
        "dd1e1feb2d2bbce79e7a255cd309a60e6548df0b",
    );
    check(
        "packages: [{package: dbt-labs/dbt_utils, version: 1.1.1, install_prerelease: true}]",
        "20055d03ea161564c7b83beb3bc74d03f8f5cf36",
    );
    check(
        "packages: [{package: a/b, version: [0.1.0], install_prerelease: null}]",
        "a4c3019c7cba040d792cefdba780bb694effbea2",
    );
    check("packages: [{git: 'https://x/y.git'}]", "f48a339deec875966716571e6eca5cf96910edd3");
    check("packages: [{git: 'https://x/y.git', revision: 1.0}]", "14ad9efd9ece9f3d4ac11f57d65216f0a9a6d1ed");
    check("packages: [{git: 'https://x/y.git', revision: 2}]", "d782b256032f58be67be82099100676cd8b7fb79");
    check("packages: [{git: 'https://x/y.git', revision: }]", "bf144dc7f7a1a3d3421419aff5398cf5e69b546e");
    check(
        "packages: [{git: 'https://x/y.git', revision: main, warn-unpinned: false, subdirectory: a/b}]",
        "0d3398023bcf217e2876d241a3aedcbeabe36cd7",
    );
    check(
        "packages: [{tarball: 'https://x/y.tar.gz', name: why}]",
        "26fb23c4e64bbc476fbc389586758779c2b0137b",
    );
    check(
        "packages: [{private: org/repo, provider: github, revision: '1.0'}]",
        "43cd82847eada5b1e5fa15e816ef1e2d31a1f85f",
    );
    check("packages: [{local: ../tools, name: tools}]", "87b6cf5309eccbe744c6ec17295609e0626aebda");
    check(
        "packages: [{local: ../tööls}, {package: a/b, version: 0.1.0}]",
        "701fa381a142dab5a7704ea3851fc5f3d2914e55",
    );
    check("packages: []", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

#[test]
fn hashes_what_was_written_and_what_came_of_it() {
    let vars =
        [("DBT_ENV_SECRET_HOME", "/tmp/depsrec/real")].map(|(name, value)| (name.into(), value.into()));
    let environment = Arc::new(Environment::new(vars));
    let renderer = Renderer::new(&environment, &Map::new(), Secrets::Allowed, None).unwrap();
    let text = "packages:\n  - local: \"{{ env_var('TOOLS', '../tools') }}\"\n  \
                - git: \"file://{{ env_var('DBT_ENV_SECRET_HOME') }}/gitpkg\"\n    revision: v1\n";
    let file = YamlFile::parse("packages.yml", text.as_bytes(), ErrorKind::Dependency).unwrap();
    let specs = read::entries(&Arc::new(file), Some(&renderer)).unwrap();
    assert_eq!(lock::hash(&specs).unwrap(), "42a1a8feac3bd743f833220868effc0616a85a0b");
}

#[test]
fn refuses_what_is_no_package() {
    check(
        "packages: [{git: 'https://x/y.git', warn_unpinned: false}]",
        "a `git` package has no key `warn_unpinned`",
    );
    check("packages: [{local: a, git: b}]", "a package comes from one place, not from `git` and `local`");
    check("packages: [{name: b}]", "this package does not say where it comes from");
    check("packages: [{package: a/b}]", "`a/b` needs a version");
    check("packages: [{package: ab, version: 1.0.0}]", "`ab` is no package of the hub");
    check("packages: [{package: ../b, version: 1.0.0}]", "`../b` is no package of the hub");
    check("packages: [{package: a/b, version: 1.0}]", "\"1.0\" is not a valid semantic version");
    check("packages: [{tarball: 'https://x/y.tar.gz'}]", "a tarball needs the `name` of its package");
    check(
        "packages: [{tarball: 'https://x/y.tar.gz', name: ../x}]",
        "`../x` cannot be the name of a package",
    );
    check("packages: [{local: ''}]", "A local package is missing the value of `local`");
    check("packages: [a]", "`an item of packages` must be a mapping, not the text `a`");
}

#[test]
fn keeps_templates_and_secrets_as_written() {
    let world = World::new()
        .var("DBT_ENV_SECRET_BASE", "unknown yet")
        .file("gp/dbt_project.yml", "name: gp\n")
        .file(
            "shop/packages.yml",
            "packages:\n  - local: \"{{ env_var('TOOLS', '../tools') }}\"\n  \
             - git: \"file://{{ env_var('DBT_ENV_SECRET_BASE') }}/gp\"\n    revision: v1\n",
        )
        .file("tools/dbt_project.yml", "name: tools\n");
    let commit = world.commit("gp", Some("v1"));
    let dir = world.path("").display().to_string();
    let world = world.var("DBT_ENV_SECRET_BASE", dir.trim_end_matches('/'));
    let said = world.deps().ok();
    assert!(said.contains(&"Installing file://*****/gp".to_string()), "{said:?}");
    assert_eq!(
        world.read("shop/package-lock.yml"),
        format!(
            "packages:\n  - local: ../tools\n    name: tools\n  - git: file://{{{{ env_var('DBT_ENV_SECRET_BASE') }}}}/gp\n    \
             name: gp\n    revision: {commit}\nsha1_hash: {}\n",
            world.read("shop/package-lock.yml").lines().last().unwrap().trim_start_matches("sha1_hash: ")
        )
    );
    assert_eq!(world.installed(), ["gp", "tools"]);
    // From the lock alone.
    std::fs::remove_dir_all(world.path("shop/dbt_packages")).unwrap();
    world.deps().ok();
    assert_eq!(world.installed(), ["gp", "tools"]);
}

#[test]
fn reads_the_lock_of_an_older_dbt_and_refuses_a_broken_one() {
    let world = World::new()
        .file("tools/dbt_project.yml", "name: tools\n")
        .file("shop/packages.yml", "packages:\n  - local: ../tools\n")
        .file(
            "shop/package-lock.yml",
            "packages:\n- local: ../tools\nsha1_hash: 6d3decc83b0a541afdaedc8943bf1ac4248a5a14\n",
        );
    assert_eq!(world.deps().ok(), ["Installing ../tools", "Installed from <local @ ../tools>"]);
    assert_eq!(world.installed(), ["tools"]);
    world.write("shop/package-lock.yml", "packages: [\n");
    let fault = world.deps().result.unwrap_err();
    assert_eq!(fault.helps().last().unwrap(), "`karat deps --upgrade` writes the file anew");
}
