//! The adapter against a real server.

#![allow(clippy::unwrap_used)]

mod server;

use super::Postgres;
use crate::adapter::{Adapter, Cell, Connection, CsvLoad, Fetch, Settings};
use crate::error::Error;
use crate::relation::Relation;
use serde_json::{Value as Json, json};
use server::Server;
use std::path::Path;
use std::time::{Duration, Instant};

fn adapter(server: &Server, more: Json) -> Postgres {
    let mut profile = json!({"type": "postgres", "host": "127.0.0.1", "port": server.port, "user": "tester",
        "dbname": "postgres", "schema": "public", "retries": 0});
    profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let settings = Settings { threads: 1, root: Path::new("."), env: &|_| None };
    Postgres::open(profile.as_object().unwrap(), &settings).unwrap()
}

fn connect(server: &Server) -> Box<dyn Connection> {
    adapter(server, json!({})).connect("test").unwrap()
}

fn refused(server: &Server, more: Json) -> Error {
    adapter(server, more).connect("test").err().unwrap()
}

fn scalar(connection: &mut dyn Connection, sql: &str) -> Cell {
    connection.execute(sql, Fetch::All).unwrap().1.scalar().unwrap().clone()
}

#[test]
fn statements_answer_as_dbt_prints_them() {
    let server = Server::shared();
    let mut c = connect(&server);
    let mut check = |sql: &str, message: &str, code: &str, rows: i64| {
        let (said, _) = c.execute(sql, Fetch::All).unwrap();
        assert_eq!(
            (said.message.as_str(), said.code.as_str(), said.rows_affected),
            (message, code, Some(rows))
        );
    };
    check("create temp table answers as select generate_series(1, 100) as a", "SELECT 100", "SELECT", 100);
    check("insert into answers values (1), (2)", "INSERT 0 2", "INSERT", 2);
    check("create temp view answers_v as select 1 as a; -- done", "CREATE VIEW", "CREATE VIEW", -1);
    check("select 1; select 2 union all select 3;", "SELECT 2", "SELECT", 2);
    check("delete from answers where a = 1 returning a", "DELETE 2", "DELETE", 2);
    check("show datestyle", "SHOW", "SHOW", -1);
    assert_eq!(c.execute(" -- nothing", Fetch::All).unwrap().0.message, "");
}

#[test]
fn values_are_typed() {
    let server = Server::shared();
    let mut c = connect(&server);
    let sql = "create temp table t (a int); insert into t values (7); \
        select a, 1.50::numeric(9,2), true, null::text, date '2023-07-11', timestamp '2023-07-11 10:00', \
        '{\"k\": 1}'::jsonb, array['x', null], 'x'::varchar(9) as last, 2::float8, sum(a) over (), \
        interval '1 day 2 hours', timestamptz '2023-07-11 10:00+02', '\\x00ff'::bytea from t";
    let (_, table) = c.execute(sql, Fetch::All).unwrap();
    let told: Vec<_> = table.rows[0].iter().map(|cell| format!("{cell:?}")).collect();
    let expect = [
        "Int(7)",
        "Decimal(\"1.50\")",
        "Bool(true)",
        "Null",
        "Date(2023-07-11)",
        "Timestamp(2023-07-11T10:00:00)",
        "Json(\"{\\\"k\\\": 1}\")",
        "List([Text(\"x\"), Null])",
        "Text(\"x\")",
        "Float(2.0)",
        "Int(7)",
        "Interval(0, 1, 7200000000)",
        "TimestampTz(2023-07-11T08:00:00+00:00)",
        "Bytes([0, 255])",
    ];
    assert_eq!(told, expect);
    assert_eq!(table.columns[8].name, "last");
    let rows = c.execute("select generate_series(1, 50)", Fetch::Limit(3)).unwrap();
    assert_eq!((rows.0.message.as_str(), rows.1.rows.len()), ("SELECT 50", 3));
    let described =
        c.describe("select 1::int as a, 'x'::varchar(10) as b, 1::numeric(9,2), '{}'::int[] as d").unwrap();
    let types: Vec<_> = described.iter().map(|(_, of)| of.as_str()).collect();
    assert_eq!(types, ["integer", "character varying(10)", "numeric(9,2)", "integer[]"]);
}

#[test]
fn faults_name_their_line() {
    let server = Server::shared();
    let mut c = connect(&server);
    let check = |c: &mut dyn Connection, sql: &str, fetch, place: Option<(usize, usize)>, message: &str| {
        let error = c.execute(sql, fetch).unwrap_err();
        let found = error.location().map(|l| (l.line.unwrap(), l.column.unwrap()));
        assert_eq!((found, error.message()), (place, message));
    };
    let missing = "relation \"nowhere\" does not exist\nLINE 2: from nowhere\n             ^";
    for fetch in [Fetch::All, Fetch::Nothing] {
        check(&mut *c, "select 1\nfrom nowhere", fetch, Some((2, 6)), missing);
    }
    check(
        &mut *c,
        "select 1;\nselect 2 from é",
        Fetch::All,
        Some((2, 15)),
        "relation \"é\" does not exist\nLINE 2: select 2 from é\n                      ^",
    );
    c.execute("create temp table u (a int primary key); insert into u values (1)", Fetch::Nothing).unwrap();
    let error = c.execute("insert into u values (1)", Fetch::Nothing).unwrap_err();
    assert_eq!(error.code(), Some("23505"));
    assert!(error.message().ends_with("\nDETAIL:  Key (a)=(1) already exists."), "{}", error.message());
}

