{# How a changed row is known: by a column that tells its time, or by comparing columns. #}
{% macro strategy_dispatch(name) -%}
  {%- set found = namespace(package=none, name=name, macros=context) -%}
  {%- if '.' in name -%}
    {%- set found.package, found.name = name.split('.', 1) -%}
    {%- if found.package not in context -%}
      {%- do exceptions.raise_compiler_error("Could not find package '" ~ found.package ~ "', called with '" ~ name ~ "'") -%}
    {%- endif -%}
    {%- set found.macros = context[found.package] -%}
  {%- endif -%}
  {%- set wanted = 'snapshot_' ~ found.name ~ '_strategy' -%}
  {%- if wanted not in found.macros -%}
    {%- do exceptions.raise_compiler_error("The specified strategy macro '" ~ found.name ~ "' was not found in package '" ~ found.package ~ "'") -%}
  {%- endif -%}
  {%- do return(found.macros[wanted]) -%}
{%- endmacro %}

{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% set updated_at = config.get('updated_at') %}
  {#- compared with the snapshot's own column: the user's may be missing from old rows -#}
  {% set changed = '(' ~ snapshotted_rel ~ '.' ~ karat__snapshot_names().dbt_valid_from
      ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')' %}
  {% do return(karat__snapshot_strategy(updated_at, changed)) %}
{% endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% set updated_at = config.get('updated_at') or snapshot_get_time() %}
  {% set grown, columns = snapshot_check_all_get_existing_columns(node, target_exists, config.get('check_cols')) %}
  {% set changes = [get_true_sql()] if grown else [] %}
  {% for column in columns if not grown %}
    {% do changes.append(karat__values_differ(snapshotted_rel ~ '.' ~ column, current_rel ~ '.' ~ column)) %}
  {% endfor %}
  {% do return(karat__snapshot_strategy(updated_at, '(' ~ changes | join(' or ') ~ ')')) %}
{% endmacro %}

{% macro karat__values_differ(a, b) -%}
  {%- do return(a ~ ' != ' ~ b
      ~ ' or ((' ~ a ~ ' is null and ' ~ b ~ ' is not null) or (' ~ a ~ ' is not null and ' ~ b ~ ' is null))') -%}
{%- endmacro %}

{% macro karat__snapshot_strategy(updated_at, row_changed) %}
  {% set unique_key = config.get('unique_key') %}
  {% set hard_deletes = adapter.get_hard_deletes_behavior(config) %}
  {% do return({
      'unique_key': unique_key,
      'updated_at': updated_at,
      'row_changed': row_changed,
      'scd_id': snapshot_hash_arguments(api.Relation.scd_args(unique_key, updated_at)),
      'invalidate_hard_deletes': hard_deletes == 'invalidate',
      'hard_deletes': hard_deletes
  }) %}
{% endmacro %}
