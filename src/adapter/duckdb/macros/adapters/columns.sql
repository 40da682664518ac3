{# The columns of a relation, and changes to them. #}
{% macro duckdb__get_columns_in_relation(relation) -%}
  {% call statement('get_columns_in_relation', fetch_result=True) -%}
    select
        column_name,
        column_type as data_type,
        cast(null as bigint) as character_maximum_length,
        cast(null as bigint) as numeric_precision,
        cast(null as bigint) as numeric_scale
    from (describe {{ relation.render() }})
  {%- endcall %}
  {% do return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) %}
{%- endmacro %}

{# One change per statement: DuckDB takes no more. #}
{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
  {% for column in add_columns or [] %}
    {% call statement('add_column') -%}
      alter {{ relation.type }} {{ relation }} add column {{ adapter.quote(column.name) }} {{ column.data_type }}
    {%- endcall %}
  {% endfor %}
  {% for column in remove_columns or [] %}
    {% call statement('drop_column') -%}
      alter {{ relation.type }} {{ relation }} drop column {{ adapter.quote(column.name) }}
    {%- endcall %}
  {% endfor %}
{% endmacro %}

{# A header cannot stand inside `describe (...)`, so it is run first. #}
{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
  {%- if select_sql_header is not none -%}
    {%- do run_query(select_sql_header) -%}
  {%- endif -%}
  {%- do return(default__get_empty_subquery_sql(select_sql)) -%}
{% endmacro %}
