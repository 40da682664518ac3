{# The old relation goes, with what depends on it, and the new one takes its name, in one short try after another; what depends on it is set upon the new one. #}
{% macro postgres__karat__swap_relations(existing, intermediate, target, backup) %}
  {% if existing is none %}
    {% do adapter.rename_relation(intermediate, target) %}
    {% do return(none) %}
  {% endif %}
  {% set dependents = postgres__find_dependents(existing) %}
  {% set steps = dependents | reverse | map(attribute='drop') | select | list %}
  {% do steps.append(postgres__drop_old_sql(existing)) %}
  {% do steps.append('alter table ' ~ intermediate.render() ~ ' rename to ' ~ adapter.quote_as_configured(target.identifier, 'identifier')) %}
  {% do karat__lock_briefly('swap', existing, steps + postgres__lasting_names(target)) %}
  {% do adapter.cache_dropped(existing) %}
  {% do adapter.cache_renamed(intermediate, target) %}
  {% do karat__restore_dependents(dependents) %}
{% endmacro %}

{% macro postgres__drop_old_sql(relation) -%}
  drop {{ (relation.type | string).replace('_', ' ') }} {{ relation.render() }}
  {{- ' cascade' if postgres__lets_dependents_go() }}
{%- endmacro %}
