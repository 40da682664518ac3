//! Seeds whose rows do not fit.

use super::{failed, failure, refused};
use crate::harness::*;

fn on_both(name: &str, csv: &[u8]) {
    on_adapters(|p| {
        p.bytes("seeds/s.csv", csv);
        insta::assert_snapshot!(name, failed(p, ["build"]));
        assert!(p.relations().is_empty());
    });
}

#[test]
fn seed_row_with_too_many_fields() {
    on_both("seed_row_with_too_many_fields", b"id,name\n1,x\n2,\"a\nb\"\n3,y,z\n");
}

#[test]
fn seed_that_is_not_utf8() {
    // small seeds are read with the project
    on_adapters(|p| {
        p.bytes("seeds/s.csv", b"id,name\n1,x\n2,caf\xe9\n");
        insta::assert_snapshot!("seed_that_is_not_utf8", refused(p, ["build"]));
    });
}

#[test]
fn seed_with_two_columns_of_one_name() {
    on_both("seed_with_two_columns_of_one_name", b"id,name,id\n1,x,2\n");
}

failure!(seed_that_is_empty, ["build"], |p| {
    p.file("seeds/s.csv", "");
});

failure!(seed_with_an_open_quote, ["build"], |p| {
    p.file("seeds/s.csv", "id,name\n1,\"x\n2,y\n3,z\n");
});

#[test]
fn a_value_that_is_not_of_its_type_names_the_seed() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,n\n1,5\n2,five\n");
        p.configure("seeds:\n  +column_types: {n: integer}");
        let outcome = p.karat(["seed"]);
        outcome.exit(1).stdout_has("seeds/s.csv").stdout_has("five");
        assert!(p.relations().is_empty());
    });
}
