//! The adapter against the real library.

#![allow(clippy::unwrap_used)]

use super::DuckDb;
use super::memory::Memory;
use crate::adapter::{Adapter, Cell, Connection, CsvLoad, Fetch, Settings};
use crate::relation::Relation;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::time::Duration;

fn adapter(root: &Path, profile: Json) -> DuckDb {
    let settings = Settings { threads: 1, root, env: &|_| None };
    DuckDb::open(profile.as_object().unwrap(), &settings).unwrap()
}

fn memory() -> Box<dyn Connection> {
    adapter(Path::new("."), json!({})).connect("test").unwrap()
}

fn scalar(connection: &mut dyn Connection, sql: &str) -> Cell {
    connection.execute(sql, Fetch::All).unwrap().1.scalar().unwrap().clone()
}

#[test]
fn values_are_typed() {
    let mut c = memory();
    c.execute("set timezone = 'Europe/Berlin'", Fetch::Nothing).unwrap();
    let mut check = |sql: &str, cell: &str, of: &str| {
        let (_, table) = c.execute(&format!("select {sql} as x"), Fetch::All).unwrap();
        assert_eq!(
            (format!("{:?}", table.rows[0][0]).as_str(), table.columns[0].type_name.as_str()),
            (cell, of),
            "{sql}"
        );
    };
    check("1", "Int(1)", "INTEGER");
    check("null", "Null", "INTEGER");
    check("sum(1)", "Int(1)", "HUGEINT");
    check(
        "170141183460469231731687303715884105727::hugeint",
        "BigInt(170141183460469231731687303715884105727)",
        "HUGEINT",
    );
    check("18446744073709551615::ubigint", "BigInt(18446744073709551615)", "UBIGINT");
    check(
        "340282366920938463463374607431768211455::uhugeint",
        "Decimal(\"340282366920938463463374607431768211455\")",
        "UHUGEINT",
    );
    check("1.50", "Decimal(\"1.50\")", "DECIMAL(3,2)");
    check("1::decimal(38,0)", "Decimal(\"1\")", "DECIMAL(38,0)");
    check("-0.05::decimal(18,3)", "Decimal(\"-0.050\")", "DECIMAL(18,3)");
    check("1.5::float", "Float(1.5)", "FLOAT");
    check("'x' || null", "Null", "INTEGER");
    check("date '2023-07-11'", "Date(2023-07-11)", "DATE");
    check("'infinity'::date", "Text(\"infinity\")", "DATE");
    check("time '10:00:01.5'", "Time(10:00:01.500)", "TIME");
    check("timestamp '2023-07-11 10:00'", "Timestamp(2023-07-11T10:00:00)", "TIMESTAMP");
    check("'2023-07-11'::timestamp_s", "Timestamp(2023-07-11T00:00:00)", "TIMESTAMP_S");
    check("'2023-07-11'::timestamp_ns", "Timestamp(2023-07-11T00:00:00)", "TIMESTAMP_NS");
    check(
        "timestamptz '2023-07-11 10:00:00+02'",
        "TimestampTz(2023-07-11T10:00:00+02:00)",
        "TIMESTAMP WITH TIME ZONE",
    );
    check("interval '1 month 2 days 3 seconds'", "Interval(1, 2, 3000000)", "INTERVAL");
    check("'\\x00\\xff'::blob", "Bytes([0, 255])", "BLOB");
    check("'{\"k\":1}'::json", "Json(\"{\\\"k\\\":1}\")", "JSON");
    check(
        "'c9a2bd29-4c58-4a45-b3b5-0f0b4f2a2f7e'::uuid",
        "Text(\"c9a2bd29-4c58-4a45-b3b5-0f0b4f2a2f7e\")",
        "UUID",
    );
    check("'a'::enum('b', 'a')", "Text(\"a\")", "ENUM");
    check("[1::hugeint, null]", "List([Int(1), Null])", "HUGEINT[]");
    check("[1, 2]::int[2]", "List([Int(1), Int(2)])", "INTEGER[]");
    check(
        "{'a': 1, 'b': ['x']}",
        "Struct([(\"a\", Int(1)), (\"b\", List([Text(\"x\")]))])",
        "STRUCT(\"a\" INTEGER, \"b\" VARCHAR[])",
    );
    check("map {'k': 1.5}", "Struct([(\"k\", Decimal(\"1.5\"))])", "MAP(VARCHAR, DECIMAL(2,1))");
    check("'101'::bit", "Text(\"101\")", "BIT");
}

