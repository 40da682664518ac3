-- Rows of the fact table whose amounts do not follow from quantity, price and tax.
select transaction_id, quantity, price, tax, net_amount, total_amount
from {{ ref('transaction_fct') }}
where net_amount <> quantity * price
   or total_amount <> net_amount + tax
