{# A changed configuration: indexes are dropped and created, anything else replaces the relation. #}
{% macro postgres__get_materialized_view_configuration_changes(existing_relation, new_config) %}
  {% do return(existing_relation.get_materialized_view_config_change_collection(
      postgres__describe_materialized_view(existing_relation), new_config.model)) %}
{% endmacro %}

{% macro postgres__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) %}
  {% if configuration_changes.requires_full_refresh %}
    {{ get_replace_sql(existing_relation, relation, sql) }}
  {% else %}
    {{ postgres__update_indexes_on_materialized_view(relation, configuration_changes.indexes) }}
  {% endif %}
{% endmacro %}

{%- macro postgres__update_indexes_on_materialized_view(relation, index_changes) -%}
  {%- do log('Applying UPDATE INDEXES to: ' ~ relation) -%}
  {%- if index_changes | selectattr('action', 'equalto', 'drop') | list %}
  do {{ adapter.literal(postgres__lock_briefly_block(relation, [postgres__keep_readers_out_sql(relation)])) }};
  {%- endif %}
  {%- for change in index_changes -%}
    {%- if change.action == 'drop' -%}
      {{ get_drop_index_sql(relation, change.context.name) }}
    {%- elif change.action == 'create' -%}
      {{ get_create_index_sql(relation, change.context.as_node_config) }}
    {%- endif -%}
    {{ ';' if not loop.last }}
  {% endfor %}
{%- endmacro %}
