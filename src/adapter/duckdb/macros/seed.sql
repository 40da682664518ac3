{# Rows as inserts: DuckDB's mark for a bound value, and a file that it can read by itself. #}
{% macro duckdb__get_binding_char() %}
  {% do return(adapter.get_binding_char()) %}
{% endmacro %}

{% macro duckdb__get_batch_size() %}
  {% do return(10000) %}
{% endmacro %}

{% macro duckdb__load_csv_rows(model, agate_table) %}
  {% if not config.get('fast', true) %}
    {% do return(default__load_csv_rows(model, adapter.convert_datetimes_to_strs(agate_table))) %}
  {% endif %}
  {% set load %}
    copy {{ this.render() }} from {{ adapter.literal(adapter.get_seed_file_path(model)) }} (format csv, header true, delimiter {{ adapter.literal(config.get('delimiter', ',')) }})
  {% endset %}
  {% do adapter.add_query(load, abridge_sql_log=True) %}
  {% do return(load) %}
{% endmacro %}
