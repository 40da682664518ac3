{# Schemas; an attached SQLite or MySQL database has none to create. #}
{% macro duckdb__create_schema(relation) -%}
  {% set kinds = run_query('select type from duckdb_databases() where lower(database_name) = ' ~ adapter.literal(relation.database | lower)) %}
  {% set kind = kinds[0][0] if kinds | length else 'duckdb' %}
  {% if kind == 'sqlite' and relation.schema != 'main' %}
    {% do exceptions.raise_compiler_error("Schema must be 'main' when writing to sqlite instead got " ~ relation.schema) %}
  {% endif %}
  {% if kind not in ['sqlite', 'mysql'] %}
    {%- call statement('create_schema') -%}
      create schema if not exists {{ relation.without_identifier() }}
    {%- endcall -%}
  {% endif %}
{%- endmacro %}

{% macro duckdb__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier() }} cascade
  {%- endcall -%}
{%- endmacro %}

{% macro duckdb__list_schemas(database) -%}
  {% set query %}
    select schema_name
    from system.information_schema.schemata
    {{ 'where lower(catalog_name) = ' ~ adapter.literal((database | lower).strip('"')) if database is not none }}
  {% endset %}
  {% do return(run_query(query)) %}
{%- endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) -%}
  {% set query %}
    select count(*)
    from system.information_schema.schemata
    where lower(schema_name) = {{ adapter.literal(schema | lower) }}
      and lower(catalog_name) = {{ adapter.literal(information_schema.database | lower) }}
  {% endset %}
  {% do return(run_query(query)) %}
{%- endmacro %}
