//! Materializations of a project's own, and what they must give back.

use crate::harness::*;

const OWN: &str = "{% materialization note, default %}
  {% set target = this.incorporate(type='table') %}
  {{ run_hooks(pre_hooks) }}
  {% call statement('main') %}create table {{ target }} as {{ sql }}{% endcall %}
  {% do adapter.commit() %}
  {% do return(RELATIONS) %}
{% endmaterialization %}";

#[test]
fn a_materialization_of_the_project_is_run() {
    on_adapters(|p| {
        p.file("macros/m.sql", &OWN.replace("RELATIONS", "{'relations': [target]}"));
        p.file("models/a.sql", "{{ config(materialized='note') }} select 7 as n");
        p.karat(["run"]).success();
        assert_eq!(p.value("select n from analytics.a"), "7");
    });
}

#[test]
fn what_it_gives_back_is_looked_at() {
    on_adapters(|p| {
        for wrong in ["'done'", "{'other': 1}"] {
            p.file("macros/m.sql", &OWN.replace("RELATIONS", wrong));
            p.file("models/a.sql", "{{ config(materialized='note') }} select 7 as n");
            p.karat(["run"]).exit(1).stdout_has("relations");
            p.execute("drop table if exists analytics.a");
        }
    });
}

#[test]
fn the_one_for_the_engine_comes_first() {
    on_adapters(|p| {
        let own = OWN.replace("note, default", &format!("note, adapter='{}'", p.adapter.name()));
        let own = own
            .replace("as {{ sql }}", "as select 'engine' as n")
            .replace("RELATIONS", "{'relations': [target]}");
        p.file("macros/own.sql", &own);
        p.file("macros/any.sql", &OWN.replace("RELATIONS", "{'relations': [target]}"));
        p.file("models/a.sql", "{{ config(materialized='note') }} select 'any' as n");
        p.karat(["run"]).success();
        assert_eq!(p.value("select n from analytics.a"), "engine");
    });
}

#[test]
fn an_unknown_one_is_told() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='nothing') }} select 1 as id");
        p.karat(["run"]).exit(1).stdout_has("'nothing'").stdout_has("models/a.sql");
    });
}

#[test]
fn a_materialization_may_be_of_one_engine_and_of_some_languages() {
    on_adapters(|p| {
        let name = p.adapter.pick("duckdb", "postgres");
        p.file("macros/m.sql", &format!("{{% materialization mine, adapter='{name}' %}}{{% call statement('main') %}}create or replace view {{{{ this }}}} as {{{{ sql }}}}{{% endcall %}}{{% do adapter.commit() %}}{{{{ return({{'relations': [this]}}) }}}}{{% endmaterialization %}}"));
        p.file("models/a.sql", "{{ config(materialized='mine') }} select 1 as id");
        p.karat(["run"]).success();
        assert_eq!(p.column("select id from analytics.a"), ["1"]);
        let other = p.adapter.pick("postgres", "duckdb");
        let text = p.text("macros/m.sql").replace(&format!("'{name}'"), &format!("'{other}'"));
        p.file("macros/m.sql", &text);
        p.karat(["run"])
            .exit(1)
            .stdout_has(&format!("No materialization 'mine' was found for adapter {name}!"));
    });
    on_duckdb(|p| {
        p.file("models/py.py", "def model(dbt, session):\n    dbt.config(materialized='view')\n    return session.sql('select 1 as id')\n");
        p.karat(["run"])
            .exit(1)
            .stdout_has("\"materialization_view_default\" only supports languages ['sql']; got \"python\"");
    });
}
