{# The old relation steps aside, with what depends on it, in one short try after another; the new one takes its name; what depends on it is set upon the new one. #}
{% macro postgres__karat__swap_relations(existing, intermediate, target, backup) %}
  {% if existing is none %}
    {% do adapter.rename_relation(intermediate, target) %}
    {% do return(none) %}
  {% endif %}
  {% set dependents = postgres__find_dependents(existing) %}
  {% set steps = dependents | reverse | map(attribute='drop') | select | list %}
  {% do steps.append('alter table ' ~ existing.render() ~ ' rename to ' ~ adapter.quote_as_configured(backup.identifier, 'identifier')) %}
  {% do karat__lock_briefly('step_aside', existing, steps) %}
  {% do adapter.cache_renamed(existing, backup) %}
  {% do adapter.rename_relation(intermediate, target) %}
  {% do karat__drop_backup(backup) %}
  {% do karat__restore_dependents(dependents) %}
{% endmacro %}

{# A view that another session set upon the old relation a moment ago was not among those that stepped aside: the node is begun again (40001). #}
{% macro postgres__karat__drop_backup(backup) %}
  {% set drop = 'drop ' ~ (backup.type | string).replace('_', ' ') ~ ' if exists ' ~ backup.render()
      ~ (' cascade' if postgres__lets_dependents_go() else '') %}
  {% call statement('drop_backup') -%}
do {{ adapter.literal(postgres__drop_backup_block(drop)) }}
  {%- endcall %}
  {% do adapter.cache_dropped(backup) %}
{% endmacro %}

{% macro postgres__drop_backup_block(drop) -%}
declare
  what text;
begin
  execute {{ adapter.literal(drop) }};
exception when dependent_objects_still_exist then
  get stacked diagnostics what = pg_exception_detail;
  raise exception '%', sqlerrm using errcode = 'serialization_failure', detail = what;
end
{%- endmacro %}
