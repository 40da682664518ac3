{# Finds the differences between batch and table, and applies them to the table. #}
{% macro check_for_schema_changes(source_relation, target_relation) %}
  {% do return(adapter.dispatch('check_for_schema_changes', 'dbt')(source_relation, target_relation)) %}
{% endmacro %}

{% macro default__check_for_schema_changes(source_relation, target_relation) %}
  {% set new = adapter.get_columns_in_relation(source_relation) %}
  {% set old = adapter.get_columns_in_relation(target_relation) %}
  {% set added = diff_columns(new, old) %}
  {% set removed = diff_columns(old, new) %}
  {% set retyped = diff_column_data_types(new, old) %}
  {% set changed = (added | length + removed | length + retyped | length) > 0 %}
  {% do log('In ' ~ target_relation ~ ': schema changed: ' ~ changed ~ '; added: ' ~ added
      ~ '; removed: ' ~ removed ~ '; new types: ' ~ retyped) %}
  {% do return({
      'schema_changed': changed,
      'source_not_in_target': added,
      'target_not_in_source': removed,
      'source_columns': new,
      'target_columns': old,
      'new_target_types': retyped
  }) %}
{% endmacro %}

{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {% do return(adapter.dispatch('sync_column_schemas', 'dbt')(on_schema_change, target_relation, schema_changes_dict)) %}
{% endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {% set everything = on_schema_change == 'sync_all_columns' %}
  {% set added = schema_changes_dict['source_not_in_target'] %}
  {% set removed = schema_changes_dict['target_not_in_source'] if everything else [] %}
  {% set retyped = schema_changes_dict['new_target_types'] if everything else [] %}
  {% if added or removed %}
    {% do alter_relation_add_remove_columns(target_relation, added, removed or none) %}
  {% endif %}
  {% for change in retyped %}
    {% do alter_column_type(target_relation, change['column_name'], change['new_type']) %}
  {% endfor %}
  {% do log('In ' ~ target_relation ~ ': ' ~ on_schema_change ~ '; added: ' ~ added
      ~ '; removed: ' ~ removed ~ '; new types: ' ~ retyped) %}
{% endmacro %}
