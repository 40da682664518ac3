{# Rows that the source has no more: their state ends, and where asked for a record says so. #}
{% macro karat__snapshot_deletes(strategy, names) -%}
    deletes as (
        select
            'delete' as dbt_change_type,
            source_data.*,
            {{ snapshot_get_time() }} as {{ names.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ names.dbt_updated_at }},
            {{ snapshot_get_time() }} as {{ names.dbt_valid_to }},
            snapshotted_data.{{ names.dbt_scd_id }}
            {%- if strategy.hard_deletes == 'new_record' %},
            snapshotted_data.{{ names.dbt_is_deleted }}
            {%- endif %}
        {{ karat__deleted_rows(strategy, names) }}
    )
{%- endmacro %}

{% macro karat__snapshot_deletion_records(strategy, names, source_sql, target_relation) -%}
    {%- set known = get_list_of_column_names(get_columns_in_relation(target_relation)) -%}
    deletion_records as (
        select
            'insert' as dbt_change_type,
            {%- for name in get_columns_in_query(source_sql) %}
            {{ 'snapshotted_data' if name in known else 'source_data' }}.{{ adapter.quote(name) }},
            {%- endfor %}
            {%- if strategy.unique_key is string %}
            snapshotted_data.dbt_unique_key as dbt_unique_key,
            {%- else %}
            {%- for key in strategy.unique_key %}
            snapshotted_data.{{ key }} as dbt_unique_key_{{ loop.index }},
            {%- endfor %}
            {%- endif %}
            {{ snapshot_get_time() }} as {{ names.dbt_updated_at }},
            greatest({{ snapshot_get_time() }}, snapshotted_data.{{ names.dbt_valid_from }}) as {{ names.dbt_valid_from }},
            snapshotted_data.{{ names.dbt_valid_to }} as {{ names.dbt_valid_to }},
            {{ snapshot_hash_arguments([names.dbt_scd_id, snapshot_get_time()]) }} as {{ names.dbt_scd_id }},
            'True' as {{ names.dbt_is_deleted }}
        {{ karat__deleted_rows(strategy, names) }}
    )
{%- endmacro %}

{# A row whose newest state already says that it is deleted is left alone. #}
{% macro karat__deleted_rows(strategy, names) -%}
        from snapshotted_data
        left join deletes_source_data as source_data
            on {{ unique_key_join_on(strategy.unique_key, 'snapshotted_data', 'source_data') }}
        where {{ unique_key_is_null(strategy.unique_key, 'source_data') }}
        {%- if strategy.hard_deletes == 'new_record' %}
            and not (
                snapshotted_data.{{ names.dbt_is_deleted }} = 'True'
                and {{ karat__is_current('snapshotted_data.' ~ names.dbt_valid_to) }}
            )
        {%- endif %}
{%- endmacro %}
