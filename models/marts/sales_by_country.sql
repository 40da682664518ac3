select
    location.country,
    count(*) as transactions,
    cast(sum(sale.quantity) as bigint) as quantity,
    cast(sum(sale.total_amount) as numeric(18, 2)) as total_amount
from {{ ref('transaction_fct') }} as sale
join {{ ref('location_dim') }} as location on location.location_key = sale.location_key
group by location.country
