{# DuckDB's statistics answer how many values are there; everything else is as fast one by one. #}
{% macro duckdb__karat__kinds_that_share() %}
  {% do return(['nulls']) %}
{% endmacro %}

{% macro duckdb__karat__count_in_scan(test) -%}
  {%- if test.kind == 'nulls' -%}
    count(*) - count({{ test.column }})
  {%- else -%}
    {{ default__karat__count_in_scan(test) }}
  {%- endif -%}
{%- endmacro %}
