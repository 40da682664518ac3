{# Functions over a group. #}
{# Some value of a group. #}
{% macro any_value(expression) -%}
  {%- do return(adapter.dispatch('any_value', 'dbt')(expression)) -%}
{%- endmacro %}

{% macro default__any_value(expression) -%}
    any_value({{ expression }})
{%- endmacro %}

{# Whether any row of a group is true. #}
{% macro bool_or(expression) -%}
  {%- do return(adapter.dispatch('bool_or', 'dbt')(expression)) -%}
{%- endmacro %}

{% macro default__bool_or(expression) -%}
    bool_or({{ expression }})
{%- endmacro %}

{# The strings of a group as one. #}
{% macro listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
  {%- do return(adapter.dispatch('listagg', 'dbt')(measure, delimiter_text, order_by_clause, limit_num)) -%}
{%- endmacro %}

{% macro default__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- set ordered = 'within group (' ~ order_by_clause ~ ')' if order_by_clause else '' -%}
  {%- if limit_num %}
    array_to_string(
        array_slice(array_agg({{ measure }}) {{ ordered }}, 0, {{ limit_num }}),
        {{ delimiter_text }}
    )
  {%- else %}
    listagg({{ measure }}, {{ delimiter_text }}) {{ ordered }}
  {%- endif -%}
{%- endmacro %}
