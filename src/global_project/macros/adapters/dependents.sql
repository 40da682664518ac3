{# What other objects hang on a relation that is about to be replaced. Engines which bind views by name have none. #}
{% macro karat__release_dependents(relation) %}
  {% do return(adapter.dispatch('karat__release_dependents', 'dbt')(relation)) %}
{% endmacro %}

{% macro default__karat__release_dependents(relation) %}
  {% do return([]) %}
{% endmacro %}

{% macro karat__restore_dependents(dependents) %}
  {% do adapter.dispatch('karat__restore_dependents', 'dbt')(dependents) %}
{% endmacro %}

{% macro default__karat__restore_dependents(dependents) %}
{% endmacro %}

{# The labels of those dependents which this very run builds anew after the current node. #}
{% macro karat__rebuilt_dependents(dependents) %}
  {% set labels = [] %}
  {% for dependent in dependents if dependent.schema and adapter.built_later(dependent.schema, dependent.identifier) %}
    {% do labels.append(dependent.label) %}
  {% endfor %}
  {% do return(labels) %}
{% endmacro %}
