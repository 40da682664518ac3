{# A materialized view: created, replaced, altered or just refreshed, as little as the configuration allows. #}
{% materialization materialized_view, default %}
  {% set existing = load_cached_relation(this) %}
  {% set target_relation = this.incorporate(type=this.MaterializedView) %}
  {% set intermediate = make_intermediate_relation(target_relation) %}
  {% set backup = make_backup_relation(target_relation, existing.type if existing else target_relation.MaterializedView) %}

  {{ materialized_view_setup(backup, intermediate, pre_hooks) }}
  {% if existing is not none and (should_full_refresh() or not existing.is_materialized_view) %}
    {% do karat__replace_materialized_view(existing, target_relation, intermediate, backup) %}
  {% else %}
    {% set build_sql = materialized_view_get_build_sql(existing, target_relation, backup, intermediate) %}
    {% if build_sql == '' %}
      {% do materialized_view_execute_no_op(target_relation) %}
    {% else %}
      {% do materialized_view_execute_build_sql(build_sql, existing, target_relation, post_hooks) %}
    {% endif %}
  {% endif %}
  {{ materialized_view_teardown(backup, intermediate, post_hooks) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}

{% macro karat__replace_materialized_view(existing, target_relation, intermediate, backup) %}
  {% do log('Applying REPLACE to: ' ~ existing) %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% do karat__run_main(get_create_sql(intermediate, sql)) %}
  {% do karat__swap_relations(existing, intermediate, target_relation, backup) %}
  {% do karat__finish_materialized_view(existing, target_relation) %}
{% endmacro %}

{% macro karat__finish_materialized_view(existing, target_relation) %}
  {% do karat__describe_relation(target_relation, should_revoke(existing, full_refresh_mode=True)) %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
{% endmacro %}
