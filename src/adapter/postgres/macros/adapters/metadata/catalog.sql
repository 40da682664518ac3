{# What `docs generate` reads: every column of the wanted relations with types, comments and owner. #}
{% macro postgres__get_catalog(information_schema, schemas) -%}
  {%- set wanted = [] -%}
  {%- for schema in schemas -%}
    {%- do wanted.append({'schema': schema}) -%}
  {%- endfor -%}
  {%- do return(postgres__get_catalog_relations(information_schema, wanted)) -%}
{%- endmacro %}

{% macro postgres__get_catalog_relations(information_schema, relations) -%}
  {%- do adapter.verify_database(information_schema.database) -%}
  {%- call statement('catalog', fetch_result=True) %}
    select
        {{ adapter.literal(information_schema.database) }} as table_database,
        nsp.nspname as table_schema,
        cls.relname as table_name,
        case cls.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as table_type,
        pg_catalog.obj_description(cls.oid, 'pg_class') as table_comment,
        att.attname as column_name,
        att.attnum as column_index,
        pg_catalog.format_type(att.atttypid, att.atttypmod) as column_type,
        pg_catalog.col_description(cls.oid, att.attnum) as column_comment,
        pg_catalog.pg_get_userbyid(cls.relowner) as table_owner
    from pg_catalog.pg_class cls
    join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
    join pg_catalog.pg_attribute att on att.attrelid = cls.oid
    where ({{ postgres__catalog_condition(relations) }})
      and not pg_catalog.pg_is_other_temp_schema(nsp.oid)
      and cls.relpersistence in ('p', 'u')
      and cls.relkind in ('r', 'v', 'f', 'p', 'm')
      and att.attnum > 0
      and not att.attisdropped
    order by nsp.nspname, cls.relname, att.attnum
  {%- endcall -%}
  {%- do return(load_result('catalog').table) -%}
{%- endmacro %}

{% macro postgres__catalog_condition(relations) -%}
  {%- for relation in relations -%}
    (upper(nsp.nspname) = upper({{ adapter.literal(relation.schema) }})
    {%- if relation.identifier %} and upper(cls.relname) = upper({{ adapter.literal(relation.identifier) }}){% endif -%}
    ){{ ' or ' if not loop.last }}
  {%- else -%}
    false
  {%- endfor -%}
{%- endmacro %}
