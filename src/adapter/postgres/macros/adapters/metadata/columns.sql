{# The columns of all relations in the schemas of a run, typed as `information_schema.columns` types them. #}
{% macro postgres__karat__list_columns(schemas) %}
  {% set query %}
    select
      current_database()::text as database, nsp.nspname::text as schema, cls.relname::text as name,
      {{ postgres__column_types() }}
    from pg_catalog.pg_attribute att
    join pg_catalog.pg_class cls on cls.oid = att.attrelid and cls.relkind in ('r', 'p', 'v', 'm', 'f')
    join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
    {{ postgres__column_type_joins() }}
    where nsp.nspname in ({{ karat__schema_names(schemas) }})
      and att.attnum > 0 and not att.attisdropped
    order by nsp.nspname, cls.relname, att.attnum
  {% endset %}
  {% do return(run_query(query)) %}
{% endmacro %}

{# Name and type of the column `att`; a domain is what it is based on. #}
{% macro postgres__column_types() -%}
  att.attname::text as column_name,
      case
        when typ.typelem <> 0 and typ.typlen = -1 then 'ARRAY'
        when typ.typnamespace = 'pg_catalog'::regnamespace then pg_catalog.format_type(typ.oid, null)
        else 'USER-DEFINED'
      end as data_type,
      information_schema._pg_char_max_length(typ.oid, mod.typmod)::integer as character_maximum_length,
      information_schema._pg_numeric_precision(typ.oid, mod.typmod)::integer as numeric_precision,
      information_schema._pg_numeric_scale(typ.oid, mod.typmod)::integer as numeric_scale
{%- endmacro %}

{% macro postgres__column_type_joins() -%}
  join pg_catalog.pg_type own on own.oid = att.atttypid
    join pg_catalog.pg_type typ on typ.oid = case own.typtype when 'd' then own.typbasetype else own.oid end
    cross join lateral (select case own.typtype when 'd' then own.typtypmod else att.atttypmod end as typmod) mod
{%- endmacro %}
