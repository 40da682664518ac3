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
  {% for dependent in dependents %}
    {% for node in graph.nodes.values()
        if node.unique_id in selected_resources
        and node.resource_type in ['model', 'snapshot']
        and node.schema == dependent.schema
        and node.alias == dependent.identifier
        and karat__comes_after(node, model.unique_id) %}
      {% do labels.append(dependent.label) %}
    {% endfor %}
  {% endfor %}
  {% do return(labels) %}
{% endmacro %}

{# Whether a node is built after another one: any path of the graph leads from the other to it. #}
{% macro karat__comes_after(node, unique_id, seen=none) %}
  {% set seen = {} if seen is none else seen %}
  {% if unique_id in node.depends_on.nodes %}
    {% do return(true) %}
  {% endif %}
  {% for id in node.depends_on.nodes if id in graph.nodes and id not in seen %}
    {% do seen.update({id: true}) %}
    {% if karat__comes_after(graph.nodes[id], unique_id, seen) %}
      {% do return(true) %}
    {% endif %}
  {% endfor %}
  {% do return(false) %}
{% endmacro %}
