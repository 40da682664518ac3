-- Every delivered row as it came.
select {{ delivery_columns() | join(', ') }}
from {{ ref('transactions') }}
{% if var('later_batch') %}
union all
select {{ delivery_columns() | join(', ') }}
from {{ ref('transactions_later') }}
{% endif %}
