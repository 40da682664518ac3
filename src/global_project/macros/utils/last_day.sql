{# The last day of a period. #}
{% macro last_day(date, datepart) -%}
  {%- do return(adapter.dispatch('last_day', 'dbt')(date, datepart)) -%}
{%- endmacro %}

{% macro default_last_day(date, datepart) -%}
    cast(
        {{ dbt.dateadd('day', '-1', dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date))) }}
        as date)
{%- endmacro %}

{% macro default__last_day(date, datepart) -%}
  {{ dbt.default_last_day(date, datepart) }}
{%- endmacro %}

{# For engines whose intervals know no quarters. #}
{% macro karat__last_day_by_months(date, datepart) -%}
  {%- if datepart != 'quarter' -%}
    {%- do return(dbt.default_last_day(date, datepart)) -%}
  {%- endif -%}
    cast(
        {{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc('quarter', date))) }}
        as date)
{%- endmacro %}
