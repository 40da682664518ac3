{# What an engine can do to copy a table without its rows. #}
{% macro can_clone_table() %}
  {% do return(adapter.dispatch('can_clone_table', 'dbt')()) %}
{% endmacro %}

{% macro default__can_clone_table() %}
  {% do return(False) %}
{% endmacro %}

{% macro create_or_replace_clone(this_relation, defer_relation) %}
  {% do return(adapter.dispatch('create_or_replace_clone', 'dbt')(this_relation, defer_relation)) %}
{% endmacro %}

{% macro default__create_or_replace_clone(this_relation, defer_relation) %}
  create or replace table {{ this_relation.render() }} clone {{ defer_relation.render() }}
{% endmacro %}
