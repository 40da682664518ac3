{# One row of a fixture: names folded, values as SQL of the column's type. #}
{%- macro format_row(row, column_name_to_data_types) -%}
  {%- set formatted = {} -%}
  {%- for name, value in row.items() -%}
    {%- set name = name | lower -%}
    {%- if name not in column_name_to_data_types -%}
      {%- do karat__refuse_fixture_column(name, column_name_to_data_types) -%}
    {%- endif -%}
    {%- set type = column_name_to_data_types[name] -%}
    {%- if value is string and 'varying' in type -%}
      {#- without its length: a long value is to differ, not to be cut -#}
      {%- set type = type.split('(')[0] -%}
    {%- endif -%}
    {%- do formatted.update({name: safe_cast(karat__fixture_value(value), type)}) -%}
  {%- endfor -%}
  {%- do return(formatted) -%}
{%- endmacro -%}

{%- macro karat__fixture_value(value) -%}
  {%- if value is string -%}
    {%- do return(dbt.string_literal(dbt.escape_single_quotes(value))) -%}
  {%- endif -%}
  {%- do return('null' if value is none else value) -%}
{%- endmacro -%}

{%- macro karat__refuse_fixture_column(name, types) -%}
  {%- set fixture = 'expected output' if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" -%}
  {%- do exceptions.raise_compiler_error("Invalid column name: '" ~ name ~ "' in unit test fixture for " ~ fixture
      ~ '.\nAccepted columns for ' ~ fixture ~ ' are: ' ~ types.keys() | list) -%}
{%- endmacro -%}

{%- macro validate_fixture_rows(rows, row_number) -%}
  {%- do return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) -%}
{%- endmacro -%}

{%- macro default__validate_fixture_rows(rows, row_number) -%}
{%- endmacro -%}
