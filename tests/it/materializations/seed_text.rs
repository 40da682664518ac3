//! Seeds whose text is difficult: quotes, line breaks, empty fields, signs of all the world.

use crate::harness::*;

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "\u{feff}id,name\n1,x\n").karat(["seed"]).success();
        assert_eq!(p.rows("select id, name from analytics.s"), [["1", "x"]]);
    });
}

#[test]
fn quotes_commas_and_line_breaks_stay_in_their_field() {
    on_adapters(|p| {
        p.file(
            "seeds/s.csv",
            "id,v\n1,\"a,b\"\n2,\"say \"\"hi\"\"\"\n3,\"two\nlines\"\n4,it's\n5,back\\slash %s {{ x }}\n",
        );
        p.karat(["seed"]).success();
        let expect = ["a,b", "say \"hi\"", "two\nlines", "it's", "back\\slash %s {{ x }}"];
        assert_eq!(p.column("select v from analytics.s order by id"), expect);
    });
}

#[test]
fn empty_fields_are_null() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,v,n\n1,,5\n2,\"\",\n3,x,6\n").karat(["seed"]).success();
        let rows = p.rows("select id, v, n from analytics.s order by id");
        assert_eq!(rows, [["1", "NULL", "5"], ["2", "NULL", "NULL"], ["3", "x", "6"]]);
    });
}

#[test]
fn signs_of_all_the_world_arrive() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,v\n1,Zürich\n2,東京\n3,🙂 mañana\n4,Ελλάδα\n").karat(["seed"]).success();
        assert_eq!(
            p.column("select v from analytics.s order by id"),
            ["Zürich", "東京", "🙂 mañana", "Ελλάδα"]
        );
    });
}

#[test]
fn windows_line_ends_and_a_missing_last_one_are_fine() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,v\r\n1,a\r\n2,b").karat(["seed"]).success();
        assert_eq!(p.rows("select id, v from analytics.s order by id"), [["1", "a"], ["2", "b"]]);
    });
}

#[test]
fn a_seed_without_rows_is_an_empty_table() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,v\n").karat(["seed"]).success();
        assert_eq!(p.count("analytics.s"), 0);
        assert_eq!(p.relations(), ["analytics.s table"]);
    });
}

#[test]
fn another_delimiter_may_be_set() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id;v\n1;a,b\n");
        p.configure("seeds:\n  +delimiter: \";\"");
        p.karat(["seed"]).success();
        assert_eq!(p.rows("select id, v from analytics.s"), [["1", "a,b"]]);
    });
}

#[test]
fn names_may_need_quotes() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "Order Id,select\n1,x\n");
        p.configure("seeds:\n  +quote_columns: true");
        p.karat(["seed"]).success();
        assert_eq!(p.rows("select \"Order Id\", \"select\" from analytics.s"), [["1", "x"]]);
    });
}
