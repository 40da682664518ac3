select
    customer.customer_key,
    customer.customer_id,
    customer.first_name,
    customer.last_name,
    count(*) as transactions,
    cast(sum(sale.total_amount) as numeric(18, 2)) as total_amount,
    min(sale.transaction_date) as first_sale_on,
    max(sale.transaction_date) as last_sale_on
from {{ ref('transaction_fct') }} as sale
join {{ ref('customer_dim') }} as customer on customer.customer_key = sale.customer_key
group by customer.customer_key, customer.customer_id, customer.first_name, customer.last_name
