{# How inserts are cut and written, and what goes to target/run. #}
{% macro get_csv_sql(create_or_truncate_sql, insert_sql) %}
  {% do return(adapter.dispatch('get_csv_sql', 'dbt')(create_or_truncate_sql, insert_sql)) %}
{% endmacro %}

{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{ create_or_truncate_sql }};
    -- dbt seed --
    {{ insert_sql }}
{% endmacro %}

{% macro get_binding_char() -%}
  {%- do return(adapter.dispatch('get_binding_char', 'dbt')()) -%}
{%- endmacro %}

{% macro default__get_binding_char() %}
  {% do return('%s') %}
{% endmacro %}

{% macro get_batch_size() -%}
  {%- do return(adapter.dispatch('get_batch_size', 'dbt')()) -%}
{%- endmacro %}

{% macro default__get_batch_size() %}
  {% do return(10000) %}
{% endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) %}
  {% set quote = model['config'].get('quote_columns', None) %}
  {% set columns = [] %}
  {% for name in column_names %}
    {% do columns.append(adapter.quote_seed_column(name, quote)) %}
  {% endfor %}
  {% do return(columns | join(', ')) %}
{% endmacro %}
