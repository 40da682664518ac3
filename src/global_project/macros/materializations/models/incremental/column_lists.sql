{# Lists of columns and what differs between two of them. #}
{% macro get_quoted_csv(column_names) %}
  {% set quoted = [] %}
  {% for name in column_names %}
    {% do quoted.append(adapter.quote(name)) %}
  {% endfor %}
  {% do return(quoted | join(', ')) %}
{% endmacro %}

{% macro diff_columns(source_columns, target_columns) %}
  {% set known = target_columns | map(attribute='column') | list %}
  {% do return(source_columns | rejectattr('name', 'in', known) | list) %}
{% endmacro %}

{% macro diff_column_data_types(source_columns, target_columns) %}
  {% do return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) %}
{% endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) %}
  {% set changed = [] %}
  {% for new in source_columns %}
    {% set old = target_columns | selectattr('name', 'equalto', new.name) | first %}
    {% if old and new.expanded_data_type != old.expanded_data_type and not new.can_expand_to(other_column=old) %}
      {% do changed.append({'column_name': old.name, 'new_type': new.expanded_data_type}) %}
    {% endif %}
  {% endfor %}
  {% do return(changed) %}
{% endmacro %}

{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
  {% do return(adapter.dispatch('get_merge_update_columns', 'dbt')(
      merge_update_columns, merge_exclude_columns, dest_columns)) %}
{% endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
  {% if merge_update_columns and merge_exclude_columns %}
    {% do exceptions.raise_compiler_error('Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config') %}
  {% elif merge_update_columns %}
    {% do return(merge_update_columns) %}
  {% endif %}
  {% set left_out = (merge_exclude_columns or []) | map('lower') | list %}
  {% set columns = [] %}
  {% for column in dest_columns if column.column | lower not in left_out %}
    {% do columns.append(column.quoted) %}
  {% endfor %}
  {% do return(columns) %}
{% endmacro %}
