{# Tables: logged or not, temporary, or with the contract's columns and constraints. #}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set enforced = config.get('contract').enforced -%}
  {{ header if header is not none }}

  create {{ 'temporary ' if temporary else 'unlogged ' if config.get('unlogged', default=false) }}table {{ relation }}
  {% if enforced -%}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif %}
  {% if enforced and not temporary -%}
    {{ get_table_columns_and_constraints() }} ;
    insert into {{ relation }} (
      {{ adapter.dispatch('get_column_names', 'dbt')() }}
    )
    {%- set sql = get_select_subquery(sql) %}
  {% else %}
    as
  {% endif %}
  (
    {{ sql }}
  );
{%- endmacro %}
