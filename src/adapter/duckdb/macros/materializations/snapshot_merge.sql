{# Staged states brought into the snapshot, and the staging table gone afterwards. #}
{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
  {{ karat__snapshot_update_and_insert(target, 'DBT_INTERNAL_TARGET', source, insert_cols) }}
{%- endmacro %}

{% macro duckdb__post_snapshot(staging_relation) %}
  {% do drop_relation(staging_relation) %}
{% endmacro %}