#[test]
fn a_server_without_merge_is_told_of() {
    let server = Server::shared();
    let mut c = connect(&server);
    // What a server before 15 says of the statement itself.
    let fault = c.execute("drop MERGE x", Fetch::Nothing).unwrap_err();
    assert!(fault.message().starts_with("syntax error at or near \"MERGE\""), "{}", fault.message());
    assert!(fault.full_text().contains("needs PostgreSQL 15"), "{}", fault.full_text());
    let other = c.execute("selec 1", Fetch::Nothing).unwrap_err();
    assert!(!other.full_text().contains("needs PostgreSQL 15"));
}

#[test]
fn transactions_are_followed() {
    let server = Server::shared();
    let mut c = connect(&server);
    c.begin().unwrap();
    c.begin().unwrap();
    c.execute("create table tx_lost (a int)", Fetch::Nothing).unwrap();
    c.execute("select nonsense", Fetch::All).unwrap_err();
    assert!(c.in_transaction());
    assert_eq!(c.commit().unwrap_err().code(), Some("25P02"));
    assert!(!c.in_transaction());
    assert_eq!(scalar(&mut *c, "select to_regclass('tx_lost')"), Cell::Null);
    c.execute("begin; create temp table tx_kept (a int)", Fetch::Nothing).unwrap();
    assert!(c.in_transaction());
    c.execute("commit", Fetch::Nothing).unwrap();
    assert!(!c.in_transaction());
    c.execute("select 1; commit; select nonsense", Fetch::Nothing).unwrap_err();
    assert!(!c.in_transaction());
    c.rollback().unwrap();
}

#[test]
fn sessions_are_set_up_as_the_profile_says() {
    let server = Server::shared();
    let more = json!({"search_path": "other, public", "role": "other", "application_name": "k", "keepalives_idle": 5});
    let mut c = adapter(&server, more).connect("test").unwrap();
    let sql = "select current_user || ' ' || current_setting('search_path') || ' ' || current_setting('application_name')";
    assert_eq!(scalar(&mut *c, sql), Cell::Text("other other, public k".into()));
    let socket = json!({"host": server.folder.path().display().to_string()});
    let mut c = adapter(&server, socket).connect("test").unwrap();
    assert_eq!(scalar(&mut *c, "select inet_client_addr() is null"), Cell::Bool(true));
}

#[test]
fn tls_follows_sslmode() {
    let server = Server::shared();
    let root = server.folder.path().join("root.crt").display().to_string();
    let encrypted = |more: Json| {
        let mut c = adapter(&server, more).connect("test").unwrap();
        scalar(&mut *c, "select ssl from pg_stat_ssl where pid = pg_backend_pid()")
    };
    assert_eq!(encrypted(json!({})), Cell::Bool(true));
    assert_eq!(encrypted(json!({"sslmode": "disable"})), Cell::Bool(false));
    assert_eq!(encrypted(json!({"sslmode": "allow"})), Cell::Bool(false));
    assert_eq!(encrypted(json!({"sslmode": "allow", "user": "tlsonly"})), Cell::Bool(true));
    assert_eq!(encrypted(json!({"sslmode": "prefer", "user": "plainonly"})), Cell::Bool(false));
    assert_eq!(encrypted(json!({"sslmode": "require"})), Cell::Bool(true));
    assert_eq!(encrypted(json!({"sslmode": "verify-ca", "sslrootcert": root})), Cell::Bool(true));
    let full = json!({"sslmode": "verify-full", "sslrootcert": root, "host": "localhost"});
    assert_eq!(encrypted(full), Cell::Bool(true));
    let wrong_name = refused(&server, json!({"sslmode": "verify-full", "sslrootcert": root}));
    assert!(wrong_name.message().contains("not valid for name"), "{}", wrong_name.message());
    let no_root = refused(&server, json!({"sslmode": "verify-full"}));
    assert!(no_root.message().contains("needs a root certificate"), "{}", no_root.message());
    let unknown = rcgen::generate_simple_self_signed(vec!["other".to_string()]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), unknown.cert.pem()).unwrap();
    let other = json!({"sslmode": "verify-ca", "sslrootcert": file.path().display().to_string()});
    assert!(refused(&server, other).message().starts_with("no TLS with PostgreSQL"));
}

