{# The columns of a table or view; none where it is not there. The catalog itself is asked, since `information_schema` is a view of many tables that takes longer to plan than to read. #}
{% macro postgres__get_columns_in_relation(relation) -%}
  {% call statement('get_columns_in_relation', fetch_result=True) -%}
    select {{ postgres__column_types() }}
    from pg_catalog.pg_attribute att
    {{ postgres__column_type_joins() }}
    where att.attrelid = pg_catalog.to_regclass({{ adapter.literal(relation.include(database=false).render()) }})
      and att.attnum > 0 and not att.attisdropped
    order by att.attnum
  {%- endcall %}
  {% do return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) %}
{%- endmacro %}
