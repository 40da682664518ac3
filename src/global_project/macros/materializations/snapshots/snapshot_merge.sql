{# The staged states brought into the snapshot: old ones end, never before they began, and new ones are inserted. #}
{% macro snapshot_merge_sql(target, source, insert_cols) -%}
  {%- do return(adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols)) -%}
{%- endmacro %}

{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set names = karat__snapshot_names() -%}
  {%- set columns = insert_cols | join(', ') -%}
    merge into {{ target.render() }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    on DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ names.dbt_scd_id }}

    when matched
        and {{ karat__is_current('DBT_INTERNAL_DEST.' ~ names.dbt_valid_to) }}
        and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
        then update
        set {{ names.dbt_valid_to }} = greatest(DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}, DBT_INTERNAL_DEST.{{ names.dbt_valid_from }})

    when not matched
        and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
        then insert ({{ columns }})
        values ({{ columns }})
{%- endmacro %}

{# The same as an update and an insert, for engines without a merge or with an older one. #}
{% macro karat__snapshot_update_and_insert(target, alias, source, insert_cols) -%}
  {%- set names = karat__snapshot_names() -%}
  {%- set valid_to = alias ~ '.' ~ names.dbt_valid_to -%}
  {%- set far_end = config.get('dbt_valid_to_current') -%}
    update {{ target }}{{ ' as ' ~ alias if alias != target | string }}
    set {{ names.dbt_valid_to }} = greatest(DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}, {{ alias }}.{{ names.dbt_valid_from }})
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }}::text = {{ alias }}.{{ names.dbt_scd_id }}::text
      and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text)
      {%- if far_end %}
      and ({{ valid_to }} = {{ far_end }} or {{ valid_to }} is null);
      {%- else %}
      and {{ valid_to }} is null;
      {%- endif %}

    insert into {{ target }} ({{ insert_cols | join(', ') }})
    select {% for column in insert_cols -%}
      DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor %}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text;
{%- endmacro %}
