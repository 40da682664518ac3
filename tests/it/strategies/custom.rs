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
