{# Warns when the query's time and the database's clock are of different types. #}
{% macro get_updated_at_column_data_type(snapshot_sql) %}
  {% for column in get_column_schema_from_query(snapshot_sql) if column.column in ['dbt_updated_at', 'DBT_UPDATED_AT'] %}
    {% do return(column.dtype or none) %}
  {% endfor %}
  {% do return(none) %}
{% endmacro %}

{% macro check_time_data_types(sql) %}
  {% set of_query = get_updated_at_column_data_type(sql) %}
  {% set of_clock = get_snapshot_get_time_data_type() %}
  {% if of_query is not none and of_clock is not none and of_query != of_clock
      and exceptions.warn_snapshot_timestamp_data_types %}
    {% do exceptions.warn_snapshot_timestamp_data_types(of_clock, of_query) %}
  {% endif %}
{% endmacro %}
