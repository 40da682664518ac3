//! Macros of the project: called, dispatched, and put in the place of built-in ones.

use crate::harness::*;

#[test]
fn macros_give_text_and_values() {
    on_adapters(|p| {
        p.file("macros/m.sql", "{% macro cents(column, by=100) %}({{ column }} * {{ by }}){% endmacro %}\n{% macro names() %}{{ return(['a', 'b']) }}{% endmacro %}\n{% macro inner() %}{% for n in names() %}{{ n }}{{ ',' if not loop.last }}{% endfor %}{% endmacro %}");
        p.file("models/m.sql", "select {{ cents('3') }} as x, {{ shop.cents('2', by=10) }} as y, '{{ inner() }}' as z, '{{ names() | join('-') }}' as w");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select x, y, z, w from analytics.m"), [["300", "20", "a,b", "a-b"]]);
    });
}

#[test]
fn dispatch_finds_the_macro_of_the_engine() {
    on_adapters(|p| {
        p.file(
            "macros/m.sql",
            "{% macro engine() %}{{ return(adapter.dispatch('engine', 'shop')()) }}{% endmacro %}
             {% macro default__engine() %}default{% endmacro %}
             {% macro postgres__engine() %}elephant{% endmacro %}",
        );
        p.file("models/m.sql", "select '{{ engine() }}' as e");
        p.karat(["run"]).success();
        assert_eq!(p.value("select e from analytics.m"), p.adapter.pick("default", "elephant"));
    });
}

#[test]
fn built_in_macros_can_be_replaced() {
    on_adapters(|p| {
        p.file("macros/m.sql", "{% macro create_view_as(relation, sql) %} create view {{ relation }} as select 'mine' as v {% endmacro %}");
        p.file("models/m.sql", "select 1 as id");
        p.karat(["run"]).success();
        assert_eq!(p.value("select v from analytics.m"), "mine");
    });
}

#[test]
fn a_project_may_bring_its_own_materialization() {
    on_adapters(|p| {
        p.file(
            "macros/m.sql",
            "{% materialization twice, default %}
               {%- set target_relation = this.incorporate(type='table') -%}
               {% call statement('main') %} create table {{ target_relation }} as select * from ({{ sql }}) a union all select * from ({{ sql }}) b {% endcall %}
               {% do adapter.commit() %}
               {{ return({'relations': [target_relation]}) }}
             {% endmaterialization %}",
        );
        p.file("models/m.sql", "{{ config(materialized='twice') }} select 5 as id");
        p.karat(["run"]).success();
        assert_eq!(p.column("select id from analytics.m"), ["5", "5"]);
    });
}

#[test]
fn a_macro_may_raise() {
    on_adapters(|p| {
        p.file("macros/m.sql", "{% macro checked(n) %}{% if n > 3 %}{{ exceptions.raise_compiler_error('too many: ' ~ n) }}{% endif %}{{ n }}{% endmacro %}");
        p.file("models/m.sql", "select {{ checked(2) }} as id").karat(["run"]).success();
        p.file("models/m.sql", "select {{ checked(4) }} as id")
            .karat(["run"])
            .exit(2)
            .stdout_has("too many: 4");
    });
}
