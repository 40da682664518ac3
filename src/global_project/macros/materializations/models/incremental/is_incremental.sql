{# True while a model that exists as a table is being added to, false while it is made whole. #}
{% macro is_incremental() %}
  {% if not execute %}
    {% do return(False) %}
  {% endif %}
  {% set relation = load_cached_relation(this) %}
  {% do return(relation is not none
      and relation.type == 'table'
      and model.config.materialized == 'incremental'
      and not should_full_refresh()) %}
{% endmacro %}
