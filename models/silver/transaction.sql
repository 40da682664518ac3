{{ config(materialized='incremental', incremental_strategy='merge', unique_key='transaction_key') }}

-- One clean row for each transaction. A run takes only what is newer than the table.
with numbered as (

    select *, {{ newest_first() }} as place
    from {{ ref('raw_transaction') }}
    where {{ only_newer() }}

),

cleaned as (

    select
        {{ clean_text('transaction_id') }} as transaction_id,
        {{ clean_text('customer_id') }} as customer_id,
        {{ clean_text('product_id') }} as product_id,
        {{ clean_date('transaction_date') }} as transaction_date,
        {{ clean_text('product_name') }} as product_name,
        cast({{ clean_text('quantity') }} as integer) as quantity,
        {{ clean_money('price') }} as price,
        coalesce({{ clean_money('tax') }}, cast(0 as numeric(12, 2))) as tax,
        {{ clean_text('customer_first_name') }} as customer_first_name,
        {{ clean_text('customer_last_name') }} as customer_last_name,
        lower({{ clean_text('customer_email') }}) as customer_email,
        {{ clean_phone('customer_phone') }} as customer_phone,
        {{ clean_country('customer_country') }} as customer_country,
        {{ clean_text('customer_city') }} as customer_city,
        load_timestamp
    from numbered
    where place = 1

)

select
    {{ surrogate_key(['transaction_id']) }} as transaction_key,
    {{ surrogate_key(['customer_id']) }} as customer_key,
    {{ surrogate_key(['product_id']) }} as product_key,
    {{ surrogate_key(['customer_country', 'customer_city']) }} as location_key,
    cleaned.*
from cleaned
