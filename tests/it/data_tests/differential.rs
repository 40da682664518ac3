//! Thousands of generated sets of tests, each on one relation, run twice: sharing scans and one by one. What
//! run_results.json says of each test is the same.

use crate::harness::*;
use serde_json::Value as Json;
use std::fmt::Write;

/// How many sets of tests an engine is given; `KARAT_TEST_SETS` asks for more.
fn sets(adapter: Adapter) -> usize {
    let asked = std::env::var("KARAT_TEST_SETS").ok().and_then(|n| n.parse().ok());
    asked.unwrap_or(adapter.pick(200, 1000))
}

/// Tables that they are about.
const TABLES: usize = 40;

const MACROS: &str = "
{% test holds(model, expression) %}
select * from {{ model }} where not ({{ expression }})
{% endtest %}
{% test between(model, column_name, low, high) %}
with seen as (select {{ column_name }} as value from {{ model }}),
bad as (select * from seen where value is null or not (value >= {{ low }} and value <= {{ high }}))
select * from bad
{% endtest %}
{% test together_unique(model, columns) %}
with bad as (select {{ columns | join(', ') }} from {{ model }} group by {{ columns | join(', ') }} having count(*) > 1)
select * from bad
{% endtest %}
{% test no_such(model, column_name, values) %}
select distinct {{ column_name }} as value from {{ model }} where {{ column_name }} in ({{ values | join(', ') }})
{% endtest %}
";

/// A small generator of numbers, always the same for a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A column: its name, its type on either engine, values that it may have, values for lists.
struct Kind {
    name: &'static str,
    types: [&'static str; 2],
    values: &'static [&'static str],
}

const fn kind(name: &'static str, types: [&'static str; 2], values: &'static [&'static str]) -> Kind {
    Kind { name, types, values }
}

/// On PostgreSQL some of these cannot be compared, which is an error of the tests that compare them.
const KINDS: &[Kind] = &[
    kind("i", ["integer", "integer"], &["0", "1", "2", "3", "-5", "2147483647"]),
    kind("big", ["bigint", "bigint"], &["0", "1", "9223372036854775807"]),
    kind("num", ["decimal(9,2)", "numeric"], &["0", "1.5", "1.50", "-2.25"]),
    kind("flt", ["double", "float8"], &["0", "-0.0", "1.5", "'NaN'", "'Infinity'"]),
    kind("txt", ["varchar", "text"], &["'a'", "'A'", "'b '", "'b'", "''", "'it''s'"]),
    kind("\"Mixed Case\"", ["varchar", "varchar(9)"], &["'x'", "'y'", "'select'"]),
    kind("flag", ["boolean", "boolean"], &["true", "false"]),
    kind("day", ["date", "date"], &["'2024-01-01'", "'2024-02-29'", "'1970-01-01'"]),
    kind("moment", ["timestamp", "timestamptz"], &["'2024-01-01 00:00:00'", "'2024-01-01 12:30:00'"]),
    kind("list", ["integer[]", "integer[]"], &["array[1, 2]", "array[1]"]),
    kind("doc", ["varchar", "json"], &["'{}'", "'[1]'"]),
    kind("spot", ["varchar", "box"], &["'(1,1),(0,0)'", "'(2,1),(0,0)'"]),
];

fn tables(dice: &mut Dice, engine: usize) -> String {
    let mut sql = "create schema raw;\n".to_string();
    for table in 0..TABLES {
        let columns: Vec<String> =
            KINDS.iter().map(|kind| format!("{} {}", kind.name, kind.types[engine])).collect();
        writeln!(sql, "create table raw.t{table} ({});", columns.join(", ")).unwrap();
        // Few rows let many tests pass; the first tables are empty.
        for row in 0..table / 4 {
            let value = |kind: &Kind, dice: &mut Dice| match kind.name {
                _ if table % 3 == 0 && dice.once_in(6) => "null".to_string(),
                "i" | "big" if table % 2 == 0 => row.to_string(),
                _ => dice.pick(kind.values).to_string(),
            };
            let values: Vec<String> = KINDS.iter().map(|kind| value(kind, dice)).collect();
            writeln!(sql, "insert into raw.t{table} values ({});", values.join(", ")).unwrap();
        }
    }
    sql
}

/// The configs of a test, as a YAML mapping.
fn config(dice: &mut Dice) -> String {
    let mut all = Vec::new();
    if dice.once_in(4) {
        let filter =
            dice.pick(&["i > 0", "txt = 'a' or flag", "i is not null and 1 / i > 0", "false", "1 = 1"]);
        all.push(format!("where: \"{filter}\""));
    }
    if dice.once_in(5) {
        all.push(format!("warn_if: \"{}\"", dice.pick(&["> 1", "!= 0", "= 0", "between 1 and 2", ">= 3"])));
    }
    if dice.once_in(5) {
        all.push(format!("error_if: \"{}\"", dice.pick(&["> 2", "<> 0", "< 1", ">5"])));
    }
    if dice.once_in(6) {
        all.push(format!("severity: {}", dice.pick(&["warn", "ERROR"])));
    }
    if dice.once_in(6) {
        all.push(format!("limit: {}", dice.below(4)));
    }
    if dice.once_in(12) {
        all.push("fail_calc: \"coalesce(count(*), 0) + 0\"".to_string());
    }
    if dice.once_in(40) {
        all.push("store_failures: true".to_string());
    }
    format!("{{{}}}", all.join(", "))
}

