select order_id, ordered_on, customer, quantity, price
from {{ ref('orders') }}
