select
    day.month_start,
    day.year,
    day.month_name,
    count(*) as transactions,
    cast(sum(sale.quantity) as bigint) as quantity,
    cast(sum(sale.total_amount) as numeric(18, 2)) as total_amount
from {{ ref('transaction_fct') }} as sale
join {{ ref('date_dim') }} as day on day.date_day = sale.transaction_date
group by day.month_start, day.year, day.month_name
