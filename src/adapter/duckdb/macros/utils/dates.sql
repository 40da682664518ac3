{# Reckoning with dates. An interval times a number takes columns as well as literals. #}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) -%}
  {%- set units = {'quarter': ['month', 3], 'week': ['day', 7]} -%}
  {%- set unit, times = units.get(datepart | lower, [datepart | lower, 1]) -%}
    ({{ from_date_or_timestamp }} + (cast({{ interval }} as bigint){{ ' * ' ~ times if times > 1 }}) * interval 1 {{ unit }})
{%- endmacro %}

{% macro duckdb__datediff(first_date, second_date, datepart) -%}
  {%- if datepart == 'week' -%}
    {{ karat__datediff_weeks(first_date, second_date, '//') }}
  {%- else -%}
    (date_diff({{ adapter.literal(datepart) }}, {{ first_date }}::timestamp, {{ second_date }}::timestamp ))
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__last_day(date, datepart) -%}
  {{ karat__last_day_by_months(date, datepart) }}
{%- endmacro %}

{% macro duckdb__date(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}
