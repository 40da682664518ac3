//! `external`: a file written from a query, and a view that reads it.

use crate::harness::*;

const ROWS: &str = "select 1 as id, 'a,b' as n union all select 2, null";

fn model(p: &Project, name: &str, config: &str, sql: &str) {
    p.file(
        &format!("models/{name}.sql"),
        &format!("{{{{ config(materialized='external', {config}) }}}}\n{sql}"),
    );
}

#[test]
fn formats_and_options() {
    on_duckdb(|p| {
        std::fs::create_dir_all(p.path("out")).unwrap();
        p.file(
            "profiles.yml",
            &p.profiles("shop").replace("threads: 4", "threads: 4\n      external_root: out"),
        );
        model(p, "plain", "meta={}", ROWS);
        model(p, "bars", "format='csv', delimiter='|'", ROWS);
        model(p, "packed", "location='out/packed.csv.gz'", ROWS);
        model(p, "lines", "format='json'", ROWS);
        model(p, "parts", "options={'partition_by': 'id', 'overwrite': true}", ROWS);
        model(
            p,
            "listed",
            "options={'partition_by': ['id', 'n'], 'overwrite': true, 'write_partition_columns': true}",
            ROWS,
        );
        model(p, "named", "location='out/{{ this.name }}_x.parquet', options={'compression': 'zstd'}", ROWS);
        model(p, "reader", "location='out/reader.csv'", "select count(*) as c from {{ ref('parts') }}");
        for _ in 0..2 {
            p.karat(["run"]).success();
        }
        assert_eq!(p.text("out/bars.csv"), "id|n\n1|a,b\n2|\n");
        assert_eq!(p.text("out/lines.json"), "{\"id\":1,\"n\":\"a,b\"}\n{\"id\":2,\"n\":null}\n");
        for file in [
            "out/plain.parquet",
            "out/packed.csv.gz",
            "out/named_x.parquet",
            "out/parts/id=1",
            "out/listed/id=1",
        ] {
            assert!(p.path(file).exists(), "{file}");
        }
        for name in ["plain", "bars", "packed", "lines", "parts", "listed", "named"] {
            assert_eq!(
                p.rows(&format!("select id, n from analytics.{name} order by id")),
                [["1", "a,b"], ["2", "NULL"]],
                "{name}"
            );
        }
        assert_eq!(p.value("select c from analytics.reader"), "2");
        assert_eq!(
            p.karat(["parse"]).manifest()["nodes"]["model.shop.parts"]["config"]["materialized"],
            "external"
        );
    });
}

#[test]
fn an_empty_result_keeps_its_columns() {
    on_duckdb(|p| {
        for (name, format) in [("a", "csv"), ("b", "parquet"), ("c", "json")] {
            model(p, name, &format!("format='{format}'"), &format!("select * from ({ROWS}) where false"));
        }
        p.karat(["run"]).success();
        for name in ["a", "b", "c"] {
            assert_eq!(p.value(&format!("select count(*) from analytics.{name}")), "0");
            assert_eq!(
                p.column(&format!("select column_name from (describe analytics.{name})")),
                ["id", "n"]
            );
        }
    });
}

#[test]
fn a_failed_build_leaves_the_old_file() {
    on_duckdb(|p| {
        model(p, "a", "location='a.csv'", "select 1 as id");
        p.karat(["run"]).success();
        model(p, "a", "location='a.csv'", "select error('no') as id");
        p.karat(["run"]).exit(1);
        assert_eq!(p.text("a.csv"), "id\n1\n");
        model(p, "a", "location='a.csv'", "select 2 as id");
        p.karat(["run"]).success();
        let left: Vec<_> = std::fs::read_dir(p.root())
            .unwrap()
            .flatten()
            .map(|e| e.file_name().into_string().unwrap())
            .filter(|name| name.contains("a.csv"))
            .collect();
        assert_eq!(left, ["a.csv"]);
    });
}

