//! Seeds: loaded, loaded again, and the types of their columns.

use crate::harness::*;

#[test]
fn a_seed_is_a_table_and_is_loaded_anew_each_time() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,name\n1,Ada\n2,Grace\n");
        p.karat(["seed"]).success().statuses(["seed s success"]);
        assert_eq!(p.relations(), ["analytics.s table"]);
        assert_eq!(p.rows("select id, name from analytics.s order by id"), [["1", "Ada"], ["2", "Grace"]]);
        p.file("seeds/s.csv", "id,name\n3,Edsger\n");
        p.karat(["seed"]).success();
        assert_eq!(p.rows("select id, name from analytics.s"), [["3", "Edsger"]]);
    });
}

#[test]
fn types_are_inferred() {
    on_adapters(|p| {
        p.file(
            "seeds/s.csv",
            "i,d,b,day,moment,word,mixed,gaps\n\
             1,1.5,true,2024-01-31,2024-01-31 10:20:30,a,1,\n\
             -2,2,False,2023-12-01,2023-12-01 00:00:00,b,x,4\n",
        );
        p.karat(["seed"]).success();
        let types = p.rows(
            "select column_name, lower(data_type) as t from information_schema.columns where table_name = 's' order by ordinal_position",
        );
        let number = p.adapter.pick("double", "double precision");
        let [int, text, moment] = p
            .adapter
            .pick(["integer", "varchar", "timestamp"], ["integer", "text", "timestamp without time zone"]);
        let expect = [
            ["i", int],
            ["d", number],
            ["b", "boolean"],
            ["day", "date"],
            ["moment", moment],
            ["word", text],
            ["mixed", text],
            ["gaps", int],
        ];
        assert_eq!(types, expect);
        assert_eq!(p.value("select sum(d) as d from analytics.s"), "3.5");
    });
}

#[test]
fn column_types_are_taken() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,code,price\n1,007,2\n2,,3\n");
        p.configure(
            "seeds:\n  shop:\n    s:\n      +column_types: {code: varchar(8), price: \"numeric(12, 2)\"}",
        );
        p.karat(["seed"]).success();
        assert_eq!(p.column("select code from analytics.s order by id"), ["007", "NULL"]);
        assert_eq!(p.column("select price from analytics.s order by id"), ["2.00", "3.00"]);
    });
}

#[test]
fn full_refresh_takes_new_columns() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id\n1\n").karat(["seed"]).success();
        p.file("seeds/s.csv", "key,id\nx,yes\n").karat(["seed", "--full-refresh"]).success();
        assert_eq!(p.rows("select * from analytics.s"), [["x", "yes"]]);
        assert_eq!(p.relations(), ["analytics.s table"]);
    });
}

#[test]
fn a_seed_does_not_take_the_place_of_a_view() {
    on_adapters(|p| {
        p.file("models/s.sql", "select 1 as id").karat(["run"]).success();
        p.remove("models/s.sql").file("seeds/s.csv", "id\n2\n");
        for words in [&["seed"][..], &["seed", "--full-refresh"]] {
            p.karat(words).exit(1).stdout_has("Cannot seed to").stdout_has("it is a view");
            assert_eq!(p.column("select id from analytics.s"), ["1"]);
        }
    });
}

#[test]
fn many_rows_all_arrive() {
    on_adapters(|p| {
        let rows: String = (0..25_000).map(|n| format!("{n},name {n},{}.25\n", n % 7)).collect();
        p.file("seeds/s.csv", &format!("id,name,price\n{rows}")).karat(["seed"]).success();
        assert_eq!(
            p.rows("select count(*) as a, count(distinct id) as b, sum(id) as c, max(length(name)) as d from analytics.s"),
            [["25000", "25000", "312487500", "10"]]
        );
    });
}

#[test]
fn a_seed_has_schema_alias_and_tests() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id\n1\n1\n");
        p.file(
            "seeds/s.yml",
            "seeds:\n  - name: s\n    config: {schema: raw, alias: loaded}\n    columns:\n      - name: id\n        data_tests: [unique]\n",
        );
        p.file("models/a.sql", "select * from {{ ref('s') }}");
        p.karat(["build"]).exit(1).statuses(["seed s success", "test unique_s_id fail", "a skipped"]);
        assert_eq!(p.relations(), ["analytics_raw.loaded table"]);
    });
}

#[test]
fn short_rows_and_whole_numbers_with_a_point_are_filled_and_trimmed() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,amount,word\n1,32.00,x\n2,17.00\n3,-4.00,z\n");
        p.karat(["seed"]).success();
        let rows = p.rows("select id, amount, word from analytics.s order by id");
        assert_eq!(rows, [["1", "32", "x"], ["2", "17", "NULL"], ["3", "-4", "z"]]);
    });
}

#[test]
fn a_blank_line_of_a_lone_column_is_a_null() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "word\nx\n\n\"a\nb\"\ny\n");
        p.karat(["seed"]).success();
        let count = || p.rows("select count(*) as n, count(word) as words from analytics.s");
        assert_eq!(count(), [["4", "3"]]);
        for text in ["word\r\nx\r\n\r\ny\r\n", "word\nx\n\ny", "word\r\nx\r\n\r\ny"] {
            p.file("seeds/s.csv", text);
            p.karat(["seed"]).success();
            assert_eq!(count(), [["3", "2"]], "{text:?}");
        }
    });
}
