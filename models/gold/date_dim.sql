{{ config(tags=['static']) }}

-- Every day of 2023 and 2024. It changes only with this file: `--exclude tag:static` spares it.
{% set months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August',
                 'September', 'October', 'November', 'December'] %}

with digit as (

    {% for n in range(10) -%}
    select {{ n }} as n{{ ' union all' if not loop.last }}
    {% endfor %}
),

day as (

    select cast(cast('2023-01-01' as date) + (100 * hundreds.n + 10 * tens.n + ones.n) as date) as date_day
    from digit as hundreds
    cross join digit as tens
    cross join digit as ones

)

select
    date_day,
    cast(extract(year from date_day) as integer) as year,
    cast(extract(quarter from date_day) as integer) as quarter,
    cast(extract(month from date_day) as integer) as month,
    case cast(extract(month from date_day) as integer)
    {%- for month in months %}
        when {{ loop.index }} then '{{ month }}'
    {%- endfor %}
    end as month_name,
    cast(date_trunc('month', date_day) as date) as month_start,
    cast(extract(isodow from date_day) as integer) as weekday,
    extract(isodow from date_day) in (6, 7) as is_weekend
from day
where date_day < cast('2025-01-01' as date)
