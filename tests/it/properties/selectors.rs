//! selectors.yml, catalogs.yml, .dbtignore and the user's own files.

use crate::harness::*;

fn listed(p: &Project, selector: &str) -> Vec<String> {
    p.listed(["--output", "name", "--resource-type", "model", "--selector", selector])
}

#[test]
fn every_form_of_a_selector() {
    on_duckdb(|p| {
        p.file("models/a.sql", "{{ config(tags='x') }} select 1 as id");
        p.file("models/b.sql", "select * from {{ ref('a') }}")
            .file("models/c.sql", "select * from {{ ref('b') }}");
        p.file("models/d.sql", "{{ config(tags='x', materialized='table') }} select 1 as id");
        p.file(
            "selectors.yml",
            "selectors:
  - {name: words, description: told, definition: 'a+1'}
  - {name: pair, definition: {tag: x}}
  - {name: full, definition: {method: fqn, value: b, parents: true, children: true, children_depth: 1, parents_depth: 1}}
  - {name: at, definition: {method: fqn, value: a, childrens_parents: true}}
  - name: joined
    definition:
      union: [{method: tag, value: x}, {method: fqn, value: c}, {exclude: [{method: fqn, value: a}]}]
  - name: both
    definition:
      intersection: [{tag: x}, {method: config.materialized, value: table}]
  - name: named
    definition: {method: selector, value: both}
    default: true
",
        );
        assert_eq!(listed(p, "words"), ["a", "b"]);
        assert_eq!(listed(p, "pair"), ["a", "d"]);
        assert_eq!(listed(p, "full"), ["a", "b", "c"]);
        assert_eq!(listed(p, "at"), ["a", "b", "c"]);
        assert_eq!(listed(p, "joined"), ["c", "d"]);
        assert_eq!(listed(p, "both"), ["d"]);
        assert_eq!(listed(p, "named"), ["d"]);
        p.karat(["run"]).success().statuses(["d success"]);
    });
}

#[test]
fn ignored_files_are_not_there() {
    on_duckdb(|p| {
        p.file(".dbtignore", "# a note\n*.draft.sql\nmodels/old/\n");
        p.file("models/a.sql", "select 1 as id")
            .file("models/b.draft.sql", "{{ nonsense")
            .file("models/old/c.sql", "{{ x");
        p.karat(["run"]).success().statuses(["a success"]);
    });
}

#[test]
fn a_file_of_catalogs_stands_in_no_way() {
    on_adapters(|p| {
        p.file("catalogs.yml", "catalogs: [{name: c, active_write_integration: i, write_integrations: [{name: i, catalog_type: built_in, table_format: default, external_volume: v}]}]");
        p.file("models/a.sql", "select 1 as id");
        p.karat(["build"]).success();
    });
}

#[test]
fn a_file_of_catalogs_that_contradicts_itself_is_refused() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        let refused = |integrations: &str, why: &str| {
            p.file("catalogs.yml", &format!("catalogs:\n- {{name: c, {integrations}}}\n"));
            p.karat(["parse"]).exit(2).stdout_has(why).stdout_has("--> catalogs.yml:2:");
        };
        let two = "write_integrations: [{name: i, catalog_type: x}, {name: j, catalog_type: x}]";
        refused(two, "must specify an 'active_write_integration' when multiple");
        refused(
            &format!("{two}, active_write_integration: k"),
            "of defined 'write_integrations': ['i', 'j']. Got: 'k'",
        );
        refused(&two.replace("name: j", "name: i"), "with the same name: 'i'");
        refused(&two.replace("name: j", "nme: j"), "'name' is a required property");
        p.file("catalogs.yml", "").karat(["parse"]).exit(2).stdout_has("is empty");
    });
}

#[test]
fn a_file_of_the_environment_is_read_and_the_shell_wins() {
    on_adapters(|p| {
        p.env("OWN", "shell");
        p.file(".env", "# a note\nKIND='from file'\nexport OWN=file\n");
        p.file("models/a.sql", "select '{{ env_var('KIND') }}' as kind, '{{ env_var('OWN') }}' as own");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select kind, own from analytics.a"), [["from file", "shell"]]);
    });
}
