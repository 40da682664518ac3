//! Seeds: what is shown of them, and one that cannot be read fails alone.

use crate::harness::*;

#[test]
fn show_prints_some_rows() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,name\n1,Ada\n2,Grace\n");
        for command in ["seed", "build"] {
            let shown = p.karat([command, "--show"]);
            shown.success().stdout_has("Random sample of table: analytics.s");
            shown.stdout_has("| id | name  |").stdout_has("|  1 | Ada   |");
        }
    });
}

#[test]
fn a_seed_that_cannot_be_read_fails_alone() {
    on_adapters(|p| {
        p.file("seeds/good.csv", "id\n1\n").file("seeds/s.csv", "id,v\n1,x\n");
        p.file("models/a.sql", "select * from {{ ref('s') }}")
            .file("models/b.sql", "select * from {{ ref('good') }}");
        p.karat(["build"]).success();
        p.file("seeds/s.csv", "id,v\n1,x\n2,y,z\n");
        let built = p.karat(["build"]);
        built.exit(1).statuses(["seed good success", "seed s error", "a skipped", "b success"]);
        built.stdout_has("seeds/s.csv:3").stdout_has("the row has 3 fields, but the header has 2");
        assert_eq!(p.rows("select id, v from analytics.s"), [["1", "x"]], "the old rows are kept");
    });
}

#[test]
fn columns_may_be_left_unquoted() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "Id,V\n1,x\n").configure("seeds: {+quote_columns: false}");
        p.karat(["seed"]).success();
        assert_eq!(p.rows("select id, v from analytics.s"), [["1", "x"]]);
    });
}

#[test]
fn types_are_those_of_dbt() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,t,b,e,w,d,z\n1,12:30:00,yes,1e3,0012,2024-1-5,2024-01-05T10:00:00\n2,13:30,no,2,0,2024-01-06,2024-01-06T10:00:00\n");
        p.karat(["seed"]).success();
        let types = p.column("select lower(data_type) as t from information_schema.columns where table_name = 's' order by ordinal_position");
        let (text, moment) =
            (p.adapter.pick("varchar", "text"), p.adapter.pick("timestamp", "timestamp without time zone"));
        assert_eq!(types, ["integer", text, text, "integer", "integer", "date", moment]);
        assert_eq!(p.rows("select e, w from analytics.s order by id"), [["1000", "12"], ["2", "0"]]);
    });
}
