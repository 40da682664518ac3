{# The names of the snapshot's own columns, and the small expressions on them. #}
{% macro get_snapshot_table_column_names() %}
  {% do return({
      'dbt_valid_to': 'dbt_valid_to',
      'dbt_valid_from': 'dbt_valid_from',
      'dbt_scd_id': 'dbt_scd_id',
      'dbt_updated_at': 'dbt_updated_at',
      'dbt_is_deleted': 'dbt_is_deleted'
  }) %}
{% endmacro %}

{% macro karat__snapshot_names() %}
  {% do return(config.get('snapshot_table_column_names') or get_snapshot_table_column_names()) %}
{% endmacro %}

{% macro snapshot_hash_arguments(args) -%}
  {%- do return(adapter.dispatch('snapshot_hash_arguments', 'dbt')(args)) -%}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
  md5(
  {%- for arg in args -%}
    coalesce(cast({{ arg }} as varchar ), ''){{ " || '|' || " if not loop.last }}
  {%- endfor -%}
  )
{%- endmacro %}

{% macro snapshot_string_as_time(timestamp) -%}
  {%- do return(adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp)) -%}
{%- endmacro %}

{% macro default__snapshot_string_as_time(timestamp) %}
  {% do exceptions.raise_not_implemented('snapshot_string_as_time macro not implemented for adapter ' ~ adapter.type()) %}
{% endmacro %}

{% macro get_true_sql() %}
  {% do return(adapter.dispatch('get_true_sql', 'dbt')()) %}
{% endmacro %}

{% macro default__get_true_sql() %}
  {% do return('TRUE') %}
{% endmacro %}

{# The end of a state that is still valid: null, or the date that the project puts there. #}
{% macro get_dbt_valid_to_current(strategy, columns) -%}
  coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }})
  as {{ columns.dbt_valid_to }}
{%- endmacro %}

{# The condition that a state of the snapshot is still valid. #}
{% macro karat__is_current(valid_to) -%}
  {%- set far_end = config.get('dbt_valid_to_current') -%}
  {%- if far_end -%}
    ( {{ equals(valid_to, far_end | trim) }} or {{ valid_to }} is null )
  {%- else -%}
    {{ valid_to }} is null
  {%- endif -%}
{%- endmacro %}
