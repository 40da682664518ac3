//! Models in Python: run on DuckDB by the user's own Python, refused on PostgreSQL as dbt refuses them.

use crate::harness::*;

/// Runs the body on DuckDB with a Python at hand.
fn with_python(body: impl Fn(&Project)) {
    on_duckdb(|p| {
        p.env("KARAT_PYTHON", &python());
        body(p);
    });
}

#[test]
fn a_model_reads_and_gives_rows_of_any_kind() {
    with_python(|p| {
        p.file(
            "models/a.sql",
            "select 1 as id, 10::hugeint as big, interval 1 day as i, 'x'::enum('x', 'y') as e",
        );
        p.file("models/relation.py", "def model(dbt, session):\n    return dbt.ref('a')\n");
        p.file(
            "models/frame.py",
            "import pandas\n\ndef model(dbt, session):\n    dbt.config(materialized='table')\n    \
             df = dbt.ref('relation').df()\n    df['n'] = df['id'] + 1\n    return df[['id', 'n']]\n",
        );
        p.file("models/query.py", "def model(dbt, session):\n    rows = dbt.ref('frame')\n    return session.sql('select n, (select count(*) from analytics.a) as c from rows')\n");
        p.file("models/view.sql", "select * from {{ ref('query') }}");
        p.karat(["run"]).success().stdout_has("OK created python table model analytics.frame");
        assert_eq!(
            p.rows(
                "select id::text, big::text, i::text, e::text, typeof(big), typeof(e) from analytics.relation"
            ),
            [["1", "10", "1 day", "x", "HUGEINT", "ENUM('x', 'y')"]]
        );
        assert_eq!(p.rows("select n, c from analytics.view"), [["2", "1"]]);
        let manifest = p.karat(["parse"]).manifest();
        let node = &manifest["nodes"]["model.shop.frame"];
        assert_eq!(
            (node["language"].as_str(), node["config"]["materialized"].as_str()),
            (Some("python"), Some("table"))
        );
        assert_eq!(node["depends_on"]["nodes"][0], "model.shop.relation");
    });
}

#[test]
fn dbt_tells_the_model_about_itself() {
    with_python(|p| {
        p.file("models/a.yml", "models: [{name: a, config: {meta: {limit: 7}, alias: named}}]\nsources: [{name: raw, schema: analytics, tables: [{name: t}]}]");
        p.file(
            "models/a.py",
            "def model(dbt, session):\n    dbt.config(tags=['x'], packages=[])\n    print('built', dbt.this, dbt.this.schema, dbt.this.identifier)\n    \
             limit = dbt.config.meta_get('limit')\n    kind = dbt.config.get('materialized')\n    other = dbt.config.get('nope', 'default')\n    \
             t = dbt.source('raw', 't')\n    return session.sql(f\"select {limit} as l, '{kind}' as k, '{other}' as o, {dbt.is_incremental} as i, * from t\")\n",
        );
        p.execute("create schema analytics; create table analytics.t as select 5 as v");
        p.karat(["run"]).success().stdout_has("built \"warehouse\".\"analytics\".\"named\" analytics named");
        assert_eq!(
            p.rows("select l, k, o, i::text, v from analytics.named"),
            [["7", "table", "default", "false", "5"]]
        );
        assert_eq!(p.karat(["parse"]).manifest()["nodes"]["model.shop.a"]["tags"][0], "x");
    });
}

#[test]
fn an_incremental_model_adds_to_its_own_rows() {
    with_python(|p| {
        p.file("models/a.sql", "select 1 as id, 'a' as v");
        p.file(
            "models/b.py",
            "def model(dbt, session):\n    dbt.config(materialized='incremental', unique_key='id')\n    rows = dbt.ref('a')\n    \
             if dbt.is_incremental:\n        top = session.sql(f'select max(id) from {dbt.this}').fetchone()[0]\n        \
             return session.sql(f'select {top} + 1 as id, v from rows union all select 1, $$new$$')\n    return rows\n",
        );
        p.karat(["run"]).success();
        p.karat(["run"]).success();
        assert_eq!(p.rows("select id, v from analytics.b order by id"), [["1", "new"], ["2", "a"]]);
        p.karat(["run", "--full-refresh"]).success();
        assert_eq!(p.rows("select id, v from analytics.b"), [["1", "a"]]);
        assert_eq!(p.relations(), ["analytics.a view", "analytics.b table"]);
    });
}

