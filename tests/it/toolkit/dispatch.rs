//! `adapter.dispatch` across packages.

use super::{said, with_toolkit};
use crate::harness::*;

const LABEL: (&str, &str) = (
    "macros/label.sql",
    "{% macro label() %}{{ return(adapter.dispatch('label', 'toolkit')()) }}{% endmacro %}
     {% macro default__label() %}{{ return('default') }}{% endmacro %}
     {% macro postgres__label() %}{{ return('for postgres') }}{% endmacro %}
     {% macro show() %}{{ print(toolkit.label() ~ ' ' ~ toolkit.suffix('x')) }}{% endmacro %}
     {% macro suffix(it) %}{{ return(adapter.dispatch('suffix', macro_namespace='toolkit')(it)) }}{% endmacro %}
     {% macro default__suffix(it) %}{{ return(it ~ '_toolkit') }}{% endmacro %}",
);

#[test]
fn the_engines_macro_comes_before_the_default() {
    on_adapters(|p| {
        with_toolkit(p, &[LABEL]);
        assert_eq!(said(p, "toolkit.show"), [p.adapter.pick("default x_toolkit", "for postgres x_toolkit")]);
    });
}

#[test]
fn the_project_overrides_by_its_search_order() {
    on_adapters(|p| {
        with_toolkit(p, &[LABEL]);
        p.file(
            "macros/label.sql",
            "{% macro default__label() %}{{ return('of the shop') }}{% endmacro %}
             {% macro default__suffix(it) %}{{ return(it ~ '_shop') }}{% endmacro %}",
        );
        let own = p.adapter.pick("of the shop", "for postgres");
        p.configure("dispatch:\n  - macro_namespace: toolkit\n    search_order: [shop, toolkit]");
        assert_eq!(said(p, "toolkit.show"), [p.adapter.pick("of the shop x_shop", "of the shop x_shop")]);
        p.file("dbt_project.yml", &p.text("dbt_project.yml").replace("[shop, toolkit]", "[toolkit, shop]"));
        assert_ne!(said(p, "toolkit.show"), [format!("{own} x_shop")]);
    });
}

#[test]
fn a_macro_that_nobody_has_is_told_with_the_names_that_were_looked_for() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/a.sql",
                "{% macro a() %}{{ adapter.dispatch('nothing', 'toolkit')() }}{% endmacro %}",
            )],
        );
        let outcome = p.karat(["run-operation", "toolkit.a"]);
        assert_ne!(outcome.code(), Some(0));
        let said = squeezed(&outcome.stdout());
        let names = format!("'toolkit.{}__nothing', 'toolkit.default__nothing'", p.adapter.name());
        assert!(said.contains(&names), "{said}");
    });
}

#[test]
fn the_adapter_calls_a_packages_macro_rather_than_the_built_in_one() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/columns.sql",
                "{% macro helper() %}{{ return('of the toolkit') }}{% endmacro %}
                 {% macro default__named() %}{{ return('named by it') }}{% endmacro %}
                 {% macro get_columns_in_relation(relation) %}
                   {{ print(helper() ~ ' ' ~ adapter.dispatch('named')() ~ ' ' ~ relation.identifier) }}
                   {{ return(dbt.get_columns_in_relation(relation)) }}
                 {% endmacro %}",
            )],
        );
        p.file("macros/helper.sql", "{% macro helper() %}{{ return('of the shop') }}{% endmacro %}");
        p.file(
            "macros/ask.sql",
            "{% macro ask() %}{{ print(adapter.get_columns_in_relation(ref('m')) | length) }}
             {{ print(get_columns_in_relation(ref('m')) | length) }}{% endmacro %}",
        );
        p.file("models/m.sql", "select 1 as a, 2 as b");
        p.karat(["run"]).success();
        assert_eq!(said(p, "ask"), ["of the toolkit named by it m", "2", "2"]);
    });
}

#[test]
fn an_operation_of_a_package_sees_the_packages_macros_and_vars() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/op.sql",
                "{% macro helper() %}{{ return('of the toolkit') }}{% endmacro %}
                 {% macro default__named() %}{{ return('named by it') }}{% endmacro %}
                 {% macro op() %}{{ print(helper() ~ ' ' ~ adapter.dispatch('named')() ~ ' ' ~ var('size')) }}{% endmacro %}
                 {% macro type_int() %}{{ print('of a package') }}{% endmacro %}",
            )],
        );
        p.file("macros/helper.sql", "{% macro helper() %}{{ return('of the shop') }}{% endmacro %}");
        p.configure("vars: {size: 1, toolkit: {size: 2}}");
        assert_eq!(said(p, "toolkit.op"), ["of the toolkit named by it 2"]);
        assert_eq!(said(p, "op"), ["of the toolkit named by it 2"]);
        assert_eq!(said(p, "type_int"), ["of a package"]);
    });
}

#[test]
fn a_package_replaces_a_built_in_materialization_only_where_the_project_allows_it() {
    on_adapters(|p| {
        let view = "{{ print('the toolkit builds ' ~ model.name) }}
             {%- call statement('main') -%} create or replace view {{ this }} as {{ sql }} {%- endcall -%}
             {{ adapter.commit() }}{{ return({'relations': [this]}) }}";
        let own =
            |name: &str| format!("{{% materialization {name}, default %}}{view}{{% endmaterialization %}}\n");
        with_toolkit(p, &[("macros/views.sql", &format!("{}{}", own("view"), own("other")))]);
        p.file("models/m.sql", "select 1 as a");
        p.file("models/n.sql", "{{ config(materialized='other') }} select 1 as a");
        let said = "the toolkit builds m";
        p.karat(["run"])
            .success()
            .stdout_lacks(said)
            .stdout_has("the toolkit builds n")
            .stdout_lacks("overriding");
        p.configure("flags: {require_explicit_package_overrides_for_builtin_materializations: false}");
        p.karat(["run"]).success().stdout_has(said).stdout_has("'toolkit' is overriding");
        p.file("macros/view.sql", "{% materialization view, default %}{{ return(dbt.materialization_view_default()) }}{% endmaterialization %}");
        p.karat(["run"]).success().stdout_lacks(said).stdout_lacks("overriding");
    });
}

#[test]
fn a_packages_truncate_relation_empties_seeds() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/truncate.sql",
                "{% macro truncate_relation(relation) %}{{ return(adapter.dispatch('truncate_relation')(relation)) }}{% endmacro %}
                 {% macro default__truncate_relation(relation) %}
                   {{ print('emptied ' ~ relation.identifier) }}
                   {% call statement('t') %}delete from {{ relation }} where id < 2{% endcall %}
                 {% endmacro %}",
            )],
        );
        p.file("seeds/s.csv", "id\n1\n2\n");
        p.karat(["seed"]).success().stdout_lacks("emptied");
        p.karat(["seed"]).success().stdout_has("emptied s");
        assert_eq!(p.value("select string_agg(id::text, ',' order by id) from analytics.s"), "1,2,2");
    });
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
