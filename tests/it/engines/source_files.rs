//! A lake of files read directly: raw events land without a loader.

use crate::harness::*;

#[test]
fn models_read_files_of_every_kind() {
    on_duckdb(|p| {
        p.file(
            "landing/2024-01-01.ndjson",
            "{\"id\": 1, \"place\": {\"city\": \"Oslo\"}}\n{\"id\": 2, \"place\": null}\n",
        );
        p.file("landing/2024-01-02.ndjson", "{\"id\": 3, \"place\": {\"city\": \"Rome\"}, \"late\": true}\n");
        p.file("landing/prices.csv", "id,price\n1,2.5\n3,4\n");
        let names = p.path("landing/names.parquet");
        p.execute(&format!("copy (select 1 as id, 'x' as name) to '{}' (format parquet)", names.display()));
        p.file(
            "models/events.sql",
            "select id, place.city as city, late from read_json('landing/*.ndjson', union_by_name = true)",
        );
        p.file("models/prices.sql", "{{ config(materialized='table') }} select * from 'landing/prices.csv'");
        p.file(
            "models/all.sql",
            "select * from {{ ref('events') }} left join {{ ref('prices') }} using (id) left join 'landing/names.parquet' using (id)",
        );
        p.karat_in(&p.scratch("home"), ["run", "--project-dir", p.root().to_str().unwrap()]).success();
        assert_eq!(
            p.rows("select id, price from analytics.prices order by id"),
            [["1", "2.5"], ["3", "4.0"]]
        );
        // New events are there with the next read.
        p.file("landing/2024-01-03.ndjson", "{\"id\": 4, \"place\": {\"city\": \"Bonn\"}}\n");
        p.file("tests/four.sql", "select 1 from {{ ref('all') }} having count(*) <> 4");
        p.karat(["test"]).success();
    });
}

#[test]
fn sources_name_their_files() {
    on_duckdb(|p| {
        p.file("raw/ev.csv", "id\n1\n")
            .file("raw/old_2024.csv", "id\n2\n")
            .file("raw/new_2024.csv", "id\n3\n");
        p.file(
            "models/s.yml",
            "sources:\n- name: raw\n  meta: {external_location: 'raw/{name}.csv'}\n  tables:\n  - name: ev\n    columns: [{name: id, data_tests: [unique]}]\n  \
             - name: old\n    config: {external_location: 'raw/old_%(year)s.csv', formatter: oldstyle, year: 2024}\n  \
             - name: new\n    config: {meta: {external_location: 'raw/new_${year}.csv', formatter: template, year: 2024}}\n  \
             - name: called\n    meta: {external_location: \"read_csv('raw/{identifier}.csv', all_varchar = true)\"}\n    identifier: ev\n",
        );
        p.file("models/a.sql", "select id from {{ source('raw', 'ev') }} union all select id from {{ source('raw', 'old') }} union all select id from {{ source('raw', 'new') }}");
        p.file("models/b.sql", "select typeof(id) as t from {{ source('raw', 'called') }}");
        p.karat(["build"]).success();
        assert_eq!(
            p.rows("select (select count(*) from analytics.a), t from analytics.b"),
            [["3", "VARCHAR"]]
        );
        let names = p.karat(["parse"]).manifest()["sources"].clone();
        let name = |table: &str| {
            names[format!("source.shop.raw.{table}")]["relation_name"].as_str().unwrap().to_string()
        };
        assert_eq!(name("ev"), "'raw/ev.csv'");
        assert_eq!(name("new"), "'raw/new_2024.csv'");
        assert_eq!(name("called"), "read_csv('raw/ev.csv', all_varchar = true)");
        p.karat(["run", "--empty"]).success();
        assert_eq!(p.value("select count(*) from analytics.a"), "0");
    });
}

#[test]
fn a_source_file_knows_its_freshness() {
    on_duckdb(|p| {
        p.file("raw/ev.csv", "id,ts\n1,2020-01-01 00:00:00\n");
        p.file("models/s.yml", "sources: [{name: raw, meta: {external_location: 'raw/{name}.csv'}, config: {loaded_at_field: ts, freshness: {warn_after: {count: 1, period: day}}}, tables: [{name: ev}]}]");
        p.karat(["source", "freshness"]).success().stdout_has("WARN freshness of raw.ev");
    });
}

#[test]
fn places_that_make_no_sense_are_told() {
    on_duckdb(|p| {
        p.file("models/s.yml", "sources:\n- name: raw\n  tables:\n  - {name: a, meta: {external_location: 'x/{nope}.csv'}}\n  - {name: b, meta: {external_location: x, formatter: f}}\n");
        let told = p.karat(["parse"]);
        told.exit(2)
            .stdout_has("names `nope`, which the source does not have")
            .stdout_has("Formatter f not recognized");
    });
}

#[test]
fn a_source_of_a_plugin_says_what_to_do() {
    on_duckdb(|p| {
        p.file("models/s.yml", "sources: [{name: raw, tables: [{name: sheet, meta: {plugin: gsheet}}]}]");
        p.file("models/a.sql", "select * from {{ source('raw', 'sheet') }}");
        p.karat(["parse"]).success();
        p.karat(["run"])
            .exit(1)
            .stdout_has("loaded by the plugin `gsheet`")
            .stdout_has("extension `gsheets`");
    });
}
