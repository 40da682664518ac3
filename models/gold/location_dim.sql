-- One row for each city of each country.
select distinct
    location_key,
    coalesce(customer_country, 'Unknown') as country,
    coalesce(customer_city, 'Unknown') as city
from {{ ref('transaction') }}
