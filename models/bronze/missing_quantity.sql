{{ config(materialized='incremental', incremental_strategy='merge', unique_key='transaction_id') }}

-- The rows that came without a quantity, kept for whoever must ask the desk.
with numbered as (

    select *, {{ newest_first() }} as place
    from {{ ref('raw_transaction') }}
    where {{ clean_text('quantity') }} is null

)

select {{ delivery_columns() | join(', ') }}
from numbered
where place = 1 and {{ only_newer() }}
