{# `MERGE INTO` with DuckDB's own clauses, which the config may spell out one by one. #}
{% macro duckdb__get_incremental_merge_sql(args_dict) %}
  {% do return(duckdb__get_merge_sql(
      args_dict['target_relation'], args_dict['temp_relation'], args_dict['unique_key'],
      args_dict['dest_columns'], args_dict.get('incremental_predicates'))) %}
{% endmacro %}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- do validate_merge_config(config, target) -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set clauses = config.get('merge_clauses') or {} -%}
  {%- set returning = config.get('merge_returning_columns') -%}
  {{ header if header is not none }}

    MERGE INTO {{ target }} AS DBT_INTERNAL_DEST
        USING {{ source }} AS DBT_INTERNAL_SOURCE
        {{ duckdb__merge_join_clause(unique_key, config.get('merge_on_using_columns'),
            normalize_incremental_predicates(incremental_predicates)) }}
    {%- for clause in clauses.get('when_matched') or duckdb__default_matched() %}
    WHEN MATCHED{{ duckdb__merge_condition(clause) }}
    THEN {{ duckdb__merge_action(clause, dest_columns) }}
    {%- endfor %}
    {%- for clause in clauses.get('when_not_matched') or duckdb__default_not_matched() %}
    WHEN NOT MATCHED{{ ' BY ' ~ clause.get('by') | upper if clause.get('by') }}{{ duckdb__merge_condition(clause) }}
    THEN {{ duckdb__merge_action(clause, dest_columns) }}
    {%- endfor %}
    {%- if returning %}
    RETURNING {{ returning if returning is string else returning | join(', ') }}
    {%- endif %}
{%- endmacro %}

{% macro duckdb__merge_join_clause(unique_key, merge_on_using_columns, incremental_predicates) -%}
  {%- if merge_on_using_columns and not incremental_predicates -%}
    USING ({{ merge_on_using_columns | join(', ') }})
  {%- else -%}
    {#- DuckDB takes one of USING and ON, so predicates bring the columns along -#}
    {%- set keys = merge_on_using_columns or unique_key -%}
    {%- set conditions = [] if keys else ['FALSE'] -%}
    {%- for key in ([keys] if keys is string else keys or []) if key -%}
      {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- endfor -%}
    ON ({{ (conditions + (incremental_predicates or [])) | join(') AND (') }})
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__merge_condition(clause) -%}
  {%- set condition = clause.get('condition') -%}
  {%- if condition %} AND {{ condition if condition is string else '(' ~ condition | join(') AND (') ~ ')' }}{% endif -%}
{%- endmacro %}
