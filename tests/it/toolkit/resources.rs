//! What a package has, configured from outside.

use super::with_toolkit;
use crate::harness::*;

#[test]
fn the_project_configures_the_packages_models() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                (
                    "models/staging/stg.sql",
                    "select {{ var('width', 3) }} as width, '{{ var('word') }}' as word",
                ),
                ("models/unused.sql", "select 1 as id"),
                ("models/mart.sql", "{{ config(materialized='table') }} select * from {{ ref('stg') }}"),
                (
                    "dbt_project.yml",
                    "name: toolkit\nversion: 1.2.3\nmodels:\n  toolkit: {staging: {+materialized: view}}\nvars: {width: 4, word: packages}\n",
                ),
            ],
        );
        p.configure(
            "models:\n  toolkit:\n    +schema: kit\n    staging: {+materialized: table}\n    unused: {+enabled: false}\n\
             vars:\n  word: everyones\n  toolkit: {width: 5}",
        );
        p.file(
            "models/own.sql",
            "select width, word, {{ var('width', 0) }} as mine from {{ ref('toolkit', 'mart') }}",
        );
        p.karat(["run"]).success().statuses([
            "model.toolkit.mart success",
            "model.toolkit.stg success",
            "own success",
        ]);
        assert_eq!(
            p.relations(),
            ["analytics.own view", "analytics_kit.mart table", "analytics_kit.stg table"]
        );
        assert_eq!(p.rows("select width, word, mine from analytics.own"), [["5", "everyones", "0"]]);
    });
}

#[test]
fn vars_of_the_project_may_be_refs() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                ("models/pages.sql", "select count(*) as n from {{ var('pages') }}"),
                (
                    "models/more.sql",
                    "{% if var('more') %}select '{{ var('more') }}' as it{% else %}select 'no' as it{% endif %}",
                ),
            ],
        );
        p.configure(
            "vars:\n  toolkit:\n    pages: \"{{ ref('raw_pages') }}\"\n    more: \"{{ target.name ~ var('inner') }}\"\n    inner: \"_{{ 'x' | upper }}\"",
        );
        p.file("seeds/raw_pages.csv", "id\n1\n2\n");
        p.karat(["build"]).success();
        assert_eq!(p.rows("select n from analytics.pages"), [["2"]]);
        assert_eq!(p.rows("select it from analytics.more"), [["dev_X"]]);
        let manifest = p.karat(["parse"]).manifest();
        assert_eq!(manifest["nodes"]["model.toolkit.pages"]["depends_on"]["nodes"][0], "seed.shop.raw_pages");
    });
}

#[test]
fn a_var_that_leads_to_itself_is_an_error() {
    on_adapters(|p| {
        p.configure("vars: {a: \"{{ var('b') }}\", b: \"{{ var('a') }}\"}");
        p.file("models/m.sql", "select {{ var('a') }} as id");
        let outcome = p.karat(["run"]);
        assert!(matches!(outcome.code(), Some(1 | 2)), "{:?}", outcome.code());
    });
}

#[test]
fn a_namesake_of_a_disabled_node_takes_its_properties() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                ("seeds/exceptions.csv", "name\nnone\n"),
                (
                    "seeds/seeds.yml",
                    "seeds:\n  - name: exceptions\n    description: what is let go\n    config: {column_types: {code: varchar(8)}}\n    columns: [{name: name, data_tests: [not_null]}]\n",
                ),
                ("models/report.sql", "select count(*) as n from {{ ref('exceptions') }}"),
            ],
        );
        p.configure("seeds: {toolkit: {exceptions: {+enabled: false}}}");
        p.file("seeds/exceptions.csv", "name,code\na,007\nb,008\n");
        p.karat(["build"]).success();
        assert_eq!(p.column("select code from analytics.exceptions order by name"), ["007", "008"]);
        assert_eq!(p.rows("select n from analytics.report"), [["2"]]);
        let manifest = p.karat(["parse"]).manifest();
        let seed = &manifest["nodes"]["seed.shop.exceptions"];
        assert_eq!(seed["description"], "what is let go");
        assert_eq!(seed["patch_path"], "toolkit://seeds/seeds.yml");
    });
}

#[test]
fn its_tests_have_defaults_and_its_docs_are_found() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                (
                    "tests/generic/at_least.sql",
                    "{% test at_least(model, column_name, least=0, strict=false) %}{{ config(severity='warn') }}select * from {{ model }} where {{ column_name }} {{ '<=' if strict else '<' }} {{ least }}{% endtest %}",
                ),
                ("models/docs.md", "{% docs width %}how wide it is{% enddocs %}"),
            ],
        );
        p.file("models/m.sql", "select 1 as width union all select 5");
        p.file(
            "models/s.yml",
            "models:\n  - name: m\n    columns:\n      - name: width\n        description: \"{{ doc('toolkit', 'width') }}, {{ doc('width') }}\"\n        data_tests:\n          - toolkit.at_least\n          - toolkit.at_least: {arguments: {least: 2}}\n          - toolkit.at_least: {name: strictly, arguments: {least: 1, strict: true}, config: {severity: error}}\n",
        );
        p.configure("flags: {require_generic_test_arguments_property: true}");
        p.karat(["build"]).exit(1).statuses([
            "m success",
            "test strictly fail",
            "test toolkit_at_least_m_width pass",
            "test toolkit_at_least_m_width__2 warn",
        ]);
        let manifest = p.karat(["parse"]).manifest();
        let described = &manifest["nodes"]["model.shop.m"]["columns"]["width"]["description"];
        assert_eq!(described, "how wide it is, how wide it is");
    });
}

#[test]
fn it_brings_a_materialization_and_hooks() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                (
                    "macros/logged.sql",
                    "{% materialization logged, default %}
                       {%- set target = this.incorporate(type='table') -%}
                       {{ run_hooks(pre_hooks) }}
                       {% call statement('main') %}{{ create_table_as(false, target, sql) }}{% endcall %}
                       {% do run_query('insert into ' ~ target ~ ' select ' ~ config.get('last_id', 0)) %}
                       {{ run_hooks(post_hooks) }}
                       {% do adapter.commit() %}
                       {{ return({'relations': [target]}) }}
                     {% endmaterialization %}",
                ),
                (
                    "dbt_project.yml",
                    "name: toolkit\nversion: 1.2.3\non-run-start: \"insert into {{ target.schema }}.log values ('package')\"\n",
                ),
            ],
        );
        p.configure("on-run-start: \"create table {{ target.schema }}.log as select 'shop' as word\"");
        p.file(
            "models/m.sql",
            "{{ config(materialized='logged', last_id=9, post_hook=\"insert into {{ this.schema }}.log values ('{{ this.name }}')\") }} select 1 as id",
        );
        p.execute("create schema analytics");
        p.karat(["run"]).success();
        assert_eq!(p.column("select id from analytics.m order by id"), ["1", "9"]);
        assert_eq!(p.column("select word from analytics.log order by word"), ["m", "package", "shop"]);
    });
}
