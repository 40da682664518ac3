{# Rows that are new or changed. #}
{% macro karat__snapshot_insertions(strategy, names) -%}
    insertions as (
        select
            'insert' as dbt_change_type,
            {{ adapter.dispatch('karat__new_state_columns', 'dbt')(names) }}
            {%- if strategy.hard_deletes == 'new_record' %},
            'False' as {{ names.dbt_is_deleted }}
            {%- endif %}
        from insertions_source_data as source_data
        left outer join snapshotted_data
            on {{ unique_key_join_on(strategy.unique_key, 'snapshotted_data', 'source_data') }}
        where {{ unique_key_is_null(strategy.unique_key, 'snapshotted_data') }}
            or ({{ unique_key_is_not_null(strategy.unique_key, 'snapshotted_data') }}
                and ({{ karat__state_changed(strategy, names) }}))
    )
{%- endmacro %}

{% macro karat__snapshot_updates(strategy, names) -%}
    updates as (
        select
            'update' as dbt_change_type,
            source_data.*,
            snapshotted_data.{{ names.dbt_scd_id }}
            {%- if strategy.hard_deletes == 'new_record' %},
            snapshotted_data.{{ names.dbt_is_deleted }}
            {%- endif %}
        from updates_source_data as source_data
        join snapshotted_data
            on {{ unique_key_join_on(strategy.unique_key, 'snapshotted_data', 'source_data') }}
        where ({{ karat__state_changed(strategy, names) }})
    )
{%- endmacro %}

{# The columns of a state that begins. #}
{% macro default__karat__new_state_columns(names) %}source_data.*{% endmacro %}

{# A row that comes back after it was deleted is a changed row too. #}
{% macro karat__state_changed(strategy, names) -%}
  {{ strategy.row_changed }}
  {%- if strategy.hard_deletes == 'new_record' %} or snapshotted_data.{{ names.dbt_is_deleted }} = 'True'{% endif %}
{%- endmacro %}
