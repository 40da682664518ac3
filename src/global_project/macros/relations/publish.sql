{# A finished intermediate relation takes the target's name and the old relation goes, all in the open transaction. #}
{% macro karat__publish_relation(existing, intermediate, target, backup) %}
  {% do adapter.dispatch('karat__publish_relation', 'dbt')(existing, intermediate, target, backup) %}
{% endmacro %}

{% macro default__karat__publish_relation(existing, intermediate, target, backup) %}
  {% if target.is_table %}
    {% do create_indexes(intermediate) %}
  {% endif %}
  {% do karat__swap_relations(existing, intermediate, target, backup) %}
{% endmacro %}

{% macro karat__swap_relations(existing, intermediate, target, backup) %}
  {% do adapter.dispatch('karat__swap_relations', 'dbt')(existing, intermediate, target, backup) %}
{% endmacro %}

{% macro default__karat__swap_relations(existing, intermediate, target, backup) %}
  {% if existing is none %}
    {% do adapter.rename_relation(intermediate, target) %}
    {% do return(none) %}
  {% endif %}
  {% set dependents = karat__release_dependents(existing) %}
  {% do adapter.rename_relation(existing, backup) %}
  {% do adapter.rename_relation(intermediate, target) %}
  {% do karat__drop_backup(backup) %}
  {% do karat__restore_dependents(dependents) %}
{% endmacro %}

{# Replaces an old view in place, if the engine can, its grants with it; returns whether it did. #}
{% macro karat__replace_view_in_place(existing, target) %}
  {% do return(adapter.dispatch('karat__replace_view_in_place', 'dbt')(existing, target)) %}
{% endmacro %}

{% macro default__karat__replace_view_in_place(existing, target) %}
  {% do return(false) %}
{% endmacro %}
