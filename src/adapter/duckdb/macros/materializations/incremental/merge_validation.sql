{# The merge configs checked, all faults in one message. #}
{% macro validate_merge_config(config, target_relation=none) %}
  {%- set errors = [] -%}
  {%- for name in ['merge_update_condition', 'merge_insert_condition'] -%}
    {%- do validate_string_field(config.get(name), name, errors) -%}
  {%- endfor -%}
  {%- for name in ['merge_on_using_columns', 'merge_update_columns', 'merge_exclude_columns', 'merge_returning_columns'] -%}
    {%- do validate_string_list_field(config.get(name), name, errors) -%}
  {%- endfor -%}
  {%- do validate_dict_field(config.get('merge_update_set_expressions'), 'merge_update_set_expressions', errors) -%}
  {%- do validate_merge_clauses(config, errors) -%}
  {%- if errors -%}
    {%- do exceptions.raise_compiler_error('MERGE configuration errors:\n' ~ errors | join('\n')) -%}
  {%- endif -%}
{% endmacro %}

{%- macro validate_merge_clauses(config, errors) -%}
  {%- set clauses = config.get('merge_clauses') -%}
  {%- if clauses is none -%}
    {%- do return(none) -%}
  {%- elif clauses is not mapping -%}
    {%- do errors.append('merge_clauses must be a dictionary, found: ' ~ clauses) -%}
    {%- do return(none) -%}
  {%- endif -%}
  {%- if 'when_matched' not in clauses and 'when_not_matched' not in clauses -%}
    {%- do errors.append("merge_clauses must contain at least one of 'when_matched' or 'when_not_matched' keys") -%}
  {%- endif -%}
  {%- for kind in ['when_matched', 'when_not_matched'] if kind in clauses -%}
    {%- do validate_merge_clause_list(clauses, kind, errors) -%}
  {%- endfor -%}
  {%- set ignored = karat__set_configs(config) -%}
  {%- if ignored -%}
    {%- do errors.append('When merge_clauses is specified, the following basic merge configurations will be ignored and should be removed: '
        ~ ignored | join(', ') ~ '. Define your merge behavior within merge_clauses instead.') -%}
  {%- endif -%}
{%- endmacro -%}

{%- macro karat__set_configs(config) -%}
  {%- set names = [] -%}
  {%- for name in ['merge_update_condition', 'merge_insert_condition', 'merge_update_columns',
      'merge_update_set_expressions', 'merge_exclude_columns'] if config.get(name) -%}
    {%- do names.append(name) -%}
  {%- endfor -%}
  {%- do return(names) -%}
{%- endmacro -%}

{%- macro validate_merge_clause_list(merge_clauses, clause_type, errors) -%}
  {%- set clauses = merge_clauses.get(clause_type) -%}
  {%- if clauses is not sequence or clauses is mapping or clauses is string -%}
    {%- do errors.append('merge_clauses.' ~ clause_type ~ ' must be a list') -%}
  {%- elif clauses | length == 0 -%}
    {%- do errors.append('merge_clauses.' ~ clause_type ~ ' must contain at least one element') -%}
  {%- else -%}
    {%- for clause in clauses -%}
      {%- if clause is not mapping -%}
        {%- do errors.append('merge_clauses.' ~ clause_type ~ ' elements must be dictionaries, found: ' ~ clause) -%}
      {%- else -%}
        {%- do karat__validate_merge_clause(clause, clause_type, 'merge_clauses.' ~ clause_type ~ '[' ~ loop.index0 ~ ']', errors) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro -%}

{# What no part of the statement would be written for, so that the engine would complain of its neighbours. #}
{%- macro karat__validate_merge_clause(clause, clause_type, place, errors) -%}
  {%- set actions = ['update', 'delete', 'do_nothing', 'error'] + (['insert'] if clause_type == 'when_not_matched' else []) -%}
  {%- set modes = ['by_name', 'by_position', 'star', 'explicit'] -%}
  {%- set action, mode = clause.get('action'), clause.get('mode') -%}
  {%- set parts = clause.get(action) or {} -%}
  {%- set spelled_out = parts.get('columns') or parts.get('set_expressions') or clause.get('set_expressions') -%}
  {%- if action not in actions -%}
    {%- do errors.append(place ~ ".action must be one of '" ~ actions | join("', '") ~ "', found: " ~ action) -%}
  {%- elif action in ['update', 'insert'] and mode not in modes and (mode or not spelled_out) -%}
    {%- do errors.append(place ~ ".mode must be one of '" ~ modes | join("', '") ~ "', found: " ~ mode) -%}
  {%- endif -%}
  {%- if clause.get('by') and clause.get('by') | lower not in ['source', 'target'] -%}
    {%- do errors.append(place ~ ".by must be 'source' or 'target', found: " ~ clause.get('by')) -%}
  {%- endif -%}
{%- endmacro -%}
