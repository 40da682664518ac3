{# Staged states brought into the snapshot, and the staging table gone afterwards. #}
{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
  {{ karat__snapshot_update_and_insert(target, 'DBT_INTERNAL_TARGET', source, insert_cols) }}
{%- endmacro %}

{% macro duckdb__post_snapshot(staging_relation) %}
  {% do drop_relation(staging_relation) %}
{% endmacro %}

{# A state begins where the one before it ends, also where the clock of the session's time zone is behind that of an earlier run. #}
{% macro duckdb__karat__new_state_columns(names) -%}
  {%- set valid_from = names.dbt_valid_from -%}
  source_data.* replace (greatest(source_data.{{ valid_from }}, snapshotted_data.{{ valid_from }}) as {{ valid_from }})
{%- endmacro %}
