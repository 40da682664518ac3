{# Tables and views. #}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql') -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set enforced = config.get('contract').enforced -%}
  {%- if language == 'python' -%}
    {%- do return(py_write_table(temporary, relation, compiled_code)) -%}
  {%- elif language != 'sql' -%}
    {%- do exceptions.raise_compiler_error('duckdb__create_table_as: unknown language `' ~ language ~ '`') -%}
  {%- endif -%}
  {%- if enforced -%}
    {{ get_assert_columns_equivalent(compiled_code) }}
  {%- endif -%}
  {{ header if header is not none }}

  create {{ 'temporary ' if temporary }}table
    {{ relation.include(database=(not temporary), schema=(not temporary)) }}
  {% if enforced and not temporary %}
    {{ get_table_columns_and_constraints() }} ;
    insert into {{ relation }} {{ get_column_names() }} (
      {{ get_select_subquery(compiled_code) }}
    );
  {% else %}
    as (
      {{ compiled_code }}
    );
  {% endif %}
{%- endmacro %}

{% macro get_column_names() %}
  ({{ adapter.dispatch('get_column_names', 'dbt')() }})
{% endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- if config.get('contract').enforced -%}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif -%}
  {{ header if header is not none }}
  create view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}
