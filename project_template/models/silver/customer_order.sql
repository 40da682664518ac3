select
    order_id,
    ordered_on,
    {{ clean_text('customer') }} as customer,
    quantity,
    cast(quantity * price as numeric(14, 2)) as amount
from {{ ref('raw_order') }}