#[test]
fn what_makes_no_sense_is_told() {
    on_duckdb(|p| {
        model(p, "a", "format='xml'", ROWS);
        model(p, "b", "options=['x']", ROWS);
        let ran = p.karat(["run"]);
        ran.exit(1).stdout_has("Invalid format: xml. Allowed formats are: csv, parquet, json");
        ran.stdout_has("The options argument must be a dictionary");
    });
}

#[test]
fn plugins_are_named_with_what_to_do_instead() {
    on_duckdb(|p| {
        model(p, "a", "location='a.parquet', glue_register=true", ROWS);
        model(p, "b", "location='b.parquet', plugin='excel'", ROWS);
        let ran = p.karat(["run"]);
        ran.success()
            .stdout_has("not handed on to the plugin `glue|default`")
            .stdout_has("the extension `excel` reads and writes");
        assert!(p.path("a.parquet").exists() && p.path("b.parquet").exists());
    });
}

#[test]
fn a_model_that_was_a_table_becomes_external_and_back() {
    on_duckdb(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.karat(["run"]).success();
        model(p, "a", "location='a.parquet'", "select 2 as id");
        p.karat(["run"]).success();
        assert_eq!(
            (p.value("select id from analytics.a").as_str(), p.relations()),
            ("2", vec!["analytics.a view".to_string()])
        );
        p.file("models/a.sql", "{{ config(materialized='table') }} select 3 as id");
        p.karat(["run"]).success();
        assert_eq!(
            (p.value("select id from analytics.a").as_str(), p.relations()),
            ("3", vec!["analytics.a table".to_string()])
        );
    });
}

#[test]
fn partitions_of_an_earlier_run_do_not_stay() {
    on_duckdb(|p| {
        let parts = |options: &str, rows: &str| {
            model(
                p,
                "a",
                &format!("location='parts', options={{'partition_by': 'k'{options}}}"),
                &format!("select * from (values {rows}) t(v, k)"),
            );
            p.karat(["run"])
        };
        let found = || p.column("select v || k from analytics.a order by 1");
        parts(", 'overwrite': true", "(1, 'a'), (2, 'b')").success();
        parts(", 'overwrite': true", "(3, 'b'), (4, 'c')").success();
        assert_eq!(found(), ["3b", "4c"]);
        parts("", "(5, 'd')").exit(1).stdout_has("Enable OVERWRITE option");
        assert_eq!(found(), ["3b", "4c"], "nothing is touched");
        parts(", 'overwrite_or_ignore': true", "(6, 'c')").success();
        assert_eq!(found(), ["3b", "6c"], "as asked: only files of the same name go");
        parts(", 'append': true", "(7, 'c')").success();
        assert_eq!(found(), ["3b", "6c", "7c"]);
    });
}

#[test]
fn files_may_be_cut_and_read_with_options() {
    on_duckdb(|p| {
        model(
            p,
            "cut",
            "location='cut', options={'per_thread_output': true, 'overwrite': true}",
            "select i as id from range(3) t(i)",
        );
        model(p, "texts", "location='t.csv', csv_read_options={'all_varchar': true}", "select 1 as id");
        model(
            p,
            "lines",
            "location='l.json', json_read_options={'columns': {'id': 'VARCHAR'}}",
            "select 1 as id",
        );
        model(
            p,
            "named",
            "location='n.parquet', parquet_read_options={'filename': true, 'union_by_name': true}",
            "select 1 as id",
        );
        for _ in 0..2 {
            p.karat(["run"]).success();
        }
        assert_eq!(p.column("select id from analytics.cut order by id"), ["0", "1", "2"]);
        assert_eq!(p.value("select typeof(id) from analytics.texts"), "VARCHAR");
        assert_eq!(p.value("select typeof(id) from analytics.lines"), "VARCHAR");
        assert_eq!(p.value("select parse_filename(filename) as f from analytics.named"), "n.parquet");
    });
}
