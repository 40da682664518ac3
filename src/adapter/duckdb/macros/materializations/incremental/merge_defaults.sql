{# The clauses that the short configs stand for. #}
{% macro merge_clause_defaults(merge_update_condition, merge_insert_condition, merge_update_columns=[], merge_exclude_columns=[], merge_update_set_expressions={}) -%}
  {%- do return({
      'when_matched_update_by_name': {
          'action': 'update', 'condition': merge_update_condition, 'mode': 'by_name'},
      'when_not_matched_insert_by_name': {
          'action': 'insert', 'condition': merge_insert_condition, 'mode': 'by_name'},
      'when_matched_update_explicit': {
          'action': 'update', 'condition': merge_update_condition, 'mode': 'explicit',
          'update': {
              'include': merge_update_columns,
              'exclude': merge_exclude_columns,
              'set_expressions': merge_update_set_expressions
          }}
  }) -%}
{%- endmacro %}

{% macro duckdb__merge_defaults() %}
  {% do return(merge_clause_defaults(
      config.get('merge_update_condition'),
      config.get('merge_insert_condition'),
      config.get('merge_update_columns') or [],
      config.get('merge_exclude_columns') or [],
      config.get('merge_update_set_expressions') or {})) %}
{% endmacro %}

{% macro duckdb__default_matched() %}
  {% set explicit = config.get('merge_update_columns') or config.get('merge_exclude_columns')
      or config.get('merge_update_set_expressions') %}
  {% do return([duckdb__merge_defaults()['when_matched_update_' ~ ('explicit' if explicit else 'by_name')]]) %}
{% endmacro %}

{% macro duckdb__default_not_matched() %}
  {% do return([duckdb__merge_defaults()['when_not_matched_insert_by_name']]) %}
{% endmacro %}
