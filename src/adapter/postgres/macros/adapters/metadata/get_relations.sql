{# Which relation reads which: one row per view and relation that it names. #}
{% macro postgres__get_relations() -%}
  {%- call statement('relations', fetch_result=True) -%}
    select distinct
        above_nsp.nspname as dependent_schema,
        above.relname as dependent_name,
        below_nsp.nspname as referenced_schema,
        below.relname as referenced_name
    from pg_catalog.pg_depend dep
    join pg_catalog.pg_rewrite rule on rule.oid = dep.objid
    join pg_catalog.pg_class above on above.oid = rule.ev_class
    join pg_catalog.pg_namespace above_nsp on above_nsp.oid = above.relnamespace
    join pg_catalog.pg_class below on below.oid = dep.refobjid and below.oid <> above.oid
    join pg_catalog.pg_namespace below_nsp on below_nsp.oid = below.relnamespace
    where dep.classid = 'pg_catalog.pg_rewrite'::regclass
      and dep.refclassid = 'pg_catalog.pg_class'::regclass
      and below_nsp.nspname <> 'information_schema'
      and below_nsp.nspname not like 'pg\_%'
    order by 1, 2, 3, 4
  {%- endcall -%}
  {% do return(load_result('relations').table) %}
{%- endmacro %}

{% macro postgres_get_relations() %}
  {% do return(postgres__get_relations()) %}
{% endmacro %}
