select
    ordered_on,
    count(*) as orders,
    cast(sum(amount) as numeric(18, 2)) as amount
from {{ ref('customer_order') }}
group by ordered_on
