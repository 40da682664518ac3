//! Macros that ask the engine.

use super::{said, with_toolkit};
use crate::harness::*;

#[test]
fn tables_are_read_by_number_by_name_and_by_attribute() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/tables.sql",
                "{% macro show() %}{% if execute %}
                   {% set found = run_query(\"select 1 as id, 'x' as word, cast(1.5 as decimal(4, 2)) as price union all select 2, null, null order by 1\") %}
                   {{ print(found.column_names) }}
                   {{ print(found.rows[0][0] ~ found.rows[0]['word'] ~ found.rows[1].id ~ found[1]['word']) }}
                   {{ print(found.columns[0].values() ~ found.columns['word'].values() | list) }}
                   {{ print(found.columns['price'].values_without_nulls() | map('string') | list) }}
                   {% for row in found %}{{ print(row.values() | map('string') | join('-')) }}{% endfor %}
                   {{ print(found.rows | length ~ found.columns | length) }}
                   {% set kind = found.columns.get('price').data_type %}
                   {{ print(kind.jsonify(found.rows[0].price) ~ '|' ~ kind.csvify(found.rows[0].price) ~ '|' ~ kind.jsonify(none)) }}
                   {{ print(found.rows[0].dict().keys() | list) }}
                   {{ print(found.select(['word']).column_names) }}
                 {% endif %}{% endmacro %}",
            )],
        );
        let expect = [
            "('id', 'word', 'price')",
            "1x2None",
            "(1, 2)['x', None]",
            "['1.50']",
            "1-x-1.50",
            "2-None-None",
            "23",
            "1.5|1.50|None",
            "['id', 'word', 'price']",
            "('word',)",
        ];
        assert_eq!(said(p, "toolkit.show"), expect);
    });
}

#[test]
fn statements_keep_results_under_their_names() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/statements.sql",
                "{% macro show() %}
                   {% call statement('ids', fetch_result=True) %}select 7 as id{% endcall %}
                   {% set kept = load_result('ids') %}
                   {{ print(kept['data'][0][0] ~ kept.table.columns[0].values() ~ kept['response']['_message'] is string) }}
                   {{ print(load_result('others') is none) }}
                   {% call statement('quiet') %}select 8{% endcall %}
                   {{ print(load_result('quiet')['data'] | length) }}
                 {% endmacro %}",
            )],
        );
        assert_eq!(said(p, "toolkit.show").len(), 3);
        assert_eq!(said(p, "toolkit.show")[1..], ["True", "0"]);
    });
}

#[test]
fn relations_are_asked_for_and_made() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/relations.sql",
                "{% macro show() %}
                   {% set found = adapter.get_relation(target.database, target.schema, 'm') %}
                   {{ print(found.identifier ~ found.type ~ found.is_table ~ found.is_view) }}
                   {{ print(adapter.get_relation(target.database, target.schema, 'nothing') is none) }}
                   {{ print(adapter.get_columns_in_relation(found) | map(attribute='name') | list) }}
                   {% set lost = api.Relation.create(database=target.database, schema='nowhere', identifier='nothing') %}
                   {{ print(adapter.get_columns_in_relation(lost)) }}
                   {% set other = found.incorporate(type='view', path={'schema': 's', 'identifier': 'i', 'table': 'i'}) %}
                   {{ print(other.include(database=false) ~ ' ' ~ other.is_view) }}
                   {{ print(api.Relation.create(identifier='x') ~ ' ' ~ lost.replace_path(identifier='y').include(database=false)) }}
                   {{ print(load_relation(found) is not none) }}
                   {{ print(adapter.quote('a b') ~ adapter.quote_as_configured('c', 'identifier')) }}
                   {% set column = api.Column.create('n', 'integer') %}
                   {{ print(column.name ~ column.data_type ~ column.is_integer() ~ column.quoted) }}
                 {% endmacro %}",
            )],
        );
        p.file("models/m.sql", "{{ config(materialized='table') }} select 1 as id, 'x' as word");
        p.karat(["run"]).success();
        let expect = [
            "mtableTrueFalse",
            "True",
            "['id', 'word']",
            "[]",
            "\"s\".\"i\" True",
            "\"x\" \"nowhere\".\"y\"",
            "True",
            "\"a b\"\"c\"",
            "nintegerTrue\"n\"",
        ];
        assert_eq!(said(p, "toolkit.show"), expect);
    });
}

#[test]
fn models_are_made_of_what_the_engine_knows() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/star.sql",
                "{% macro star(from, except=[]) %}
                   {%- if not execute %}{{ return('*') }}{% endif -%}
                   {%- set kept = [] -%}
                   {%- for column in adapter.get_columns_in_relation(from) if column.name not in except %}{% do kept.append(adapter.quote(column.name)) %}{% endfor -%}
                   {{- return(kept | join(', ')) -}}
                 {% endmacro %}
                 {% macro union(relations) %}{% for it in relations %}select '{{ it.identifier }}' as source, {{ toolkit.star(it, ['secret']) }} from {{ it }}{{ ' union all ' if not loop.last }}{% endfor %}{% endmacro %}",
            )],
        );
        p.file("models/a.sql", "select 1 as id, 'x' as word, 9 as secret");
        p.file("models/b.sql", "select 2 as id, 'y' as word");
        p.file("models/c.sql", "{{ toolkit.union([ref('a'), ref('b')]) }}");
        p.karat(["run"]).success();
        assert_eq!(
            p.rows("select source, id, word from analytics.c order by id"),
            [["a", "1", "x"], ["b", "2", "y"]]
        );
    });
}

#[test]
fn schemas_that_an_operation_makes_and_drops_stay_so() {
    on_adapters(|p| {
        let schemas = |p: &Project| {
            p.column("select schema_name from information_schema.schemata where schema_name = 'extra'").len()
        };
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "macros/m.sql",
            "{% macro make() %}{% do adapter.create_schema(api.Relation.create(database=target.database, schema='extra')) %}{% endmacro %}
             {% macro take() %}{% do drop_schema_named('extra') %}{% endmacro %}",
        );
        p.karat(["run-operation", "make"]).success();
        assert_eq!(schemas(p), 1);
        p.karat(["run-operation", "take"]).success();
        assert_eq!(schemas(p), 0);
        p.karat(["run-operation", "nope"]).exit(2).stdout_has("could not find a macro with the name 'nope'");
    });
}
