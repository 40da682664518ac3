{# A query of no rows that has the columns which the properties declare. #}
{% macro get_empty_schema_sql(columns) -%}
  {%- do return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) -%}
{%- endmacro %}

{% macro default__get_empty_schema_sql(columns) %}
  {%- set untyped = columns.values() | selectattr('data_type', 'undefined') | map(attribute='name') | list -%}
  {%- set loose = [] -%}
    select
    {%- for column in columns.values() %}
      {%- if column['data_type'] is defined and column['data_type'].strip().lower() in ('numeric', 'decimal', 'number') -%}
        {%- do loose.append(column['name']) -%}
      {%- endif %}
      {{ cast('null', column['data_type']) }} as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}
    {%- endfor -%}
  {%- if untyped -%}
    {%- do exceptions.column_type_missing(column_names=untyped) -%}
  {%- elif loose -%}
    {%- do exceptions.warn('Detected columns with numeric type and unspecified precision/scale, this can lead to unintended rounding: ' ~ loose ~ '`') -%}
  {%- endif -%}
{% endmacro %}
