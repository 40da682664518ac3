//! Groups and access: who may refer to a model.

use crate::harness::*;

fn stage(p: &Project, access: &str, group_of_user: &str) {
    p.file(
        "models/g.yml",
        &format!(
            "groups:\n  - {{name: sales, owner: {{name: Ada, email: ada@example.org}}}}\n  \
             - {{name: ops, owner: {{email: ops@example.org}}}}\nmodels:\n  - name: inner\n    \
             config: {{group: sales, access: {access}}}\n  - name: outer\n    config: {{{group_of_user}}}\n"
        ),
    );
    p.file("models/inner.sql", "select 1 as id");
    p.file("models/outer.sql", "select id from {{ ref('inner') }}");
}

#[test]
fn a_private_model_is_for_its_group() {
    on_adapters(|p| {
        stage(p, "private", "group: sales");
        p.karat(["run"]).success();
        for other in ["group: ops", ""] {
            stage(p, "private", other);
            let outcome = p.karat(["run"]);
            outcome.exit(2).stdout_has("private").stdout_has("sales");
        }
    });
}

#[test]
fn a_protected_or_public_model_is_for_the_whole_project() {
    on_adapters(|p| {
        for access in ["protected", "public"] {
            stage(p, access, "");
            p.karat(["run"]).success();
        }
    });
}

#[test]
fn an_unknown_access_or_group_is_refused() {
    on_adapters(|p| {
        stage(p, "hidden", "");
        p.karat(["run"]).exit(2).stdout_has("hidden");
        stage(p, "public", "group: nobody");
        p.karat(["run"]).exit(2).stdout_has("nobody");
    });
}

/// A package `lib` with a model `inner`.
fn with_package(p: &Project, access: &str, restricted: bool) {
    p.file(
        "lib/dbt_project.yml",
        &format!("name: lib\nversion: '1.0'\nconfig-version: 2\nrestrict-access: {restricted}\n"),
    );
    p.file("lib/models/inner.sql", "select 1 as id");
    p.file("lib/models/inner.yml", &format!("models: [{{name: inner, config: {{access: {access}}}}}]\n"));
    p.file("packages.yml", "packages:\n  - local: lib\n");
    p.file("models/outer.sql", "select id from {{ ref('lib', 'inner') }}");
    p.karat(["deps"]).success();
}

#[test]
fn a_restricted_package_keeps_what_is_protected() {
    on_adapters(|p| {
        with_package(p, "protected", false);
        p.karat(["run"]).success();
        with_package(p, "public", true);
        p.karat(["run"]).success();
        with_package(p, "protected", true);
        p.karat(["run"]).exit(2).stdout_has("protected");
    });
}
