{# The columns of a delivery, as the export names them. #}
{% macro delivery_columns() -%}
    {{ return([
        'transaction_id', 'customer_id', 'transaction_date', 'product_id', 'product_name', 'quantity',
        'price', 'tax', 'customer_first_name', 'customer_last_name', 'customer_email',
        'customer_phone', 'customer_country', 'customer_city', 'load_timestamp',
    ]) }}
{%- endmacro %}

{# Numbers the rows of one transaction, the newest first; a hash of the whole row settles ties, so
   that every engine keeps the same one. #}
{% macro newest_first() -%}
    row_number() over (
        partition by transaction_id
        order by load_timestamp desc, {{ surrogate_key(delivery_columns()) }}
    )
{%- endmacro %}

{# In an incremental run: only what came after the newest row that the table already has. #}
{% macro only_newer() -%}
    {% if is_incremental() -%}
    load_timestamp > (
        select coalesce(max(load_timestamp), cast('1900-01-01' as timestamp)) from {{ this }}
    )
    {%- else -%}
    true
    {%- endif %}
{%- endmacro %}
