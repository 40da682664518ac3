-- Marts whose total is not the fact table's total: a join lost or doubled rows.
with fact as (

    select count(*) as transactions, sum(total_amount) as total_amount from {{ ref('transaction_fct') }}

),

mart as (

    {% for name in ['sales_by_country', 'sales_by_customer', 'sales_by_month'] -%}
    select '{{ name }}' as name, sum(transactions) as transactions, sum(total_amount) as total_amount
    from {{ ref(name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select mart.name, mart.transactions, mart.total_amount
from mart
cross join fact
where mart.transactions <> fact.transactions or mart.total_amount <> fact.total_amount
