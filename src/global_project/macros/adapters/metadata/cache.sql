{# One query for all schemas of a run: relations, columns, and what a killed build left behind. `schemas` are schema relations. #}
{% macro karat__list_relations(schemas) %}
  {% do return(adapter.dispatch('karat__list_relations', 'dbt')(schemas)) %}
{% endmacro %}

{% macro karat__list_columns(schemas) %}
  {% do return(adapter.dispatch('karat__list_columns', 'dbt')(schemas)) %}
{% endmacro %}

{% macro karat__leftovers(schemas) %}
  {% set query %}
    select * from ({{ karat__list_relations_sql(schemas) }}) as listed
    where name like '%!_!_dbt!_tmp' escape '!'
       or name like '%!_!_dbt!_backup' escape '!'
  {% endset %}
  {% do return(run_query(query)) %}
{% endmacro %}

{% macro karat__list_relations_sql(schemas) %}
  {% do return(adapter.dispatch('karat__list_relations_sql', 'dbt')(schemas)) %}
{% endmacro %}

{% macro default__karat__list_relations(schemas) %}
  {% do return(run_query(karat__list_relations_sql(schemas))) %}
{% endmacro %}

{# `'a', 'b'`: the names of schemas as SQL text, single quotes doubled. #}
{% macro karat__schema_names(schemas) -%}
  {%- set names = [] -%}
  {%- for schema in schemas if schema.schema -%}
    {%- do names.append(adapter.literal(schema.schema)) -%}
  {%- endfor -%}
  {%- do return(names | unique | join(', ') or 'null') -%}
{%- endmacro %}
