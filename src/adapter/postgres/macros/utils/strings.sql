{# Strings and equality. #}
{% macro postgres__split_part(string_text, delimiter_text, part_number) -%}
  {%- if part_number >= 0 -%}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
  {%- else -%}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
  {%- endif -%}
{%- endmacro %}

{% macro postgres__equals(expr1, expr2) -%}
  {%- set null_safe = adapter.behavior.enable_truthy_nulls_equals_macro.no_warn -%}
  ({{ expr1 }} {{ 'is not distinct from' if null_safe else '=' }} {{ expr2 }})
{%- endmacro %}
