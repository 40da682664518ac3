//! Names that mean nothing, names used twice: all at once, each with its place.

use super::*;

#[test]
fn every_missing_name_is_told_at_its_call() {
    let told = faults(&[
        ("models/orders.sql", "select 1"),
        ("models/a.sql", "select *\nfrom {{ ref('order') }}\njoin {{ source('raw', 't') }}"),
        ("models/b.sql", "select * from {{ ref('off') }}"),
        ("models/off.sql", "{{ config(enabled=false) }}select 1"),
    ]);
    assert_eq!(
        told,
        [
            "Model 'model.p.a' (models/a.sql) depends on a source named 'raw.t' which was not found (models/a.sql:3:9)",
            "Model 'model.p.a' (models/a.sql) depends on a node named 'order' which was not found (models/a.sql:2:9)",
            "Model 'model.p.b' (models/b.sql) depends on a node named 'off' which is disabled (models/b.sql:1:18)",
        ]
    );
}

#[test]
fn names_are_suggested() {
    let error =
        parsed(&[("models/orders.sql", "select 1"), ("models/a.sql", "{{ ref('order') }}")]).unwrap_err();
    assert_eq!(error.helps(), ["did you mean `orders`?"]);
    assert_eq!(error.source_line(), Some("{{ ref('order') }}"));
}

#[test]
fn tests_of_missing_nodes_warn() {
    let told = warnings(&[(
        "models/s.yml",
        "models:\n  - name: gone\n    columns: [{name: id, data_tests: [not_null]}]\n",
    )]);
    assert_eq!(
        told,
        [
            "NoNodeForYamlKey: Did not find matching node for patch with name 'gone' in the 'models' section of file \
             'models/s.yml' (models/s.yml:2:11)",
            "NodeNotFoundOrDisabled: Test 'test.p.not_null_gone_id.6915518171' (models/s.yml) depends on a node named \
             'gone' which was not found (models/s.yml:3:39)",
        ]
    );
}

#[test]
fn doubles_are_told() {
    let told = faults(&[("models/x/a.sql", "select 1"), ("models/y/a.sql", "select 1")]);
    assert!(told[0].starts_with("dbt found two models with the name \"a\"."), "{told:?}");
    let told = faults(&[("models/a.sql", "{{ config(alias='x') }}select 1"), ("models/x.sql", "select 1")]);
    assert!(
        told[0].starts_with(
            "dbt found two resources with the database representation \"\"w\".\"main\".\"x\"\"."
        ),
        "{told:?}"
    );
    let told =
        faults(&[("models/a.sql", "select 1"), ("models/s.yml", "models:\n  - name: a\n  - name: a\n")]);
    assert!(
        told[0].starts_with("dbt found two schema.yml entries for the same resource named a."),
        "{told:?}"
    );
    assert!(told[0].ends_with("(models/s.yml:3:11)"), "{told:?}");
    let told = faults(&[
        ("models/a.sql", "select 1"),
        ("models/s.yml", "models: [{name: a, columns: [{name: id, data_tests: [unique, unique]}]}]\n"),
    ]);
    assert!(
        told[0].starts_with(
            "dbt found two data_tests with the name \"unique_a_id\" defined on column \"id\" in \"models.a\"."
        ),
        "{told:?}"
    );
}

#[test]
fn private_models_are_for_their_group() {
    let yaml = "groups: [{name: g, owner: {name: me}}]\nmodels: [{name: a, access: private, group: g}]\n";
    let told = faults(&[
        ("models/a.sql", "select 1"),
        ("models/b.sql", "select * from {{ ref('a') }}"),
        ("models/s.yml", yaml),
    ]);
    assert_eq!(
        told,
        [
            "Node model.p.b attempted to reference node model.p.a, which is not allowed because the referenced node is \
          private to the 'g' group. (models/b.sql:1:18)"
        ]
    );
}

#[test]
fn templates_and_yaml_that_break_are_told_together() {
    let told =
        faults(&[("models/a.sql", "select 1\n{{ ref('a', 'b', 'c') }}"), ("models/b.sql", "{% if x %}")]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("ref() takes at most two arguments (3 given) (models/a.sql:2"), "{told:?}");
    let told = faults(&[
        ("models/a.sql", "select 1"),
        ("models/s.yml", "models:\n  - name: a\n    description: 1\n  - nam: b\n"),
    ]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|fault| fault.contains("models/s.yml:")), "{told:?}");
}
