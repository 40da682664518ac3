{# An incremental table from SQL or Python: made whole the first time or on a full refresh, else the new rows are brought in by a strategy. #}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set intermediate = make_intermediate_relation(target_relation) -%}
  {%- set backup = make_backup_relation(target_relation, existing.type if existing else 'table') -%}
  {%- set rebuild = should_full_refresh() or (existing is not none and not existing.is_table) -%}
  {%- set strategy = config.get('incremental_strategy') or 'default' -%}
  {%- set strategy_sql = adapter.get_incremental_strategy_macro(context, strategy) -%}
  {%- do karat__drop_leftovers([intermediate, backup]) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% if existing is none %}
    {% do duckdb__build('main', False, target_relation) %}
    {% do create_indexes(target_relation) %}
  {% elif rebuild %}
    {% do duckdb__replace_table(existing, intermediate, target_relation, backup) %}
  {% else %}
    {% do karat__bring_in_new_rows(existing, target_relation, strategy_sql) %}
  {% endif %}

  {% do karat__describe_relation(target_relation, should_revoke(existing, rebuild)) %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}

{% macro duckdb__karat__create_batch(batch) %}
  {% do duckdb__build('create_batch', True, batch) %}
{% endmacro %}
