{# The table that a seed's rows go to. #}
{% macro create_csv_table(model, agate_table) -%}
  {%- do return(adapter.dispatch('create_csv_table', 'dbt')(model, agate_table)) -%}
{%- endmacro %}

{% macro default__create_csv_table(model, agate_table) %}
  {% set ddl = karat__seed_table_sql(this, model, agate_table) %}
  {% call statement('_') -%}
    {{ ddl }}
  {%- endcall %}
  {% do return(ddl) %}
{% endmacro %}

{% macro reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- do return(adapter.dispatch('reset_csv_table', 'dbt')(model, full_refresh, old_relation, agate_table)) -%}
{%- endmacro %}

{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
  {% if not full_refresh %}
    {% do karat__empty_seed(old_relation) %}
    {% do return('delete from ' ~ old_relation.render()) %}
  {% endif %}
  {% set dependents = karat__release_dependents(old_relation) %}
  {% do adapter.drop_relation(old_relation) %}
  {% set ddl = create_csv_table(model, agate_table) %}
  {% do karat__restore_dependents(dependents) %}
  {% do return(ddl) %}
{% endmacro %}

{% macro karat__seed_types(model, agate_table) %}
  {% set wanted = model['config'].get('column_types', {}) %}
  {% set types = {} %}
  {% for name in agate_table.column_names %}
    {% do types.update({name: wanted[name] if name in wanted else adapter.convert_type(agate_table, loop.index0)}) %}
  {% endfor %}
  {% do return(types) %}
{% endmacro %}

{% macro karat__seed_table_sql(relation, model, agate_table) %}
  {%- set quote = model['config'].get('quote_columns', None) -%}
    create table {{ relation.render() }} (
    {%- for name, type in karat__seed_types(model, agate_table).items() -%}
      {{ adapter.quote_seed_column(name | string, quote) }} {{ type }}{{ ', ' if not loop.last }}
    {%- endfor -%}
    )
{% endmacro %}
