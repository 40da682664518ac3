{# A view: built beside the old relation, then published in the same transaction. #}
{% materialization view, default %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set intermediate = make_intermediate_relation(target_relation) -%}
  {%- set backup = make_backup_relation(target_relation, existing.type if existing else 'view') -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {%- do karat__drop_leftovers([intermediate, backup]) -%}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% set in_place = karat__replace_view_in_place(existing, target_relation) %}
  {% if not in_place %}
    {% call statement('main') -%}
      {{ get_create_view_as_sql(intermediate, sql) }}
    {%- endcall %}
    {% do karat__publish_relation(existing, intermediate, target_relation, backup) %}
  {% endif %}

  {% set revoke = in_place or should_revoke(existing, full_refresh_mode=True) %}
  {% do karat__describe_relation(target_relation, revoke) %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}
