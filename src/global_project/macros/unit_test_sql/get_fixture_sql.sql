{# The rows of a unit test as queries that yield them. #}
{% macro get_fixture_sql(rows, column_name_to_data_types) %}
-- Fixture for {{ model.name }}
{%- set quoted = {} -%}
{%- set types = karat__fixture_types(quoted) if not column_name_to_data_types else column_name_to_data_types -%}
{%- if not types -%}
  {%- do exceptions.raise_compiler_error("Not able to get columns for unit test '" ~ model.name ~ "' from relation " ~ this ~ " because the relation doesn't exist. Build it first, if only without rows: run --select " ~ model.name ~ " --empty") -%}
{%- endif -%}
{%- set empty_row = {} -%}
{%- for name, type in types.items() -%}
  {%- do empty_row.update({name: safe_cast('null', type) | trim}) -%}
{%- endfor -%}
{%- do validate_fixture_rows(rows, row_number) -%}
{%- for row in rows %}
  {%- set full_row = dict(empty_row, **format_row(row, types)) %}
{{ karat__select_row(full_row, quoted) }}{{ ' union all' if not loop.last }}
{%- else %}
{{ karat__select_row(empty_row, quoted) }}
    limit 0
{%- endfor -%}
{% endmacro %}

{# The types of the columns of the input itself, or of what it is deferred to; `quoted` is filled with their names. #}
{% macro karat__fixture_types(quoted) %}
  {%- set stands_in = defer_relation if defer_relation and not load_relation(this) else this -%}
  {%- set types = {} -%}
  {%- for column in adapter.get_columns_in_relation(stands_in) -%}
    {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- do quoted.update({column.name | lower: column.quoted}) -%}
  {%- endfor -%}
  {%- do return(types) -%}
{% endmacro %}

{% macro karat__select_row(row, quoted) -%}
    select {% for name, value in row.items() -%}
      {{ value }} as {{ quoted[name] }}{{ ', ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) %}
{%- for row in rows %}
{{ karat__select_row(format_row(row, column_name_to_data_types), column_name_to_quoted) }}{{ ' union all' if not loop.last }}
{%- else %}
    select * from dbt_internal_unit_test_actual
    limit 0
{%- endfor -%}
{% endmacro %}
