{# A table: built beside the old one, then published in the same transaction. #}
{% materialization table, default, supported_languages=['sql'] %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set intermediate = make_intermediate_relation(target_relation) -%}
  {%- set backup = make_backup_relation(target_relation, existing.type if existing else 'table') -%}
  {%- do karat__drop_leftovers([intermediate, backup]) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% call statement('main') -%}
    {{ get_create_table_as_sql(False, intermediate, sql) }}
  {%- endcall %}
  {% do karat__publish_relation(existing, intermediate, target_relation, backup) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do karat__describe_relation(target_relation, should_revoke(existing, full_refresh_mode=True)) %}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}
