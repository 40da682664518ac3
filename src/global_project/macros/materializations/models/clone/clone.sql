{# A clone of a relation from another environment: a table where the engine can copy one for nothing, else a view on it. #}
{%- materialization clone, default -%}
  {%- if not defer_relation -%}
    {%- do log('No relation found in state manifest for ' ~ model.unique_id, info=True) -%}
    {%- do return({'relations': []}) -%}
  {%- endif -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- if existing and not flags.FULL_REFRESH -%}
    {%- do log('Relation ' ~ existing ~ ' already exists', info=True) -%}
    {%- do return({'relations': []}) -%}
  {%- endif -%}
  {#- a view on itself would take the place of the rows -#}
  {%- if existing and this.render() | lower == defer_relation.render() | lower -%}
    {%- do log('Relation ' ~ this ~ ' is the one to be cloned: it is left as it is', info=True) -%}
    {%- do return({'relations': [existing]}) -%}
  {%- endif -%}
  {%- set other = load_cached_relation(defer_relation) -%}
  {%- if other and other.type == 'table' and can_clone_table() -%}
    {%- do return({'relations': [karat__clone_table(existing)]}) -%}
  {%- endif -%}
  {%- set own = 'materialization_view_' ~ adapter.type() -%}
  {%- set view = context[own if own in context else 'materialization_view_default'] -%}
  {%- do return(view()) -%}
{%- endmaterialization -%}

{% macro karat__clone_table(existing) %}
  {% set target_relation = this.incorporate(type='table') %}
  {% if existing is not none and not existing.is_table %}
    {% do log('Dropping relation ' ~ existing.render() ~ ' because it is of type ' ~ existing.type) %}
    {% do drop_relation_if_exists(existing) %}
  {% endif %}
  {% if target_relation.render() == defer_relation.render() %}
    {% do log('Target relation and defer relation are the same, skipping clone for relation: ' ~ target_relation.render()) %}
  {% else %}
    {% do karat__run_main(create_or_replace_clone(target_relation, defer_relation)) %}
  {% endif %}
  {% do karat__describe_relation(target_relation, should_revoke(existing, full_refresh_mode=True)) %}
  {% do return(target_relation) %}
{% endmacro %}
