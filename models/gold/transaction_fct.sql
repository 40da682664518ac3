{{ config(materialized='incremental', incremental_strategy='merge', unique_key='transaction_key') }}

-- One row for each transaction whose quantity is known, with its amounts.
select
    transaction_key,
    transaction_id,
    transaction_date,
    customer_key,
    product_key,
    location_key,
    quantity,
    price,
    tax,
    cast(quantity * price as numeric(14, 2)) as net_amount,
    cast(quantity * price + tax as numeric(14, 2)) as total_amount,
    load_timestamp
from {{ ref('transaction') }}
where quantity is not null and {{ only_newer() }}