#[test]
fn the_calendar_works_without_a_network() {
    let mut c = memory();
    assert!(matches!(scalar(&mut *c, "select current_date"), Cell::Date(_)));
    assert!(matches!(scalar(&mut *c, "select now() at time zone 'UTC'"), Cell::Timestamp(_)));
    assert!(matches!(scalar(&mut *c, "select now() + interval '1 day'"), Cell::TimestampTz(_)));
}

#[test]
fn several_statements_run_and_the_last_counts() {
    let mut c = memory();
    let sql =
        "create table t as select range as a from range(5000); /* and */ select a from t order by a; -- end";
    let (said, table) = c.execute(sql, Fetch::All).unwrap();
    assert_eq!((said.message.as_str(), said.rows_affected, table.rows.len()), ("OK", None, 5000));
    assert_eq!(c.execute("select a from t", Fetch::Limit(3)).unwrap().1.rows.len(), 3);
    assert!(c.execute("-- nothing", Fetch::All).unwrap().1.rows.is_empty());
    let described = c.describe("select 1 as a, 'x' as b, 1.5::decimal(9,2) as c").unwrap();
    let told: Vec<_> = described.iter().map(|(name, of)| format!("{name} {of}")).collect();
    assert_eq!(told, ["a INTEGER", "b VARCHAR", "c DECIMAL(9,2)"]);
}

#[test]
fn faults_name_their_line() {
    let mut c = memory();
    for fetch in [Fetch::All, Fetch::Nothing] {
        let error = c.execute("select 1;\nselect 1\nfrom nowhere", fetch).unwrap_err();
        let place = error.location().map(|l| (l.line, l.column));
        assert_eq!(place, Some((Some(3), Some(6))), "{}", error.message());
        assert!(error.message().starts_with("Catalog Error: Table with name nowhere"), "{}", error.message());
        assert_eq!(error.code(), Some("Catalog"));
    }
}

#[test]
fn transactions_are_followed() {
    let mut c = memory();
    c.begin().unwrap();
    c.execute("create table lost (a int)", Fetch::Nothing).unwrap();
    c.rollback().unwrap();
    assert!(c.execute("select * from lost", Fetch::All).is_err());
    c.execute("begin; create table kept (a int); commit", Fetch::Nothing).unwrap();
    assert!(!c.in_transaction());
    c.execute("select * from kept", Fetch::All).unwrap();
    c.begin().unwrap();
    c.execute("select 1/0; select error('x')", Fetch::All).unwrap_err();
    assert!(c.in_transaction());
    c.rollback().unwrap();
    c.rollback().unwrap();
    let mut c = adapter(Path::new("."), json!({"disable_transactions": true})).connect("t").unwrap();
    c.begin().unwrap();
    assert!(!c.in_transaction());
}

#[test]
fn conflicts_have_their_code() {
    let shared = adapter(Path::new("."), json!({}));
    let (mut a, mut b) = (shared.connect("a").unwrap(), shared.connect("b").unwrap());
    a.execute("create table t as select 1 as a", Fetch::Nothing).unwrap();
    a.begin().unwrap();
    b.begin().unwrap();
    a.execute("update t set a = 2", Fetch::Nothing).unwrap();
    let error = b.execute("update t set a = 3", Fetch::Nothing).unwrap_err();
    assert_eq!(error.code(), Some("conflict"), "{}", error.message());
    b.rollback().unwrap();
    a.commit().unwrap();
    assert_eq!(scalar(&mut *b, "select a from t"), Cell::Int(2));
}

#[test]
fn statements_are_cancelled() {
    let mut c = memory();
    let canceller = c.canceller();
    let other = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        canceller.cancel();
    });
    let endless = "select count(*) from range(10000000) a, range(10000000) b";
    assert_eq!(c.execute(endless, Fetch::All).unwrap_err().code(), Some("57014"));
    other.join().unwrap();
    assert_eq!(scalar(&mut *c, "select 1"), Cell::Int(1));
}

