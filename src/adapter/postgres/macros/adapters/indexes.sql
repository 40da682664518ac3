{# Indexes by config, and those that a relation has. #}
{% macro postgres__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique ' if index.unique }}index if not exists
  "{{ index.render(relation) }}"
  on {{ relation }} {{ 'using ' ~ index.type if index.type }}
  ({{ index.columns | join(', ') }})
{%- endmacro %}

{%- macro postgres__get_drop_index_sql(relation, index_name) -%}
  drop index if exists {{ adapter.quote(relation.schema) }}.{{ adapter.quote(index_name) }}
{%- endmacro -%}

{% macro postgres__get_show_indexes_sql(relation) %}
    select
        idx.relname as name,
        am.amname as method,
        ind.indisunique as "unique",
        array_to_string(array_agg(att.attname), ',') as column_names
    from pg_catalog.pg_index ind
    join pg_catalog.pg_class idx on idx.oid = ind.indexrelid
    join pg_catalog.pg_am am on am.oid = idx.relam
    join pg_catalog.pg_class rel on rel.oid = ind.indrelid and rel.relkind in ('r', 'm')
    join pg_catalog.pg_namespace nsp on nsp.oid = rel.relnamespace
    join pg_catalog.pg_attribute att on att.attrelid = rel.oid and att.attnum = any(ind.indkey)
    where rel.relname = {{ adapter.literal(relation.identifier) }}
      and nsp.nspname = {{ adapter.literal(relation.schema) }}
    group by 1, 2, 3
    order by 1, 2, 3
{% endmacro %}