#[test]
fn refusals_are_told_without_secrets() {
    let server = Server::shared();
    let scram = |password: &str| json!({"user": "scram", "password": password});
    adapter(&server, scram("s3cret")).connect("test").unwrap();
    let wrong = refused(&server, scram("wr0ng"));
    assert_eq!(wrong.code(), Some("28P01"));
    assert!(!wrong.full_text().contains("wr0ng"), "{}", wrong.full_text());
    let none = refused(&server, json!({"user": "scram"}));
    assert!(none.message().contains("asks for a password"), "{}", none.message());
    let database = refused(&server, json!({"dbname": "nowhere"}));
    assert_eq!((database.code(), database.helps().len()), (Some("3D000"), 1));
    let begun = Instant::now();
    let closed = refused(&server, json!({"port": 1, "retries": 2}));
    assert!(closed.message().contains("127.0.0.1:1` cannot be reached"), "{}", closed.message());
    assert!(begun.elapsed() >= Duration::from_secs(1), "the second retry waits");
}

#[test]
fn a_silent_server_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::shared();
    let more = json!({"port": silent.local_addr().unwrap().port(), "connect_timeout": 1});
    let begun = Instant::now();
    let error = refused(&server, more);
    assert!(error.message().contains("no answer within 1 seconds"), "{}", error.message());
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn statements_are_cancelled() {
    let server = Server::shared();
    for sslmode in ["disable", "require"] {
        let mut c = adapter(&server, json!({"sslmode": sslmode})).connect("test").unwrap();
        let canceller = c.canceller();
        let other = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            canceller.cancel();
        });
        let error = c.execute("select pg_sleep(20)", Fetch::All).unwrap_err();
        assert_eq!(error.code(), Some("57014"));
        other.join().unwrap();
        assert_eq!(scalar(&mut *c, "select 1"), Cell::Int(1));
    }
}

#[test]
fn a_session_that_is_ended_is_told() {
    let server = Server::shared();
    let mut c = connect(&server);
    let Cell::Int(pid) = scalar(&mut *c, "select pg_backend_pid()") else { panic!() };
    server.psql(&format!("select pg_terminate_backend({pid})"));
    std::thread::sleep(Duration::from_millis(200));
    let error = c.execute("select 1", Fetch::All).unwrap_err();
    assert!(matches!(error.code(), Some("08006" | "57P01")), "{}", error.full_text());
    assert!(!c.in_transaction());
}

#[test]
fn files_are_copied() {
    let server = Server::shared();
    let mut c = connect(&server);
    c.execute("create temp table seed (id int, \"Name\" text, day date)", Fetch::Nothing).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut load = |text: &str, delimiter: u8| {
        let path = dir.path().join("seed.csv");
        std::fs::write(&path, text).unwrap();
        let columns = [("id", "integer"), ("Name", "text"), ("day", "date")];
        let columns = columns.map(|(name, of)| (name.to_string(), of.to_string())).to_vec();
        let into = Relation::new(None, None, Some("seed"));
        c.load_csv(&CsvLoad { path, delimiter, into, columns, longest_row: 0 })
    };
    let text = "\u{feff}id,Name,day\n1,\"a, \"\"b\"\"\nc\\d\",2023-07-11\n2,\"\",\n";
    assert_eq!(load(text, b',').unwrap(), 2);
    assert_eq!(load("id;Name;day\n3;x;\n", b';').unwrap(), 1);
    let told = |outcome: crate::error::Result<u64>| {
        let error = outcome.unwrap_err();
        (error.location().and_then(|l| l.line), error.message().to_string())
    };
    let bad_value = "id,Name,day\n1,\"a\nb\",\n2,x,tomorrowish\n";
    let message = "invalid input syntax for type date: \"tomorrowish\" (column `day`)";
    assert_eq!(told(load(bad_value, b',')), (Some(4), message.to_string()));
    let ragged = told(load("id,Name,day\n1,x,\n2,x\n", b','));
    assert_eq!(ragged, (Some(3), "the row has 2 fields where the header has 3".to_string()));
    let (_, table) = c.execute("select * from seed order by id", Fetch::All).unwrap();
    assert_eq!(table.rows.len(), 3, "a failed load leaves nothing");
    assert_eq!(table.rows[0][1], Cell::Text("a, \"b\"\nc\\d".into()));
    assert_eq!(table.rows[1][1..], [Cell::Null, Cell::Null]);
}

#[test]
fn copy_through_the_client_is_refused() {
    let server = Server::shared();
    let mut c = connect(&server);
    c.execute("copy (select 1) to stdout", Fetch::Nothing).unwrap_err();
    assert_eq!(scalar(&mut *c, "select 1"), Cell::Int(1));
}

#[test]
fn what_is_shown_holds_no_password() {
    let server = Server::shared();
    let adapter = adapter(&server, json!({"password": "s3cret"}));
    let keys: Vec<_> = adapter.connection_info().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys[..5], ["host", "port", "user", "database", "schema"]);
    let target = adapter.target_fields();
    assert_eq!((&target["dbname"], &target["type"]), (&json!("postgres"), &json!("postgres")));
    assert!(!json!(target).to_string().contains("s3cret"));
    assert!(format!("{:?}", adapter.connection_info()).find("s3cret").is_none());
}
