//! Servers that cannot be reached or refuse us. No password is ever printed.

use super::refused;
use crate::harness::*;

fn connecting(change: impl Fn(&Project, String) -> String) -> String {
    let p = Project::new(Adapter::Postgres);
    p.file("models/a.sql", "select 1 as id");
    p.file("profiles.yml", &change(&p, p.text("profiles.yml")));
    let said = refused(&p, ["build"]);
    assert!(p.relations().is_empty());
    said
}

#[test]
fn unreachable_server() {
    let port = Server::get().port().to_string();
    let said = connecting(|_, text| text.replace(&format!("port: {port}"), "port: 1"));
    insta::assert_snapshot!("unreachable_server", said);
}

#[test]
fn unknown_host() {
    let said = connecting(|_, text| text.replace("host: 127.0.0.1", "host: no-such-host.invalid"));
    insta::assert_snapshot!("unknown_host", said);
}

#[test]
fn wrong_password() {
    let said = connecting(|_, text| {
        text.replace("user: warehouse", &format!("user: {PASSWORD_ROLE}"))
            .replace("password: ''", "password: battery staple")
    });
    assert!(!said.contains("battery staple"), "{said}");
    insta::assert_snapshot!("wrong_password", said);
}

#[test]
fn unknown_database() {
    let said = connecting(|p, text| text.replace(&format!("dbname: {}", p.database), "dbname: nowhere"));
    insta::assert_snapshot!("unknown_database", said);
}

#[test]
fn the_right_password_is_taken() {
    on_postgres(|p| {
        let text = p.text("profiles.yml").replace("user: warehouse", &format!("user: {PASSWORD_ROLE}"));
        p.file("profiles.yml", &text.replace("password: ''", &format!("password: {PASSWORD}")));
        p.file("models/a.sql", "select 1 as id");
        p.karat(["build"]).success().stdout_lacks(PASSWORD);
        assert!(!p.text("logs/dbt.log").contains(PASSWORD));
    });
}

#[test]
fn duckdb_file_in_a_missing_folder() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "profiles.yml",
            &p.text("profiles.yml").replace("warehouse.duckdb", "no/such/folder/w.duckdb"),
        );
        insta::assert_snapshot!("duckdb_file_in_a_missing_folder", refused(p, ["build"]));
    });
}

#[test]
fn duckdb_file_that_is_none() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file("profiles.yml", &p.text("profiles.yml").replace("warehouse.duckdb", "other.duckdb"));
        p.file("other.duckdb", "this is a letter to my grandmother, not a database\n".repeat(200).as_str());
        insta::assert_snapshot!("duckdb_file_that_is_none", refused(p, ["build"]));
    });
}
