-- One row for each product, as last seen, and one unknown product.
with numbered as (

    select
        *,
        row_number() over (
            partition by product_key
            order by load_timestamp desc, transaction_date desc, transaction_id desc
        ) as place,
        min(transaction_date) over (partition by product_key) as first_sold_on,
        max(transaction_date) over (partition by product_key) as last_sold_on
    from {{ ref('transaction') }}

)

select
    product_key,
    coalesce(product_id, 'unknown') as product_id,
    case when product_id is null then 'Unknown' else product_name end as product_name,
    first_sold_on,
    last_sold_on
from numbered
where place = 1
