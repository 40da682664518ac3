{# Functions over a group. #}
{% macro duckdb__any_value(expression) -%}
    arbitrary({{ expression }})
{%- endmacro %}

{% macro duckdb__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if limit_num %}
    list_aggr(
        (array_agg({{ measure }} {{ order_by_clause if order_by_clause }}))[1:{{ limit_num }}],
        'string_agg',
        {{ delimiter_text }}
    )
  {%- else %}
    string_agg({{ measure }}, {{ delimiter_text }} {{ order_by_clause if order_by_clause }})
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__generate_series(upper_bound) -%}
    select generate_series as generated_number
    from generate_series(1, {{ upper_bound }})
{%- endmacro %}
