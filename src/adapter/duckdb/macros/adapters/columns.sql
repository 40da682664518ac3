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

{# One change per statement: DuckDB takes no more. An indexed table takes none, so its indexes step aside. #}
{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
  {% set changes = [] %}
  {% for column in add_columns or [] %}
    {% do changes.append('add column ' ~ adapter.quote(column.name) ~ ' ' ~ column.data_type) %}
  {% endfor %}
  {% for column in remove_columns or [] %}
    {% do changes.append('drop column ' ~ adapter.quote(column.name)) %}
  {% endfor %}
  {% set indexes = drop_indexes_on_relation(relation) %}
  {% for change in changes %}
    {% call statement('alter_columns') -%}
      alter {{ relation.type }} {{ relation }} {{ change }}
    {%- endcall %}
  {% endfor %}
  {% do duckdb__run_each(indexes) %}
{% endmacro %}

{% macro duckdb__alter_column_type(relation, column_name, new_column_type) -%}
  {% set indexes = drop_indexes_on_relation(relation) %}
  {% call statement('alter_column_type') -%}
    alter table {{ relation }} alter column {{ adapter.quote(column_name) }} set data type {{ new_column_type }}
  {%- endcall %}
  {% do duckdb__run_each(indexes) %}
{%- endmacro %}

{# A header cannot stand inside `describe (...)`, so it is run first. #}
{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
  {%- if select_sql_header is not none -%}
    {%- do run_query(select_sql_header) -%}
  {%- endif -%}
  {%- do return(default__get_empty_subquery_sql(select_sql)) -%}
{% endmacro %}
