{# What one clause of a merge does to its rows. #}
{% macro duckdb__merge_action(clause, dest_columns) -%}
  {%- set action = clause.get('action') -%}
  {%- if action == 'update' -%}
    {{ duckdb__merge_update(clause, dest_columns) }}
  {%- elif action == 'insert' -%}
    {{ duckdb__merge_insert(clause) }}
  {%- elif action == 'error' -%}
    ERROR{{ " '" ~ clause.get('error_message').replace("'", "''") ~ "'" if clause.get('error_message') }}
  {%- else -%}
    {{ {'delete': 'DELETE', 'do_nothing': 'DO NOTHING'}.get(action, '') }}
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__merge_update(clause, dest_columns) -%}
  {%- set plain = {'by_name': 'UPDATE BY NAME', 'by_position': 'UPDATE BY POSITION', 'star': 'UPDATE SET *'} -%}
  {%- if clause.get('mode') in plain -%}
    {%- do return(plain[clause.get('mode')]) -%}
  {%- endif -%}
  {%- set update = clause.get('update') or {} -%}
  {%- set given = update.get('set_expressions') or clause.get('set_expressions') or {} -%}
  {%- set sets = [] -%}
  {%- for column, expression in given.items() -%}
    {%- do sets.append(column ~ ' = ' ~ expression) -%}
  {%- endfor -%}
  {%- if clause.get('mode') == 'explicit' -%}
    {%- for column in get_merge_update_columns(update.get('include'), update.get('exclude'), dest_columns)
        if column.replace('"', '') not in given -%}
      {%- do sets.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
    {%- endfor -%}
  {%- endif -%}
  UPDATE SET {{ sets | join(', ') }}
{%- endmacro %}

{% macro duckdb__merge_insert(clause) -%}
  {%- set plain = {'by_name': 'INSERT BY NAME', 'by_position': 'INSERT BY POSITION', 'star': 'INSERT *'} -%}
  {%- if clause.get('mode') in plain -%}
    {%- do return(plain[clause.get('mode')]) -%}
  {%- endif -%}
  {%- set insert = clause.get('insert') or {} -%}
  INSERT ({{ insert.get('columns', []) | join(', ') }}) VALUES ({{ insert.get('values', []) | join(', ') }})
{%- endmacro %}
