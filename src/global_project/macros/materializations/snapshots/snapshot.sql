{# A snapshot: every state that a row had, with the time it was valid. New states are staged first, then merged. #}
{% materialization snapshot, default %}
  {%- set found, target_relation = get_or_create_relation(
      database=model.database, schema=model.schema,
      identifier=model.get('alias', model.get('name')), type='table') -%}
  {%- if not target_relation.is_table -%}
    {%- do exceptions.relation_wrong_type(target_relation, 'table') -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {# A line of its own closes the query: its last one may be a comment. #}
  {% do karat__refuse_bad_keys('(' ~ model['compiled_code'] ~ '\n)', config.get('unique_key'), true, 'the snapshot') %}
  {% set strategy_macro = strategy_dispatch(config.get('strategy')) %}
  {% set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', model['config'], found) %}
  {% if found %}
    {% set staging = karat__stage_snapshot(strategy, target_relation) %}
    {% set main_sql = snapshot_merge_sql(
        target=target_relation, source=staging, insert_cols=karat__snapshot_columns(strategy, staging)) %}
  {% else %}
    {% set first_sql = build_snapshot_table(strategy, model['compiled_code']) %}
    {% do check_time_data_types(first_sql) %}
    {% set main_sql = create_table_as(False, target_relation, first_sql) %}
  {% endif %}
  {% do karat__run_main(main_sql) %}

  {% do karat__describe_relation(target_relation, should_revoke(found, full_refresh_mode=False)) %}
  {% if not found %}
    {% do create_indexes(target_relation) %}
  {% endif %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {% if staging is defined %}
    {% do post_snapshot(staging) %}
  {% endif %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}