#[test]
fn the_file_is_whole_and_free_after_closing() {
    let dir = tempfile::tempdir().unwrap();
    let shared = adapter(dir.path(), json!({"path": "my.db.duckdb", "settings": {"threads": 2}}));
    assert!(!dir.path().join("my.db.duckdb").exists(), "opened by the first session only");
    let mut c = shared.connect("a").unwrap();
    c.execute("create table my.main.t as select 1 as a", Fetch::Nothing).unwrap();
    assert_eq!(scalar(&mut *c, "select current_setting('threads')"), Cell::Int(2));
    drop(c);
    shared.close();
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(names, ["my.db.duckdb"]);
    let again = adapter(dir.path(), json!({"path": "my.db.duckdb"}));
    assert_eq!(scalar(&mut *again.connect("b").unwrap(), "select a from t"), Cell::Int(1));
}

#[test]
fn opening_fails_with_advice() {
    let dir = tempfile::tempdir().unwrap();
    let no_folder = adapter(dir.path(), json!({"path": "none/x.duckdb"})).connect("a").err().unwrap();
    assert!(no_folder.helps()[0].starts_with("create the folder"), "{}", no_folder.full_text());
    std::fs::write(dir.path().join("text.duckdb"), "this is no database, but a text of some length").unwrap();
    let text = adapter(dir.path(), json!({"path": "text.duckdb"})).connect("a").err().unwrap();
    assert!(text.message().contains("not a valid DuckDB database"), "{}", text.message());
    let secret = json!({"secrets": [{"type": "nonsense", "secret": "hidden"}]});
    let secret = adapter(dir.path(), secret).connect("a").err().unwrap();
    assert!(!secret.full_text().contains("hidden"), "{}", secret.full_text());
    let extension = adapter(dir.path(), json!({"extensions": ["json", "icu", "parquet"]})).connect("a");
    assert!(extension.is_ok(), "{}", extension.err().unwrap().full_text());
}

#[test]
fn databases_are_attached() {
    let dir = tempfile::tempdir().unwrap();
    let attach = json!({"path": "a.duckdb", "attach": [{"path": "b.duckdb", "alias": "other"}]});
    let shared = adapter(dir.path(), attach);
    let mut c = shared.connect("a").unwrap();
    c.execute("create table other.main.t as select 5 as a", Fetch::Nothing).unwrap();
    assert_eq!(scalar(&mut *shared.connect("b").unwrap(), "select a from other.t"), Cell::Int(5));
    assert!(dir.path().join("b.duckdb").exists());
}

#[test]
fn files_are_loaded() {
    let mut c = memory();
    let table =
        "create table seed (id integer, \"Na me\" text, day date, price float8, ts timestamp, yes boolean)";
    c.execute(table, Fetch::Nothing).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut load = |text: &str, delimiter: u8| {
        let path = dir.path().join("it's.csv");
        std::fs::write(&path, text).unwrap();
        let columns = [
            ("id", "integer"),
            ("Na me", "text"),
            ("day", "date"),
            ("price", "float8"),
            ("ts", "timestamp without time zone"),
            ("yes", "boolean"),
        ];
        let columns = columns.map(|(name, of)| (name.to_string(), of.to_string())).to_vec();
        let into = Relation::new(None, Some("main"), Some("seed"));
        c.load_csv(&CsvLoad { path, delimiter, into, columns, longest_row: 0 })
    };
    let text = "\u{feff}id,Na me,day,price,ts,yes\n1,\"a, \"\"b\"\"\nc\",2023-07-11,1.5,2023-07-11 10:00:00,true\n2,\"\",,,,\n3, x ,,,,False\n";
    assert_eq!(load(text, b',').unwrap(), 3);
    assert_eq!(load("id;Na me;day;price;ts;yes\n4;x;;;;\n", b';').unwrap(), 1);
    let told = |outcome: crate::error::Result<u64>| {
        let error = outcome.unwrap_err();
        (error.location().and_then(|l| l.line), error.message().to_string())
    };
    let head = "id,Na me,day,price,ts,yes\n";
    let bad = told(load(&format!("{head}5,\"a\nb\",,,,\n6,x,tomorrowish,,,\n"), b','));
    assert_eq!(bad.0, Some(4), "{}", bad.1);
    assert!(bad.1.contains("tomorrowish") && bad.1.ends_with("(column `day`)"), "{}", bad.1);
    let long = told(load(&format!("{head}5,x,,,,\n6,x,,,,,7\n"), b','));
    assert_eq!(long, (Some(3), "the row has 7 fields where the header has 6".to_string()));
    let short = told(load(&format!("{head}5,x,,,\n"), b','));
    assert_eq!(short, (Some(2), "the row has 5 fields where the header has 6".to_string()));
    let (_, table) = c.execute("select * from seed order by id", Fetch::All).unwrap();
    assert_eq!(table.rows.len(), 4, "a failed load leaves nothing");
    assert_eq!(table.rows[0][1], Cell::Text("a, \"b\"\nc".into()));
    assert_eq!(table.rows[1][1..3], [Cell::Null, Cell::Null]);
    assert_eq!((&table.rows[2][1], &table.rows[2][5]), (&Cell::Text(" x ".into()), &Cell::Bool(false)));
}

