{# The incremental step itself: the batch goes to a temporary table, columns are reconciled, the strategy's SQL runs. #}
{% macro karat__bring_in_new_rows(existing, target_relation, strategy_sql) %}
  {% set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') %}
  {% set batch = make_temp_relation(target_relation) %}
  {% do adapter.dispatch('karat__create_batch', 'dbt')(batch) %}
  {% if adapter.dispatch('karat__merges_batch', 'dbt')() %}
    {% do karat__refuse_bad_keys(batch, config.get('unique_key'), false, 'the batch to be merged') %}
  {% endif %}
  {% set contract = config.get('contract') %}
  {% if not contract or not contract.enforced %}
    {% do adapter.expand_target_column_types(from_relation=batch, to_relation=target_relation) %}
  {% endif %}
  {% set columns = process_schema_changes(on_schema_change, batch, existing)
      or adapter.get_columns_in_relation(existing) %}
  {% do karat__run_main(strategy_sql({
      'target_relation': target_relation,
      'temp_relation': batch,
      'unique_key': config.get('unique_key'),
      'dest_columns': columns,
      'incremental_predicates': config.get('predicates', none) or config.get('incremental_predicates', none)
  })) %}
  {% call statement('drop_batch') %}
    drop table if exists {{ batch }}
  {% endcall %}
{% endmacro %}

{# Does the strategy join the batch to the table by keys, where a key that is there twice makes rows by chance? #}
{% macro default__karat__merges_batch() %}
  {% do return(config.get('incremental_strategy') == 'merge') %}
{% endmacro %}

{% macro default__karat__create_batch(batch) %}
  {% call statement('create_batch') %}
    {{ get_create_table_as_sql(True, batch, sql) }}
  {% endcall %}
{% endmacro %}
