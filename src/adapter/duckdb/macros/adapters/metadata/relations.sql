{# The relations of one schema, and of all schemas of a run. #}
{% macro duckdb__list_relations_without_caching(schema_relation) %}
  {% call statement('list_relations_without_caching', fetch_result=True) -%}
    select
      {{ adapter.literal(schema_relation.database) }} as database,
      table_name as name,
      table_schema as schema,
      case table_type when 'VIEW' then 'view' else 'table' end as type
    from system.information_schema.tables
    where lower(table_schema) = {{ adapter.literal(schema_relation.schema | lower) }}
      and lower(table_catalog) = {{ adapter.literal(schema_relation.database | lower) }}
  {%- endcall %}
  {% do return(load_result('list_relations_without_caching').table) %}
{% endmacro %}

{% macro duckdb__karat__list_relations_sql(schemas) -%}
    select database_name as database, table_name as name, schema_name as schema, 'table' as type
    from duckdb_tables()
    where not temporary and {{ duckdb__in_schemas(schemas) }}
    union all
    select database_name, view_name, schema_name, 'view'
    from duckdb_views()
    where not internal and not temporary and {{ duckdb__in_schemas(schemas) }}
{%- endmacro %}

{% macro duckdb__karat__list_columns(schemas) %}
  {% set query %}
    select
      database_name as database, schema_name as schema, table_name as name,
      column_name, data_type,
      cast(null as bigint) as character_maximum_length,
      cast(null as bigint) as numeric_precision,
      cast(null as bigint) as numeric_scale
    from duckdb_columns()
    where not internal and {{ duckdb__in_schemas(schemas) }}
    order by database_name, schema_name, table_name, column_index
  {% endset %}
  {% do return(run_query(query)) %}
{% endmacro %}

{# Names compare without case, and one schema name may stand in several attached databases. #}
{% macro duckdb__in_schemas(schemas) -%}
  {%- set pairs = [] -%}
  {%- for schema in schemas if schema.schema -%}
    {%- do pairs.append("('" ~ (schema.database | lower).replace("'", "''") ~ "', '" ~ (schema.schema | lower).replace("'", "''") ~ "')") -%}
  {%- endfor -%}
  {%- if not pairs -%}
    false
  {%- else -%}
    (lower(database_name), lower(schema_name)) in ({{ pairs | unique | join(', ') }})
  {%- endif -%}
{%- endmacro %}
