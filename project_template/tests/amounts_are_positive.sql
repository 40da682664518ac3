-- Orders whose amount is not above zero.
select order_id, amount
from {{ ref('customer_order') }}
where amount <= 0
