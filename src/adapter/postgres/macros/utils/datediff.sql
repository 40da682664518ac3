{# How many borders of a period lie between two moments; each unit is reckoned from the next greater one. #}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
  {%- set steps = {
      'quarter': ['year', 4, 'date'], 'month': ['year', 12, 'date'],
      'hour': ['day', 24, 'timestamp'], 'minute': ['hour', 60, 'timestamp'], 'second': ['minute', 60, 'timestamp'],
      'millisecond': ['minute', 60000, 'timestamp'], 'microsecond': ['minute', 60000000, 'timestamp']
  } -%}
  {%- if datepart == 'year' -%}
    (date_part('year', ({{ second_date }})::date) - date_part('year', ({{ first_date }})::date))
  {%- elif datepart == 'day' -%}
    (({{ second_date }})::date - ({{ first_date }})::date)
  {%- elif datepart == 'week' -%}
    {{ karat__datediff_weeks(first_date, second_date, '/') }}
  {%- elif datepart in steps -%}
    {%- set unit, times, type = steps[datepart] -%}
    {%- set part = "floor(date_part(" ~ adapter.literal(datepart) ~ ", (%s)::" ~ type ~ '))' -%}
    ({{ datediff(first_date, second_date, unit) }} * {{ times }} + {{ part % second_date }} - {{ part % first_date }})
  {%- else -%}
    {%- do exceptions.raise_compiler_error("Unsupported datepart for macro datediff in postgres: '" ~ datepart ~ "'") -%}
  {%- endif -%}
{%- endmacro %}
