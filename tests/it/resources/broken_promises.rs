//! Contracts that an earlier state of the project had: what is no longer kept is told by `state:`.

use crate::harness::*;

const UNVERSIONED: &str = "detected a breaking change to an unversioned model";
const ENFORCED: &str = "Breaking change to contract Error in model a";
const CHECKS: [&str; 2] = ["state:modified", "state:modified.contract"];

/// `a` with a contract; `more` stands in its entry, as `versions` or `config` would.
fn contract(p: &Project, config: &str, more: &str) {
    p.file(
        "models/a.yml",
        &format!(
            "models:\n  - name: a\n    config: {{materialized: table, contract: {{enforced: true}}{config}}}\n{more}    \
             columns:\n      - {{name: id, data_type: integer, constraints: [{{type: not_null}}]}}\n"
        ),
    );
}

fn stage(p: &Project, more: &str) {
    p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select 2 as id");
    contract(p, "", more);
    p.karat(["-q", "parse", "--target-path", "state"]).success();
}

const VERSIONS: &str = "    versions: [{v: 1, defined_in: a}]\n";

#[test]
fn a_model_without_versions_warns() {
    on_adapters(|p| {
        let told = |how: &str| {
            for check in CHECKS {
                let outcome = p.karat(["ls", "--select", check, "--state", "state"]);
                outcome.success().stdout_has(UNVERSIONED).stdout_has(how);
            }
            let strict = p.karat(["--warn-error", "ls", "--select", CHECKS[1], "--state", "state"]);
            strict.exit(2).stdout_has("Compilation Error");
        };
        stage(p, "");
        contract(p, ", enabled: false", "");
        told("Contracted model 'model.shop.a' was disabled.");
        p.remove("models/a.sql").remove("models/a.yml");
        told("Contracted model 'model.shop.a' was deleted or renamed.");
        stage(p, "");
        p.file("models/a.sql", "{{ config(materialized='view') }} select 1 as id");
        told("Materialization changed with enforced constraints");
        p.file("models/a.sql", "select 1 as id").remove("models/a.yml");
        told("Contract enforcement was removed");
    });
}

#[test]
fn a_model_with_versions_is_held_to_its_contract() {
    on_adapters(|p| {
        let told = |how: &str| {
            for check in CHECKS {
                let outcome = p.karat(["run", "--select", check, "--state", "state"]);
                outcome.exit(2).stdout_has(ENFORCED).stdout_has(how);
            }
        };
        stage(p, VERSIONS);
        contract(p, ", enabled: false", VERSIONS);
        told("Contracted model 'model.shop.a.v1' was disabled.");
        p.remove("models/a.sql").remove("models/a.yml");
        told("Contracted model 'model.shop.a.v1' was deleted or renamed.");
    });
}

#[test]
fn other_checks_and_models_without_contract_say_nothing() {
    on_duckdb(|p| {
        stage(p, VERSIONS);
        p.remove("models/a.sql").remove("models/a.yml");
        p.karat(["ls", "--select", "state:new", "--state", "state"])
            .success()
            .stdout_lacks("breaking change");
        p.file("models/b.yml", "models: [{name: b, config: {enabled: false}}]");
        p.karat(["-q", "parse", "--target-path", "state"]).success();
        p.remove("models/b.sql").remove("models/b.yml").file("models/c.sql", "select 1 as id");
        p.karat(["ls", "--select", CHECKS[0], "--state", "state"]).success().stdout_lacks("breaking change");
    });
}

#[test]
fn what_is_past_its_deprecation_may_go() {
    on_adapters(|p| {
        stage(p, "    versions: [{v: 1, defined_in: a, deprecation_date: 2020-01-01}]\n");
        p.remove("models/a.sql").remove("models/a.yml");
        p.karat(["ls", "--select", CHECKS[0], "--state", "state"]).success().stdout_lacks("breaking change");
    });
}

#[test]
fn big_seeds_are_known_by_their_path() {
    on_duckdb(|p| {
        let list = ["ls", "--select", "state:modified", "--state", "state"];
        p.file("seeds/big.csv", "id\n1\n");
        p.karat(["-q", "parse", "--target-path", "state"]).success();
        p.file("seeds/big.csv", &format!("id\n{}", "1234567\n".repeat(140_000)));
        p.karat(list).success().stdout_has(">1MB in size").stdout_has("shop.big");
        let strict = p.karat([&["--warn-error"], &list[..]].concat());
        strict.exit(2).stdout_has("Compilation Error").stdout_has(">1MB in size");
        p.karat(["-q", "parse", "--target-path", "state"]).success();
        p.file("seeds/big.csv", &format!("id\n{}", "7654321\n".repeat(140_000)));
        p.karat(list).success().stdout_has("taken to be the same").prints("No nodes selected!");
    });
}
