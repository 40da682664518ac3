{# The steps of the materialized view, each open to a project's own. #}
{% macro materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) %}
  {% do karat__drop_leftovers([backup_relation, intermediate_relation]) %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
{% endmacro %}

{% macro materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) %}
  {% do karat__drop_leftovers([backup_relation, intermediate_relation]) %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
{% endmacro %}

{% macro materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) %}
  {% if existing_relation is none %}
    {% do return(get_create_materialized_view_as_sql(target_relation, sql)) %}
  {% elif should_full_refresh() or not existing_relation.is_materialized_view %}
    {% do return(get_replace_sql(existing_relation, target_relation, sql)) %}
  {% endif %}
  {% set changes = get_materialized_view_configuration_changes(existing_relation, config) %}
  {% set wanted = config.get('on_configuration_change') | string %}
  {% set found = 'Configuration changes were identified and `on_configuration_change` was set to `' ~ wanted ~ '` for `' ~ target_relation.render() ~ '`' %}
  {% if changes is none %}
    {% do return(refresh_materialized_view(target_relation)) %}
  {% elif wanted == 'apply' %}
    {% do return(get_alter_materialized_view_as_sql(
        target_relation, changes, sql, existing_relation, backup_relation, intermediate_relation)) %}
  {% elif wanted == 'continue' %}
    {% do exceptions.warn(found) %}
    {% do return('') %}
  {% elif wanted == 'fail' %}
    {% do exceptions.raise_fail_fast_error(found) %}
  {% endif %}
  {% do exceptions.raise_compiler_error('Unexpected configuration scenario') %}
{% endmacro %}

{% macro materialized_view_execute_no_op(target_relation) %}
  {% do store_raw_result(name='main', message='skip ' ~ target_relation, code='skip', rows_affected='-1') %}
{% endmacro %}

{% macro materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% do karat__run_main(build_sql) %}
  {% do karat__finish_materialized_view(existing_relation, target_relation) %}
{% endmacro %}
