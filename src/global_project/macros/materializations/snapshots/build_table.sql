{# The first states, the columns added later, and what follows the merge. #}
{% macro build_snapshot_table(strategy, sql) -%}
  {%- do return(adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql)) -%}
{%- endmacro %}

{% macro default__build_snapshot_table(strategy, sql) %}
  {%- set names = karat__snapshot_names() %}
    select *,
        {{ strategy.scd_id }} as {{ names.dbt_scd_id }},
        {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
        {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
        {{ get_dbt_valid_to_current(strategy, names) }}
        {%- if strategy.hard_deletes == 'new_record' %},
        'False' as {{ names.dbt_is_deleted }}
        {%- endif %}
    from (
        {{ sql }}
    ) sbq
{% endmacro %}

{% macro create_columns(relation, columns) %}
  {% do adapter.dispatch('create_columns', 'dbt')(relation, columns) %}
{% endmacro %}

{% macro default__create_columns(relation, columns) %}
  {% for column in columns %}
    {% call statement() %}
      alter table {{ relation.render() }} add column {{ adapter.quote(column.name) }} {{ column.expanded_data_type }};
    {% endcall %}
  {% endfor %}
{% endmacro %}

{% macro post_snapshot(staging_relation) %}
  {% do adapter.dispatch('post_snapshot', 'dbt')(staging_relation) %}
{% endmacro %}

{% macro default__post_snapshot(staging_relation) %}
{% endmacro %}
