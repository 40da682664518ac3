//! Templates that ask the database: `run_query`, `statement`, `adapter`.

use crate::harness::*;

#[test]
fn run_query_gives_a_table() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,name\n1,x\n2,y\n3,z\n");
        p.file(
            "models/m.sql",
            "-- depends_on: {{ ref('s') }}
             {% if execute %}
               {% set found = run_query('select id, name from ' ~ ref('s') ~ ' order by id') %}
               {% for row in found.rows %} select {{ row['id'] }} as id, '{{ row[1] }}' as name, '{{ found.columns[1].values() | join('') }}' as all_names, {{ found | length }} as n {{ 'union all' if not loop.last }} {% endfor %}
             {% else %} select 1 as id {% endif %}",
        );
        p.karat(["build"]).success();
        let rows = p.rows("select id, name, all_names, n from analytics.m order by id");
        assert_eq!(rows, [["1", "x", "xyz", "3"], ["2", "y", "xyz", "3"], ["3", "z", "xyz", "3"]]);
    });
}

#[test]
fn statements_keep_their_results() {
    on_adapters(|p| {
        p.file(
            "models/m.sql",
            "{% call statement('numbers', fetch_result=True) %} select 7 as a, null as b {% endcall %}
             {% set result = load_result('numbers') %}
             select {{ result['data'][0][0] if execute else 0 }} as a, '{{ result['data'][0][1] if execute }}' as b",
        );
        p.karat(["run"]).success();
        assert_eq!(p.rows("select a, b from analytics.m"), [["7", "None"]]);
    });
}

#[test]
fn the_adapter_knows_relations_and_columns() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id, 'x' as name");
        p.file(
            "models/b.sql",
            "{% set there = adapter.get_relation(database=this.database, schema=this.schema, identifier='a') %}
             {% set missing = adapter.get_relation(database=this.database, schema=this.schema, identifier='zz') %}
             {% set columns = adapter.get_columns_in_relation(ref('a')) %}
             select '{{ there.type }} {{ missing is none }} {% for c in columns %}{{ c.name }} {% endfor %}' as told",
        );
        p.karat(["run", "--select", "a"]).success();
        p.karat(["run"]).success();
        assert_eq!(p.value("select told from analytics.b").trim(), "table True id name");
    });
}

#[test]
fn log_writes_a_line() {
    on_duckdb(|p| {
        p.file(
            "models/a.sql",
            "{{ log('hello from ' ~ this.name, info=True) }} {% do print('printed') %} select 1 as id",
        );
        p.karat(["run"]).success().prints("hello from a").stdout_has("printed");
    });
}
