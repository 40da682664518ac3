{# The relations of one schema, and of all schemas of a run. #}
{% macro postgres__list_relations_without_caching(schema_relation) %}
  {% call statement('list_relations_without_caching', fetch_result=True) -%}
    {{ postgres__relations_where('nsp.nspname ilike ' ~ adapter.literal(schema_relation.schema)) }}
  {%- endcall %}
  {% do return(load_result('list_relations_without_caching').table) %}
{% endmacro %}

{% macro postgres__karat__list_relations_sql(schemas) -%}
  {{ postgres__relations_where('nsp.nspname in (' ~ karat__schema_names(schemas) ~ ')') }}
{%- endmacro %}

{% macro postgres__relations_where(condition) %}
    select
      current_database()::text as database,
      cls.relname::text as name,
      nsp.nspname::text as schema,
      case cls.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as type
    from pg_catalog.pg_class cls
    join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
    where cls.relkind in ('r', 'p', 'v', 'm') and {{ condition }}
    union all
    select distinct current_database()::text, prc.proname::text, nsp.nspname::text, 'function'
    from pg_catalog.pg_proc prc
    join pg_catalog.pg_namespace nsp on nsp.oid = prc.pronamespace
    where {{ condition }}
{% endmacro %}
