//! Seeds are exact (promise 15), and the same on both engines.

use super::*;

#[test]
fn values_arrive_as_they_are_written() {
    on_adapters(|p| {
        let long = "m".repeat(1 << 20);
        p.file("seeds/s.csv", &format!(
            "id,code,big,huge,price,at,said,long\n1,007,3000000000,123456789012345678901234567890,0.10,2024-01-31 12:00:00,\"a \"\"quote\"\", and\na line\",{long}\n2,042,1,2,19.99,2024-02-01 00:00:00,,x\n"
        ));
        p.file("seeds/p.yml", "seeds: [{name: s, config: {column_types: {code: text, price: 'numeric(38, 2)', huge: 'numeric(38, 0)'}}}]\n");
        p.karat(["seed"]).success();
        let rows = p.rows("select code, cast(big as varchar), cast(huge as varchar), cast(price as varchar), said, cast(length(long) as varchar) from analytics.s order by id");
        assert_eq!(
            rows[0],
            [
                "007",
                "3000000000",
                "123456789012345678901234567890",
                "0.10",
                "a \"quote\", and\na line",
                "1048576"
            ]
        );
        assert_eq!(rows[1], ["042", "1", "2", "19.99", "NULL", "1"]);
    });
}

#[test]
fn a_nul_byte_is_told_with_its_row() {
    on_adapters(|p| {
        p.bytes("seeds/s.csv", b"id,v\n1,a\n2,b\x00c\n");
        let outcome = p.karat(["seed"]);
        assert_ne!(outcome.code(), Some(0));
        outcome.stdout_has("seeds/s.csv:3").stdout_has("NUL");
    });
}

#[test]
fn a_reload_is_never_seen_empty_not_even_by_a_transaction_begun_before() {
    on_postgres(|p| {
        let rows = |v: u32| (0..2000).map(|n| format!("{n},{v}\n")).collect::<String>();
        p.file("seeds/s.csv", &format!("id,v\n{}", rows(1))).karat(["seed"]).success();
        Server::get().session(&p.database, |session| {
            session.rows("begin isolation level repeatable read; select 1").unwrap();
            p.file("seeds/s.csv", &format!("id,v\n{}", rows(2))).karat(["seed"]).success();
            assert_eq!(session.rows("select count(*), min(v) from analytics.s").unwrap(), [["2000", "1"]]);
            session.rows("commit").unwrap();
            assert_eq!(session.rows("select count(*), min(v) from analytics.s").unwrap(), [["2000", "2"]]);
        });
    });
}
