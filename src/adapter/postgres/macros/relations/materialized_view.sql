{# Materialized views and their indexes. #}
{% macro postgres__get_create_materialized_view_as_sql(relation, sql) %}
    create materialized view if not exists {{ relation }} as {{ sql }};

    {% for index in config.get('indexes', []) -%}
      {{ get_create_index_sql(relation, index) }}{{ ';' if not loop.last }}
    {% endfor %}
{% endmacro %}

{% macro postgres__drop_materialized_view(relation) -%}
  drop materialized view if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__get_rename_materialized_view_sql(relation, new_name) %}
  alter materialized view {{ relation }} rename to {{ new_name }}
{% endmacro %}

{# Readers go on reading where a unique index lets the server tell the rows apart; else they are kept out while it refreshes. #}
{% macro postgres__refresh_materialized_view(relation) %}
  {%- if execute and run_query(postgres__refreshes_beside_readers_sql(relation))[0][0] %}
  refresh materialized view concurrently {{ relation }}
  {%- else %}
  do {{ adapter.literal(postgres__lock_briefly_block(relation, [postgres__keep_readers_out_sql(relation)])) }};
  refresh materialized view {{ relation }}
  {%- endif %}
{% endmacro %}

{% macro postgres__refreshes_beside_readers_sql(relation) -%}
  select exists (
    select 1 from pg_catalog.pg_class cls
    join pg_catalog.pg_index ind on ind.indrelid = cls.oid
    where cls.oid = {{ adapter.literal(relation.include(database=false) | string) }}::regclass
      and cls.relkind = 'm' and cls.relispopulated
      and ind.indisunique and ind.indisvalid and ind.indimmediate and ind.indpred is null and ind.indexprs is null
  )
{%- endmacro %}

{% macro postgres__describe_materialized_view(relation) %}
  {% do return({'indexes': run_query(get_show_indexes_sql(relation))}) %}
{% endmacro %}
