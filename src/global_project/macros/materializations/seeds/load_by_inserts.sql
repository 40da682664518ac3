{# The rows sent as inserts, through the macros that projects override. #}
{% macro karat__load_seed_by_inserts(old, target_relation, full_refresh, agate_table) %}
  {% set table_sql = create_csv_table(model, agate_table) if old is none
      else reset_csv_table(model, full_refresh, old, agate_table) %}
  {% set rows = agate_table.rows | length %}
  {% do return({
      'rows': rows,
      'table_sql': table_sql,
      'load_sql': load_csv_rows(model, agate_table) if rows else '',
      'needs_indexes': full_refresh or old is none
  }) %}
{% endmacro %}

{% macro load_csv_rows(model, agate_table) -%}
  {%- do return(adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table)) -%}
{%- endmacro %}

{% macro default__load_csv_rows(model, agate_table) %}
  {% set columns = get_seed_column_quoted_csv(model, agate_table.column_names) %}
  {% set marks = [get_binding_char() | trim] * (agate_table.column_names | length) %}
  {% set sent = [] %}
  {% for chunk in agate_table.rows | batch(get_batch_size()) %}
    {% set bindings = [] %}
    {% for row in chunk %}
      {% do bindings.extend(row) %}
    {% endfor %}
    {% set insert %}
      insert into {{ this.render() }} ({{ columns }}) values
      {{ (['(' ~ marks | join(',') ~ ')'] * (chunk | length)) | join(',') }}
    {% endset %}
    {% do adapter.add_query(insert, bindings=bindings, abridge_sql_log=True) %}
    {% do sent.append(insert) %}
  {% endfor %}
  {% do return(sent[0]) %}
{% endmacro %}
