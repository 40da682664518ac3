//! Macros that look at the project: its graph, its call, the results at the end.

use super::{said, with_toolkit};
use crate::harness::*;

#[test]
fn the_graph_is_walked() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/walk.sql",
                "{% macro show() %}{% if execute %}
                   {% set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') | list %}
                   {{ print(models | map(attribute='name') | list) }}
                   {% for it in models if it.config.meta.get('owner') %}{{ print(it.name ~ ' of ' ~ it.config.meta['owner'] ~ ' ' ~ it.depends_on.nodes) }}{% endfor %}
                   {{ print(models[0].raw_code | trim ~ ' ' ~ models[0].config.materialized ~ ' ' ~ models[0].fqn | join('/')) }}
                   {{ print(graph.nodes['model.shop.b'].columns.id.description) }}
                   {{ print(graph.sources.values() | map(attribute='source_name') | list ~ graph.exposures.keys() | list) }}
                   {% set tests = graph.nodes.values() | selectattr('resource_type', 'equalto', 'test') | list %}
                   {{ print(tests[0].test_metadata.name ~ tests[0].column_name ~ tests[0].attached_node) }}
                 {% endif %}{% endmacro %}",
            )],
        );
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select * from {{ ref('a') }}");
        p.file(
            "models/s.yml",
            "models:\n  - name: b\n    config: {meta: {owner: Ada}}\n    columns: [{name: id, description: its id, data_tests: [unique]}]\n\
             sources:\n  - {name: raw, tables: [{name: t}]}\n\
             exposures:\n  - {name: page, type: dashboard, owner: {name: Ada}, depends_on: [ref('b')]}\n",
        );
        let expect = [
            "['a', 'b']",
            "b of Ada ['model.shop.a']",
            "select 1 as id view shop/a",
            "its id",
            "['raw']['exposure.shop.page']",
            "uniqueidmodel.shop.b",
        ];
        assert_eq!(said(p, "toolkit.show"), expect);
    });
}

#[test]
fn results_are_told_at_the_end() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                (
                    "macros/results.sql",
                    "{% macro tell(results) %}{% if execute %}
                       {% for it in results | sort(attribute='node.name') %}
                         {{ print('= ' ~ it.node.unique_id ~ ' ' ~ it.status ~ ' ' ~ it.failures ~ ' ' ~ it.node.config.materialized) }}
                         {% set dict = it.to_dict() %}
                         {{ print('dict ' ~ dict.status ~ ' ' ~ dict.node.name ~ ' ' ~ (dict.timing | map(attribute='name') | list)) }}
                       {% endfor %}
                       {% for stage in results[0].timing %}{% set ended = stage.to_dict().completed_at %}{{ print('stage ' ~ stage.name ~ ' ' ~ ended is string) }}{% endfor %}
                       {{ print('schemas ' ~ schemas) }}
                     {% endif %}{% endmacro %}",
                ),
                ("dbt_project.yml", "name: toolkit\nversion: 1.2.3\non-run-end: [\"{{ toolkit.tell(results) }}\"]\n"),
            ],
        );
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.file("models/z.sql", "select nothing from nowhere");
        p.file("models/s.yml", "models: [{name: a, columns: [{name: id, data_tests: [not_null]}]}]\n");
        let outcome = p.karat(["build"]);
        outcome.exit(1);
        let told: Vec<String> = outcome.stdout().lines().map(str::to_string).collect();
        let has = |line: &str| assert!(told.iter().any(|told| told.ends_with(line)), "{line}\n{told:#?}");
        has("= model.shop.a success None table");
        has("dict success a ['compile', 'execute']");
        has("= test.shop.not_null_a_id.c1cebc1440 pass 0 test");
        has("= model.shop.z error None view");
        has("schemas ['analytics']");
    });
}

#[test]
fn the_call_is_known() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/call.sql",
                "{% macro show() %}
                   {{ print(flags.WHICH ~ ' ' ~ flags.FULL_REFRESH ~ ' ' ~ invocation_args_dict.which) }}
                   {{ print(project_name ~ ' ' ~ target.name ~ ' ' ~ target.schema ~ ' ' ~ target.type) }}
                   {{ print(invocation_id | length ~ ' ' ~ dbt_version.split('.') | length) }}
                   {% set config = builtins.ref.config %}
                   {{ print(config.project_name ~ ' ' ~ config.dependencies['toolkit'].version ~ ' ' ~ config.vars.to_dict()) }}
                   {{ print(config.cli_vars ~ ' ' ~ config.profile_name ~ ' ' ~ config.target_name) }}
                 {% endmacro %}",
            )],
        );
        p.configure("vars: {a: 1}");
        let expect = [
            "run-operation False run-operation".to_string(),
            format!("shop dev analytics {}", p.adapter.name()),
            "36 3".to_string(),
            "shop 1.2.3 {'a': 1}".to_string(),
            "{} shop dev".to_string(),
        ];
        assert_eq!(said(p, "toolkit.show"), expect);
    });
}

#[test]
fn a_node_knows_itself_and_what_was_selected() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/itself.sql",
                "{% macro itself() %}'{{ model.name }} {{ model.unique_id }} {{ model.config.meta.get('level', 'none') }} {{ this.identifier }} {{ model.tags | join('+') }}'{% endmacro %}
                 {% macro chosen() %}'{{ selected_resources | sort | join(' ') }}'{% endmacro %}",
            )],
        );
        p.file(
            "models/a.sql",
            "{{ config(tags=['x', 'y'], meta={'level': 'high'}) }} select {{ toolkit.itself() }} as me, {{ toolkit.chosen() }} as others",
        );
        p.file("models/b.sql", "select 1 as id").file("models/c.sql", "select 1 as id");
        p.karat(["run", "--select", "a", "c"]).success();
        assert_eq!(
            p.rows("select me, others from analytics.a"),
            [["a model.shop.a high a x+y", "model.shop.a model.shop.c"]]
        );
    });
}
