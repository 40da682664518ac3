{# The states to insert, the old ones to end, and what hard deletes ask for, as one query. #}
{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {%- do return(adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation)) -%}
{%- endmacro %}

{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {%- set names = karat__snapshot_names() -%}
    {%- set key_fields = unique_key_fields(strategy.unique_key) -%}
    {%- set ends = strategy.hard_deletes in ['invalidate', 'new_record'] -%}
    with snapshot_query as (
        {{ source_sql }}
    ),

    snapshotted_data as (
        select *, {{ key_fields }}
        from {{ target_relation }}
        where {{ karat__is_current(names.dbt_valid_to) }}
    ),

    insertions_source_data as (
        select *, {{ key_fields }},
            {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
            {{ get_dbt_valid_to_current(strategy, names) }},
            {{ strategy.scd_id }} as {{ names.dbt_scd_id }}
        from snapshot_query
    ),

    updates_source_data as (
        select *, {{ key_fields }},
            {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
            {{ strategy.updated_at }} as {{ names.dbt_valid_to }}
        from snapshot_query
    ),

    {% if ends -%}
    deletes_source_data as (
        select *, {{ key_fields }}
        from snapshot_query
    ),
    {%- endif %}

    {{ karat__snapshot_insertions(strategy, names) }},
    {{ karat__snapshot_updates(strategy, names) }}
    {%- if ends %},
    {{ karat__snapshot_deletes(strategy, names) }}
    {%- endif %}
    {%- if strategy.hard_deletes == 'new_record' %},
    {{ karat__snapshot_deletion_records(strategy, names, source_sql, target_relation) }}
    {%- endif %}

    select * from insertions
    union all
    select * from updates
    {%- if ends %}
    union all
    select * from deletes
    {%- endif %}
    {%- if strategy.hard_deletes == 'new_record' %}
    union all
    select * from deletion_records
    {%- endif %}
{%- endmacro %}
