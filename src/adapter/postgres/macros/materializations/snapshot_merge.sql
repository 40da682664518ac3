{# Staged states brought into the snapshot. #}
{% macro postgres__snapshot_merge_sql(target, source, insert_cols) -%}
  {{ karat__snapshot_update_and_insert(target, target | string, source, insert_cols) }}
{%- endmacro %}
