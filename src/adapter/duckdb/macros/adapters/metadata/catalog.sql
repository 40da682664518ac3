{# What `docs generate` reads: every column of the wanted relations with types and comments. #}
{% macro duckdb__get_catalog(information_schema, schemas) -%}
  {%- set wanted = [] -%}
  {%- for schema in schemas -%}
    {%- do wanted.append({'schema': schema}) -%}
  {%- endfor -%}
  {%- do return(duckdb__get_catalog_relations(information_schema, wanted)) -%}
{%- endmacro %}

{% macro duckdb__get_catalog_relations(information_schema, relations) -%}
  {% set query %}
    with tables as (
      select database_name, schema_name, table_name, 'BASE TABLE' as table_type, comment from duckdb_tables()
      union all
      select database_name, schema_name, view_name, 'VIEW', comment from duckdb_views()
    )
    select
        tables.database_name as table_database,
        tables.schema_name as table_schema,
        tables.table_name,
        tables.table_type,
        tables.comment as table_comment,
        columns.column_name,
        columns.column_index,
        columns.data_type as column_type,
        columns.comment as column_comment,
        null as table_owner
    from tables
    join duckdb_columns() columns using (database_name, schema_name, table_name)
    where upper(database_name) = upper({{ adapter.literal(information_schema.database) }})
      and ({{ duckdb__catalog_condition(relations) }})
    order by table_schema, table_name, column_index
  {% endset %}
  {% do return(run_query(query)) %}
{%- endmacro %}

{% macro duckdb__catalog_condition(relations) -%}
  {%- for relation in relations -%}
    {%- if not relation.schema -%}
      {%- do exceptions.raise_compiler_error('`get_catalog_relations` requires a list of relations, each with a schema') -%}
    {%- endif -%}
    (upper(schema_name) = upper({{ adapter.literal(relation.schema) }})
    {%- if relation.identifier %} and upper(table_name) = upper({{ adapter.literal(relation.identifier) }}){% endif -%}
    ){{ ' or ' if not loop.last }}
  {%- else -%}
    false
  {%- endfor -%}
{%- endmacro %}
