{# A function of the database, made by the macro for its kind. #}
{% materialization function, default, supported_languages=['sql', 'python', 'javascript'] %}
  {% set existing = load_cached_relation(this) %}
  {% set target_relation = this.incorporate(type=this.Function) %}

  {{ run_hooks(pre_hooks) }}
  {#- the macro's name is known only now; called through a variable, which no parser takes for a literal dispatch -#}
  {% set dispatch = adapter.dispatch %}
  {% set build = dispatch(this.get_function_macro_name(this.get_function_config(model)), 'dbt') %}
  {{ function_execute_build_sql(build(target_relation), existing, target_relation) }}
  {{ run_hooks(post_hooks) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}

{% macro function_execute_build_sql(build_sql, existing_relation, target_relation) %}
  {% do return(adapter.dispatch('function_execute_build_sql', 'dbt')(build_sql, existing_relation, target_relation)) %}
{% endmacro %}

{% macro default__function_execute_build_sql(build_sql, existing_relation, target_relation) %}
  {% do karat__run_main(build_sql) %}
  {% do karat__describe_relation(target_relation, should_revoke(existing_relation, full_refresh_mode=True)) %}
  {% do adapter.commit() %}
{% endmacro %}
