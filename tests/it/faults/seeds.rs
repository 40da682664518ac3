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

/// What no declaration keeps exact is told, and is the same on both engines.
#[test]
fn what_is_lost_is_warned_of() {
    on_adapters(|p| {
        p.file(
            "seeds/s.csv",
            "id,code,small,middle,big,huge,price,beyond,kept\n1,007,2147483648,9223372036854775807,9223372036854775808,170141183460469231731687303715884105728,12345678901234567890.1234567890,1e400,00042\n2,10,1,2,3,4,0.5,2,1\n",
        );
        p.file("seeds/p.yml", "seeds: [{name: s, config: {column_types: {kept: text}}}]\n");
        let outcome = p.karat(["seed"]);
        outcome
            .success()
            .stdout_has(
                "column `code` is taken for a number, so that `007` and others lose the zeros in front",
            )
            .stdout_has(
                "column `huge` is taken for a float, so that `170141183460469231731687303715884105728` and others are rounded",
            )
            .stdout_has("column `price` is taken for a float")
            .stdout_has("--> seeds/s.csv; help: to keep every digit, declare its type")
            .stdout_lacks("`middle`")
            .stdout_lacks("`big`")
            .stdout_lacks("`kept`");
        let row = p.rows("select cast(code as varchar), cast(small as varchar), cast(middle as varchar), cast(big as varchar), beyond, kept from analytics.s order by id");
        assert_eq!(
            row[0],
            ["7", "2147483648", "9223372036854775807", "9223372036854775808", "1e400", "00042"]
        );
        let exact = "price: 'numeric(38, 10)', huge: text, code: text, kept: text";
        p.file("seeds/p.yml", &format!("seeds: [{{name: s, config: {{column_types: {{{exact}}}}}}}]\n"));
        p.karat(["seed", "--full-refresh"]).success().stdout_lacks("is taken for");
        let row = p.rows(
            "select cast(big as varchar), cast(price as varchar), huge, code from analytics.s order by id",
        );
        assert_eq!(
            row[0],
            [
                "9223372036854775808",
                "12345678901234567890.1234567890",
                "170141183460469231731687303715884105728",
                "007"
            ]
        );
    });
}

/// Points in time with a zone are instants where the column says so, whatever the session's zone is.
#[test]
fn points_in_time_are_instants() {
    on_adapters(|p| {
        p.file(
            "seeds/s.csv",
            "id,moment\n1,2024-01-01T12:00:00+02:00\n2,2024-01-01T10:00:00Z\n3,2024-01-01 05:00:00-05:00\n",
        );
        p.file(
            "seeds/p.yml",
            "seeds: [{name: s, config: {column_types: {moment: timestamp with time zone}}}]\n",
        );
        p.karat(["seed"]).success();
        assert_eq!(p.value("select count(distinct moment) from analytics.s"), "1");
        assert_eq!(
            p.value("select count(*) from analytics.s where moment = timestamp with time zone '2024-01-01 10:00:00+00'"),
            "3"
        );
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

#[test]
fn a_row_may_be_longer_than_the_engine_reads_at_a_time() {
    on_adapters(|p| {
        let long = "\"\"m".repeat(3 << 20);
        p.file("seeds/s.csv", &format!("id,v\n1,x\n2,\"{long}\"\n3,z\n")).karat(["seed"]).success();
        assert_eq!(
            p.rows("select id, length(v) as n from analytics.s order by id"),
            [["1", "1"], ["2", "6291456"], ["3", "1"]]
        );
    });
}

/// Rows of a large seed; a column is text by its last row alone, another one beyond 32 bits by a row in the
/// middle.
fn many(rows: u64) -> String {
    let mut text = String::from("id,name,day,moment,price,flag,big,gap,late,words\n");
    for n in 1..=rows {
        let (day, flag) = (n % 28 + 1, n % 2 == 0);
        let big = if n == rows / 2 { 5_000_000_000 } else { n };
        let (gap, late) = (if n % 5 == 0 { "" } else { "7" }, if n == rows { "x" } else { "1" });
        let words = ["plain", "\"two\nlines\"", "\"a \"\"quote\"\", a comma\""][(n % 3) as usize];
        text += &format!(
            "{n},name {n},2024-01-{day:02},2024-01-01 10:00:{:02},{}.25,{flag},{big},{gap},{late},{words}\n",
            n % 60,
            n % 1000
        );
    }
    text
}

#[test]
fn a_million_rows_all_arrive() {
    const ROWS: u64 = 1_000_000;
    on_adapters(|p| {
        p.file("seeds/s.csv", &many(ROWS)).karat(["seed"]).success();
        let sums = "select count(*) as n, count(distinct id) as ids, sum(id) as sum, cast(sum(price) as bigint) as price, sum(big) as big, \
             count(gap) as gaps, sum(length(words)) as words, count(distinct day) as days, max(late) as late from analytics.s";
        let ids = ROWS * (ROWS + 1) / 2;
        let prices: u64 = (1..=ROWS).map(|n| n % 1000).sum::<u64>() + ROWS / 4;
        let words: u64 = (1..=ROWS).map(|n| [5, 9, 18][(n % 3) as usize]).sum();
        let big = ids - ROWS / 2 + 5_000_000_000;
        let expect = [ROWS, ROWS, ids, prices, big, ROWS * 4 / 5, words, 28].map(|n| n.to_string());
        assert_eq!(p.rows(sums), [[&expect[..], &["x".to_string()]].concat()]);
        let types = "select data_type from information_schema.columns where table_name = 's' and column_name in ('big', 'late') order by column_name";
        let text = p.adapter.pick("VARCHAR", "text");
        assert_eq!(p.column(types), [p.adapter.pick("BIGINT", "bigint"), text]);
    });
}

#[test]
fn a_seed_under_a_unique_index_is_loaded_again() {
    on_adapters(|p| {
        let rows = |v: &str| (0..5000).map(|n| format!("{n},{v}\n")).collect::<String>();
        p.file("seeds/s.csv", &format!("k,v\n{}", rows("a")));
        p.configure("seeds: {+post-hook: \"create unique index if not exists by_key on {{ this }} (k)\"}");
        p.karat(["seed"]).success();
        p.file("seeds/s.csv", &format!("k,v\n{}", rows("b"))).karat(["seed"]).success();
        assert_eq!(p.rows("select count(*) as n, min(v) as v from analytics.s"), [["5000", "b"]]);
        let indexes = p.adapter.pick(
            "select index_name from duckdb_indexes() where table_name = 's'",
            "select indexname from pg_indexes where tablename = 's'",
        );
        assert_eq!(p.column(indexes), ["by_key"]);
    });
}
