//! The demo at the repository's root, built on both engines: the counts, the second build, and the later
//! batch, which merges exactly its 200 new and 50 changed rows.

use crate::harness::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use walkdir::WalkDir;

const LATER: [&str; 2] = ["--vars", "later_batch: true"];
const GREEN: &str = "PASS=122 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=122";

/// Rows of each relation: after the first build, and after the later batch.
const COUNTS: &[(&str, usize, usize)] = &[
    ("seeds.transactions", 2000, 2000),
    ("seeds.transactions_later", 250, 250),
    ("bronze.raw_transaction", 2000, 2250),
    ("bronze.missing_quantity", 82, 88),
    ("silver.transaction", 1920, 2120),
    ("gold.customer_dim", 181, 181),
    ("gold.product_dim", 26, 26),
    ("gold.location_dim", 31, 31),
    ("gold.date_dim", 731, 731),
    ("gold.transaction_fct", 1838, 2034),
    ("marts.sales_by_country", 10, 10),
    ("marts.sales_by_customer", 181, 181),
    ("marts.sales_by_month", 12, 13),
];

/// A copy of the demo in a temporary folder.
fn demo(adapter: Adapter) -> Project {
    let mut p = Project::new(adapter);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["dbt_project.yml", "profiles.yml", "models", "seeds", "macros", "tests"] {
        let files = WalkDir::new(root.join(name)).into_iter().filter_entry(|entry| entry.file_name() != "it");
        for path in files.map(|entry| entry.unwrap().into_path()).filter(|path| path.is_file()) {
            p.bytes(path.strip_prefix(root).unwrap().to_str().unwrap(), &std::fs::read(&path).unwrap());
        }
    }
    match adapter {
        Adapter::DuckDb => p.database = "forex".into(),
        Adapter::Postgres => {
            let port = Server::get().port().to_string();
            p.env("PGHOST", "127.0.0.1")
                .env("PGPORT", &port)
                .env("PGUSER", "warehouse")
                .env("PGDATABASE", &p.database);
        }
    }
    p
}

fn build(p: &Project, target: &str, more: &[&str]) {
    let words = [&["build", "--target", target], more].concat();
    p.karat(&words[..]).success().stdout_has(GREEN);
}

/// All rows of a relation as text, sorted.
fn dump(p: &Project, relation: &str) -> Vec<Vec<String>> {
    let (schema, table) = relation.split_once('.').unwrap();
    let columns = p.column(&format!(
        "select column_name from information_schema.columns where table_schema = '{schema}' and table_name = '{table}' order by ordinal_position"
    ));
    let list: Vec<String> =
        columns.iter().map(|column| format!("cast({column} as varchar) as {column}")).collect();
    let mut rows = p.rows(&format!("select {} from {relation}", list.join(", ")));
    rows.sort();
    rows.insert(0, columns);
    rows
}

fn check_counts(p: &Project, prefix: &str, later: bool) {
    for (relation, first, second) in COUNTS {
        let expect = if later { *second } else { *first };
        assert_eq!(p.count(&format!("{prefix}{relation}")), expect, "{relation} on {}", p.adapter.name());
    }
}

#[test]
fn builds_twice_and_takes_the_later_batch() {
    for adapter in adapters() {
        let p = demo(adapter);
        let (target, prefix) = adapter.pick(("dev", "ada_"), ("pg_dev", "warehouse_"));
        build(&p, target, &[]);
        check_counts(&p, prefix, false);
        let silver = dump(&p, &format!("{prefix}silver.transaction"));
        build(&p, target, &[]);
        check_counts(&p, prefix, false);
        assert_eq!(
            dump(&p, &format!("{prefix}silver.transaction")),
            silver,
            "a second build changes nothing"
        );
        build(&p, target, &LATER);
        check_counts(&p, prefix, true);
        build(&p, target, &LATER);
        check_counts(&p, prefix, true);
        assert_eq!(p.relations().len(), COUNTS.len(), "no stray relations: {:?}", p.relations());
    }
}

/// `transaction_id` -> row.
fn by_id(rows: &[Vec<String>]) -> BTreeMap<String, Vec<String>> {
    let at = rows[0].iter().position(|name| name == "transaction_id").unwrap();
    rows[1..].iter().map(|row| (row[at].clone(), row.clone())).collect()
}

#[test]
fn the_later_batch_merges_its_rows_and_no_others() {
    let mut gold = Vec::new();
    for adapter in adapters() {
        let p = demo(adapter);
        let target = adapter.pick("pro", "pg_pro");
        build(&p, target, &[]);
        let before = by_id(&dump(&p, "silver.transaction"));
        build(&p, target, &LATER);
        let after = by_id(&dump(&p, "silver.transaction"));
        let delivered: BTreeSet<String> = p
            .column("select distinct trim(transaction_id) from seeds.transactions_later")
            .into_iter()
            .collect();

        let gone: Vec<&String> = before.keys().filter(|id| !after.contains_key(*id)).collect();
        assert!(gone.is_empty(), "rows were lost: {gone:?}");
        let new: BTreeSet<&String> = after.keys().filter(|id| !before.contains_key(*id)).collect();
        let changed: BTreeSet<&String> = before.keys().filter(|id| before[*id] != after[*id]).collect();
        assert_eq!((new.len(), changed.len()), (200, 50));
        let touched: BTreeSet<&String> = new.union(&changed).copied().collect();
        assert_eq!(touched, delivered.iter().collect(), "the rows of the later batch, and no others");

        let tables: Vec<&str> = COUNTS
            .iter()
            .map(|c| c.0)
            .filter(|name| name.starts_with("gold.") || name.starts_with("silver."))
            .collect();
        gold.push(tables.into_iter().map(|name| (name, dump(&p, name))).collect::<Vec<_>>());
    }
    let Some((first, others)) = gold.split_first() else { return };
    for other in others {
        for ((name, one), (_, two)) in first.iter().zip(other) {
            assert_eq!(one.len(), two.len(), "{name}");
            for (a, b) in one.iter().zip(two) {
                assert_eq!(a, b, "{name} differs between the engines");
            }
        }
    }
}

fn adapters() -> Vec<Adapter> {
    let duckdb = cfg!(feature = "duckdb").then_some(Adapter::DuckDb);
    duckdb.into_iter().chain([Adapter::Postgres]).collect()
}
