{# The present moment; for snapshots by the clock of the session's default time zone, whatever it is set to now. #}
{% macro postgres__current_timestamp() -%}
    now()
{%- endmacro %}

{% macro postgres__snapshot_get_time() -%}
  ({{ current_timestamp() }} at time zone (select reset_val from pg_catalog.pg_settings where name = 'TimeZone'))
{%- endmacro %}

{% macro postgres__snapshot_string_as_time(timestamp) -%}
  {%- do return(adapter.literal(timestamp) ~ '::timestamp without time zone') -%}
{%- endmacro %}

{% macro postgres__current_timestamp_backcompat() -%}
    current_timestamp::{{ type_timestamp() }}
{%- endmacro %}

{% macro postgres__current_timestamp_in_utc_backcompat() -%}
    (current_timestamp at time zone 'utc')::{{ type_timestamp() }}
{%- endmacro %}
