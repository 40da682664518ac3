{# Functions over a group. #}
{# PostgreSQL before 16 has no `any_value`; the smallest is as good as any. #}
{% macro postgres__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if limit_num %}
    array_to_string(
        (array_agg({{ measure }} {{ order_by_clause if order_by_clause }}))[1:{{ limit_num }}],
        {{ delimiter_text }}
    )
  {%- else %}
    string_agg({{ measure }}, {{ delimiter_text }} {{ order_by_clause if order_by_clause }})
  {%- endif -%}
{%- endmacro %}
