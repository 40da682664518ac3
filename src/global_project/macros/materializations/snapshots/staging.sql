{# The staged states, and the table made ready for their columns. #}
{% macro karat__stage_snapshot(strategy, target_relation) %}
  {% do adapter.assert_valid_snapshot_target_given_strategy(target_relation, karat__snapshot_names(), strategy) %}
  {% do check_time_data_types(snapshot_staging_table(strategy, sql, target_relation)) %}
  {% set staging = build_snapshot_staging_table(strategy, sql, target_relation) %}
  {% do adapter.expand_target_column_types(from_relation=staging, to_relation=target_relation) %}
  {% do create_columns(target_relation, adapter.get_missing_columns(staging, target_relation)
      | rejectattr('name', 'in', karat__staging_only_names(strategy)) | list) %}
  {% do return(staging) %}
{% endmacro %}

{% macro karat__snapshot_columns(strategy, staging) %}
  {% set own = karat__staging_only_names(strategy) %}
  {% set names = [] %}
  {% for column in adapter.get_columns_in_relation(staging) if column.name not in own %}
    {% do names.append(adapter.quote(column.name)) %}
  {% endfor %}
  {% do return(names) %}
{% endmacro %}

{# Columns that the staging table has and the snapshot has not. #}
{% macro karat__staging_only_names(strategy) %}
  {% set names = ['dbt_change_type', 'DBT_CHANGE_TYPE', 'dbt_unique_key', 'DBT_UNIQUE_KEY'] %}
  {% if strategy.unique_key is not string %}
    {% for _ in strategy.unique_key %}
      {% do names.extend(['dbt_unique_key_' ~ loop.index, 'DBT_UNIQUE_KEY_' ~ loop.index]) %}
    {% endfor %}
  {% endif %}
  {% do return(names) %}
{% endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
  {% set staging = make_temp_relation(target_relation) %}
  {% call statement('build_snapshot_staging_relation') %}
    {{ create_table_as(True, staging, snapshot_staging_table(strategy, sql, target_relation)) }}
  {% endcall %}
  {% do return(staging) %}
{% endmacro %}