/// One test: its name and arguments.
fn test(dice: &mut Dice) -> (String, String) {
    let kind = dice.pick(&KINDS.iter().collect::<Vec<_>>());
    let column = match dice.below(60) {
        0 => "gone",
        1 => "i / 0",
        2 => "lower(txt)",
        _ => kind.name,
    };
    let column = format!("column_name: '{column}'");
    let count = 1 + dice.below(kind.values.len());
    let listed = |quoted: bool| {
        let text = |value: &&&str| match quoted {
            true => format!("\"{}\"", value.trim_matches('\'').replace("''", "'")),
            false => format!("\"{value}\""),
        };
        kind.values
            .iter()
            .filter(|value| !quoted || !value.contains("''"))
            .take(count)
            .map(|v| text(&v))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match dice.below(10) {
        0..3 => ("not_null".into(), column),
        3 | 4 => ("unique".into(), column),
        5 => ("accepted_values".into(), format!("{column}, values: [{}]", listed(true))),
        6 => ("accepted_values".into(), format!("{column}, quote: false, values: [{}]", listed(false))),
        7 => {
            let expression = dice.pick(&[
                "i >= 0",
                "i is distinct from 3",
                "txt like '%a%' or txt is null",
                "case when i = 0 then true else 10 / i < 20 end",
                "10 / i < 20",
                "flt = flt",
                "coalesce(flag, true)",
                "day > '1999-12-31'",
                "upper(txt) in ('A', 'B')",
                "num between -3 and 3",
                "random() >= 0",
                "i in (select i from raw.t1)",
                "txt not like '%''%'",
            ]);
            ("holds".into(), format!("expression: \"{expression}\""))
        }
        8 => match dice.below(2) {
            0 => ("between".into(), "column_name: i, low: 0, high: 2".into()),
            _ => ("no_such".into(), format!("{column}, values: [{}]", listed(false))),
        },
        _ => ("together_unique".into(), format!("columns: [i, {}]", dice.pick(&["txt", "big", "day"]))),
    }
}

/// The property file: a set of tests for each name of a source.
fn properties(dice: &mut Dice, sets: usize) -> String {
    let mut yml = "sources:\n  - name: raw\n    schema: raw\n    tables:\n".to_string();
    for set in 0..sets {
        let table = dice.below(TABLES);
        writeln!(yml, "      - name: s{set}\n        identifier: t{table}\n        data_tests:").unwrap();
        for n in 0..2 + dice.below(5) {
            let (name, arguments) = test(dice);
            let config = config(dice);
            writeln!(
                yml,
                "          - {name}: {{name: x{set}_{n}, arguments: {{{arguments}}}, config: {config}}}"
            )
            .unwrap();
        }
    }
    yml
}

/// What is told of a test, but for times, threads and the engine's figures for its own errors.
fn told(outcome: &Outcome) -> Vec<(String, Json)> {
    let keys = ["status", "failures", "message", "adapter_response", "compiled_code", "relation_name"];
    let of = |result: &Json| {
        let fields: serde_json::Map<_, _> =
            keys.iter().map(|key| (key.to_string(), result[*key].clone())).collect();
        (result["unique_id"].as_str().unwrap().to_string(), Json::Object(fields))
    };
    let mut all: Vec<_> = outcome.results().iter().map(of).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn sharing_scans_changes_no_result() {
    on_adapters(|p| {
        let (mut dice, sets) = (Dice(0x5eed), sets(p.adapter));
        p.env("DBT_LOG_FILE_MAX_BYTES", "0");
        p.file("macros/tests.sql", MACROS);
        p.file("models/sources.yml", &properties(&mut dice, sets));
        p.execute(&tables(&mut dice, p.adapter.pick(0, 1)));
        let alone = told(&p.karat(["test", "--no-fuse-tests", "--quiet"]));
        let fused = told(&p.karat(["test", "--quiet"]));
        assert!(fused.len() > 3 * sets);
        let shared = p.text("logs/dbt.log").matches("answered by a scan").count();
        assert!(shared > p.adapter.pick(sets / 10, sets / 2), "{shared} tests shared a scan");
        let count = |status: &str| fused.iter().filter(|(_, it)| it["status"] == status).count();
        for status in ["pass", "fail", "warn", "error"] {
            assert!(count(status) > sets / 50, "{} are `{status}`", count(status));
        }
        for (alone, fused) in alone.iter().zip(&fused) {
            assert_eq!(alone, fused);
        }
        assert_eq!(alone.len(), fused.len());
    });
}
