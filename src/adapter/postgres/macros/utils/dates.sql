{# Reckoning with dates. #}
{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{%- endmacro %}

{% macro postgres__last_day(date, datepart) -%}
  {{ karat__last_day_by_months(date, datepart) }}
{%- endmacro %}
