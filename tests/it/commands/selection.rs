//! `--select` and `--exclude`: names, paths, tags, graph operators, unions and intersections.

use crate::harness::*;

/// `s` -> `bronze/a` -> `silver/b` -> `gold/c`, `silver/b` -> `gold/d`, `other`; `c` is tagged `nightly`.
fn layers(p: &Project) {
    p.file("seeds/s.csv", "id\n1\n");
    p.file("models/bronze/a.sql", "select * from {{ ref('s') }}");
    p.file("models/silver/b.sql", "{{ config(materialized='table') }} select * from {{ ref('a') }}");
    p.file("models/gold/c.sql", "{{ config(tags=['nightly', 'x']) }} select * from {{ ref('b') }}");
    p.file("models/gold/d.sql", "{{ config(tags='x') }} select * from {{ ref('b') }}");
    p.file("models/other.sql", "select 1 as id");
    p.file(
        "models/p.yml",
        "models:\n  - name: b\n    columns:\n      - name: id\n        data_tests: [not_null, unique]\n",
    );
    p.file("tests/single.sql", "select * from {{ ref('c') }} where id < 0");
}

fn check(p: &Project, selection: &str, expect: &str) {
    let words: Vec<&str> = ["--output", "name"].into_iter().chain(selection.split(' ')).collect();
    let mut expect: Vec<&str> = expect.split_whitespace().collect();
    expect.sort_unstable();
    assert_eq!(p.listed(words), expect, "{selection}");
}

#[test]
fn names_paths_and_tags() {
    on_duckdb(|p| {
        layers(p);
        p.karat(["parse"]).success();
        for (selection, expect) in [
            ("--resource-type model", "a b c d other"),
            ("--resource-type test", "not_null_b_id unique_b_id single"),
            ("--resource-type seed", "s"),
            ("--resource-type model --select a", "a"),
            ("--resource-type model --select a c", "a c"),
            ("--resource-type model --select gold", "c d"),
            ("--resource-type model --select shop.gold", "c d"),
            ("--resource-type model --select shop.gold.c", "c"),
            ("--resource-type model --select path:models/silver", "b"),
            ("--resource-type model --select models/gold/c.sql", "c"),
            ("--resource-type model --select file:d.sql", "d"),
            ("--resource-type model --select tag:x", "c d"),
            ("--resource-type model --select tag:x,tag:nightly", "c"),
            ("--resource-type model --select tag:night*", "c"),
            ("--resource-type model --select config.materialized:table", "b"),
            ("--resource-type model --select resource_type:model --exclude gold", "a b other"),
            ("--resource-type model --exclude tag:x other", "a b"),
            ("--select test_type:singular", "single"),
            ("--select test_name:unique", "unique_b_id"),
            ("--select package:shop --resource-type seed", "s"),
        ] {
            check(p, selection, expect);
        }
    });
}

#[test]
fn graph_operators() {
    on_duckdb(|p| {
        layers(p);
        for (selection, expect) in [
            ("--select +c", "s a b c"),
            ("--select 1+c", "b c"),
            ("--select 2+c", "a b c"),
            ("--select b+", "b c d"),
            ("--select a+1", "a b"),
            ("--select 1+b+1", "a b c d"),
            ("--select +b,b+", "b"),
            ("--select @a", "s a b c d"),
            ("--select +c --exclude s", "a b c"),
            ("--select b+ --exclude c", "b d"),
            ("--select s+ --exclude b+", "s a"),
            ("--select +tag:nightly", "s a b c"),
        ] {
            check(
                p,
                &format!("--resource-types model seed {selection}")
                    .replace("--resource-types model seed", "--resource-type model --resource-type seed"),
                expect,
            );
        }
    });
}

#[test]
fn tests_come_with_their_models() {
    on_duckdb(|p| {
        layers(p);
        for (selection, expect) in [
            ("--select b", "b not_null_b_id unique_b_id"),
            ("--select c", "c single"),
            ("--select unique_b_id", "unique_b_id"),
            ("--select b --exclude unique_b_id", "b not_null_b_id"),
            ("--select b --indirect-selection empty", "b"),
        ] {
            check(p, selection, expect);
        }
    });
}

#[test]
fn a_relationship_is_tested_if_any_of_its_models_is_selected() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select 1 as id");
        p.file("models/p.yml", "models:\n  - name: b\n    columns:\n      - name: id\n        data_tests:\n          - relationships: {name: rel, arguments: {to: ref('a'), field: id}}\n");
        check(p, "--select a", "a rel");
        check(p, "--select a --indirect-selection cautious", "a");
        check(p, "--select a b --indirect-selection cautious", "a b rel");
        check(p, "--select b --indirect-selection buildable", "b");
    });
}

#[test]
fn the_words_may_be_one_or_many_and_have_old_names() {
    on_duckdb(|p| {
        layers(p);
        for selection in ["--select c d", "-s c d", "--models c d", "-m c d", "--select c --select d"] {
            check(p, &format!("--resource-type model {selection}"), "c d");
        }
        let outcome =
            p.karat(["ls", "-q", "--resource-type", "model", "--output", "name", "--select", "c d"]);
        outcome.success().stdout_is("c\nd");
    });
}
