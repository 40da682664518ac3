{# The columns of an enforced contract: as DDL, and compared with what the query gives. #}
{%- macro get_table_columns_and_constraints() -%}
  {%- do return(adapter.dispatch('get_table_columns_and_constraints', 'dbt')()) -%}
{%- endmacro -%}

{% macro default__get_table_columns_and_constraints() -%}
  {%- do return(table_columns_and_constraints()) -%}
{%- endmacro %}

{% macro table_columns_and_constraints() %}
  {%- set lines = adapter.render_raw_columns_constraints(raw_columns=model['columns'])
      + adapter.render_raw_model_constraints(raw_constraints=model['constraints']) %}
    (
    {% for line in lines -%}
      {{ line }}{{ ',' if not loop.last }}
    {% endfor %}
    )
{% endmacro %}

{%- macro get_assert_columns_equivalent(sql) -%}
  {%- do return(adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql)) -%}
{%- endmacro -%}

{% macro default__get_assert_columns_equivalent(sql) -%}
  {%- do return(assert_columns_equivalent(sql)) -%}
{%- endmacro %}

{# Fails unless the query has exactly the names and types that the properties declare, in any order. #}
{% macro assert_columns_equivalent(sql) %}
  {%- if not model['columns'] -%}
    {%- do exceptions.raise_contract_error([], []) -%}
  {%- endif -%}
  {%- set given = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
  {%- set declared = format_columns(get_column_schema_from_query(get_empty_schema_sql(model['columns']))) -%}
  {%- if given | length != declared | length -%}
    {%- do exceptions.raise_contract_error(declared, given) -%}
  {%- endif -%}
  {%- for column in given -%}
    {%- set twin = declared | selectattr('name', 'equalto', column['name']) | first -%}
    {%- if not twin or twin['formatted'] != column['formatted'] -%}
      {%- do exceptions.raise_contract_error(declared, given) -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}

{% macro format_columns(columns) %}
  {% set formatted = [] %}
  {% for column in columns %}
    {% do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) %}
  {% endfor %}
  {% do return(formatted) %}
{% endmacro %}

{% macro default__format_column(column) -%}
  {% do return({
      'name': column.name,
      'data_type': column.dtype,
      'formatted': column.column.lower() ~ ' ' ~ column.dtype
  }) %}
{%- endmacro %}
