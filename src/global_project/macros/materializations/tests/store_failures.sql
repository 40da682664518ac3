{# The failing rows as a table or view of their own, put in the place of those of the last run. #}
{% macro karat__store_failures(failing, header) %}
  {% set kind = config.get('store_failures_as') or 'table' %}
  {% if kind not in ['table', 'view'] %}
    {% do exceptions.raise_compiler_error("'" ~ kind ~ "' is not a valid value for `store_failures_as`. Accepted values are: ['ephemeral', 'table', 'view']") %}
  {% endif %}
  {% set kept = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type=kind) %}
  {% set existing = load_cached_relation(kept) %}
  {% set intermediate = make_intermediate_relation(kept) %}
  {% set backup = make_backup_relation(kept, existing.type if existing else kind) %}
  {% do karat__drop_leftovers([intermediate, backup]) %}
  {% set built = kept if existing is none else intermediate %}
  {% call statement('store_failures', auto_begin=True) %}
    {{ header if header }}
    {{ get_create_sql(built, failing) }}
  {% endcall %}
  {% if existing is not none %}
    {% do karat__swap_relations(existing, intermediate, kept, backup) %}
  {% endif %}
  {% do adapter.commit() %}
  {% do return(kept) %}
{% endmacro %}