#[test]
fn a_fault_of_the_model_is_told_with_its_line() {
    with_python(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "models/b.py",
            "\n\ndef helper(x):\n    return x['nope']\n\ndef model(dbt, session):\n    return helper({})\n",
        );
        p.file("models/c.py", "import not_there\n\ndef model(dbt, session):\n    return None\n");
        p.file("models/d.py", "def model(dbt, session):\n    return None\n");
        p.file("models/e.py", "def model(dbt, session):\n    return session.sql('select * from nowhere')\n");
        let ran = p.karat(["run"]);
        ran.exit(1).statuses(["a success", "b error", "c error", "d error", "e error"]);
        ran.stdout_has("File \"models/b.py\", line 4, in helper")
            .stdout_has("KeyError: 'nope'")
            .stdout_has("models/b.py:4");
        ran.stdout_has("models/c.py:1").stdout_has("-m pip install not_there");
        ran.stdout_has("the model returned None, not rows");
        ran.stdout_has("Table with name nowhere does not exist");
        assert_eq!(p.relations(), ["analytics.a view"]);
    });
}

#[test]
fn a_python_model_can_be_an_external_file() {
    with_python(|p| {
        p.file("models/a.py", "def model(dbt, session):\n    dbt.config(materialized='external', location='a.parquet')\n    return session.sql('select 3 as v')\n");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select v from 'a.parquet'"), [["3"]]);
        assert_eq!(p.rows("select v from analytics.a"), [["3"]]);
    });
}

#[test]
fn a_python_without_the_module_is_named() {
    on_duckdb(|p| {
        p.file("models/a.py", "def model(dbt, session):\n    return 1\n");
        p.env("KARAT_PYTHON", "/nowhere/python");
        p.karat(["run"]).exit(1).stdout_has("there is none: `/nowhere/python`").stdout_has("KARAT_PYTHON");
        let bare = p.scratch("python");
        std::fs::write(&bare, "#!/bin/sh\nexit 1\n").unwrap();
        std::fs::set_permissions(&bare, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        p.env("KARAT_PYTHON", bare.to_str().unwrap());
        p.karat(["run"])
            .exit(1)
            .stdout_has("need the Python module `duckdb`")
            .stdout_has("pip install duckdb==");
    });
}

#[test]
fn what_cannot_be_read_is_told_before_anything_runs() {
    on_adapters(|p| {
        p.file("models/a.py", "def model(dbt, session):\n    x = '{{ x }}'\n    return x\n");
        p.file("models/b.py", "def model(dbt, session):\n    name = 'a'\n    return dbt.ref(name)\n");
        p.file("models/c.py", "x = 1\n");
        p.file("models/d.py", "def model(dbt):\n    return (1, 2)\n");
        p.file("models/e.py", "def model(dbt, session):\n    return dbt.ref('a'\n");
        let told = p.karat(["parse"]);
        told.exit(2).stdout_has("No jinja in python model code is allowed").stdout_has("models/a.py:2:10");
        told.stdout_has("can only be Python literals").stdout_has("models/b.py:3:20");
        told.stdout_has("dbt allows exactly one model defined per python file, found 0");
        told.stdout_has("model function should have two args")
            .stdout_has("should return only one dataframe object");
        told.stdout_has("'(' was never closed");
    });
}

#[test]
fn postgres_refuses_python() {
    on_postgres(|p| {
        p.file("models/a.py", "def model(dbt, session):\n    return dbt.ref('b')\n")
            .file("models/b.sql", "select 1 as id");
        p.karat(["run"]).exit(1).statuses(["a error", "b success"])
            .stdout_has("Materialization \"materialization_table_default\" only supports languages ['sql']; got \"python\"");
    });
}

#[test]
fn an_ephemeral_model_cannot_be_read_from_python() {
    with_python(|p| {
        p.file("models/a.sql", "{{ config(materialized='ephemeral') }} select 1 as id");
        p.file("models/b.py", "def model(dbt, session):\n    return dbt.ref('a')\n");
        p.karat(["run"]).exit(1).stdout_has("a Python model cannot read `model.shop.a`");
    });
}

#[test]
fn modules_of_the_project_can_be_imported() {
    with_python(|p| {
        p.file("lib/own.py", "def rows(session):\n    return session.sql('select 42 as v')\n");
        p.file(
            "profiles.yml",
            &p.profiles("shop").replace("threads: 4", "threads: 4\n      module_paths: [lib]"),
        );
        p.file("models/a.py", "import own\n\ndef model(dbt, session):\n    return own.rows(session)\n");
        p.karat(["run"]).success().stdout_lacks("WARNING");
        assert_eq!(p.rows("select v from analytics.a"), [["42"]]);
    });
}