#[test]
fn a_load_alone_is_bounded_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let limit = "select current_setting('memory_limit')";
    let during = |output: Json, others: bool| {
        let credentials = adapter(dir.path(), output).credentials.clone();
        let session = duckdb::Connection::open_in_memory().unwrap();
        let now = || session.query_row(limit, [], |row| row.get::<_, String>(0)).unwrap();
        let memory = Memory::of(&credentials);
        drop(memory.load(&session, 10));
        // DuckDB rounds what it tells, and what it is told.
        let before = now();
        let loads = [memory.load(&session, 10), memory.load(&session, 10)];
        let other = others.then(|| memory.statement(&session));
        let bounded = now() != before;
        drop((loads, other));
        assert_eq!(now(), before, "the limit of before holds again");
        bounded
    };
    assert!(during(json!({"path": "m.duckdb"}), false));
    assert!(!during(json!({"path": "m.duckdb"}), true), "another statement lifts it");
    assert!(!during(json!({"path": ":memory:"}), false));
    assert!(!during(json!({"path": "m.duckdb", "settings": {"memory_limit": "1GB"}}), false));
}

#[test]
fn what_a_load_has_written_leaves_the_buffers() {
    let dir = tempfile::tempdir().unwrap();
    let credentials = adapter(dir.path(), json!({"path": "m.duckdb"})).credentials.clone();
    let session = duckdb::Connection::open(dir.path().join("m.duckdb")).unwrap();
    let memory = Memory::of(&credentials);
    let kept = || {
        let sql = "select memory_usage_bytes >> 20 from duckdb_memory() where tag = 'BASE_TABLE'";
        session.query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap()
    };
    let rows = "create or replace table t as select hash(i) as h from range(6_000_000) r(i)";
    session.execute_batch(rows).unwrap();
    assert!(kept() >= 40, "DuckDB itself keeps them: {} MiB", kept());
    memory.while_loading(&session, 10, || {
        session.execute_batch(rows).unwrap();
        let small = (0..1000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            kept() < 16
        });
        assert!(small, "{} MiB are kept", kept());
    });
}

#[test]
fn a_load_that_needs_more_than_its_bound_is_told_as_one_to_repeat() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.csv");
    let keys: String = (0..600_000_u64)
        .map(|n| format!("{:016x}{n:016x}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .collect();
    std::fs::write(&path, format!("k\n{keys}")).unwrap();
    let profile = json!({"path": dir.path().join("m.duckdb"), "config_options": {"threads": 1}});
    let mut c = adapter(dir.path(), profile).connect("test").unwrap();
    // What a transaction adds to a unique index stays in memory.
    c.execute("create table s (k varchar); create unique index i on s (k)", Fetch::Nothing).unwrap();
    let into = Relation::new(None, Some("main"), Some("s"));
    let columns = vec![("k".to_string(), "varchar".to_string())];
    let load = CsvLoad { path, delimiter: b',', into, columns, longest_row: 32 };
    let fault = c.load_csv(&load).unwrap_err();
    assert_eq!(fault.code(), Some("conflict"), "{}", fault.message());
    assert_eq!(c.load_csv(&load).unwrap(), 600_000);
}
