-- One row for each customer, as last seen, and one unknown customer.
with numbered as (

    select
        *,
        row_number() over (
            partition by customer_key
            order by load_timestamp desc, transaction_date desc, transaction_id desc
        ) as place
    from {{ ref('transaction') }}

)

select
    customer_key,
    coalesce(customer_id, 'unknown') as customer_id,
    case when customer_id is null then 'Unknown' else customer_first_name end as first_name,
    case when customer_id is null then 'Unknown' else customer_last_name end as last_name,
    case when customer_id is not null then customer_email end as email,
    case when customer_id is not null then customer_phone end as phone,
    case when customer_id is not null then location_key end as location_key
from numbered
where place = 1
