{# SQL that puts a new relation where another stands, by the gentlest way that both kinds allow. #}
{% macro get_replace_sql(existing_relation, target_relation, sql) %}
  {%- do log('Applying REPLACE to: ' ~ existing_relation) -%}
  {%- do return(adapter.dispatch('get_replace_sql', 'dbt')(existing_relation, target_relation, sql)) -%}
{% endmacro %}

{% macro default__get_replace_sql(existing_relation, target_relation, sql) %}
  {% set in_place = existing_relation.type == target_relation.type and existing_relation.can_be_replaced %}
  {% if in_place and existing_relation.is_view %}
    {{ get_replace_view_sql(target_relation, sql) }}
  {% elif in_place and existing_relation.is_table %}
    {{ get_replace_table_sql(target_relation, sql) }}
  {% elif in_place and existing_relation.is_materialized_view %}
    {{ get_replace_materialized_view_sql(target_relation, sql) }}
  {% else %}
    {{ karat__replace_by_moving(existing_relation, target_relation, sql) }}
  {% endif %}
{% endmacro %}

{% macro karat__replace_by_moving(existing_relation, target_relation, sql) %}
  {% if target_relation.can_be_renamed %}
    {{ get_create_intermediate_sql(target_relation, sql) }};
    {{ get_create_backup_sql(existing_relation) if existing_relation.can_be_renamed else get_drop_sql(existing_relation) }};
    {{ get_rename_intermediate_sql(target_relation) }}
    {%- if existing_relation.can_be_renamed %};
    {{ get_drop_backup_sql(existing_relation) }}
    {%- endif %}
  {% elif existing_relation.can_be_renamed %}
    {{ get_create_backup_sql(existing_relation) }};
    {{ get_create_sql(target_relation, sql) }};
    {{ get_drop_backup_sql(existing_relation) }}
  {% else %}
    {{ get_drop_sql(existing_relation) }};
    {{ get_create_sql(target_relation, sql) }}
  {% endif %}
{% endmacro %}
