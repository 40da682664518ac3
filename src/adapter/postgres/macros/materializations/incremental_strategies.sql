{# Strategies where PostgreSQL has an opinion of its own. #}
{% macro postgres__get_incremental_default_sql(arg_dict) %}
  {% do return(get_incremental_delete_insert_sql(arg_dict) if arg_dict['unique_key']
      else get_incremental_append_sql(arg_dict)) %}
{% endmacro %}

{% macro postgres__get_incremental_microbatch_sql(arg_dict) %}
  {% if not arg_dict['unique_key'] %}
    {% do exceptions.raise_compiler_error("dbt-postgres 'microbatch' requires a `unique_key` config") %}
  {% endif %}
  {% do return(get_incremental_merge_sql(arg_dict)) %}
{% endmacro %}

{# Batches by time are merged, too. #}
{% macro postgres__karat__merges_batch() %}
  {% do return(config.get('incremental_strategy') in ['merge', 'microbatch']) %}
{% endmacro %}
