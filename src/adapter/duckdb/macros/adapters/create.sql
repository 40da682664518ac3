{# Tables and views. #}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set enforced = config.get('contract').enforced -%}
  {%- if language == 'python' -%}
    {%- do return(py_write_table(temporary, relation, compiled_code)) -%}
  {%- elif language != 'sql' -%}
    {%- do exceptions.raise_compiler_error('duckdb__create_table_as: unknown language `' ~ language ~ '`') -%}
  {%- endif -%}
  {%- set layout = [] if temporary else duckdb__layout(relation, partitioned_by, sorted_by) -%}
  {%- if enforced -%}
    {{ get_assert_columns_equivalent(compiled_code) }}
  {%- endif -%}
  {{ header if header is not none }}

  create {{ 'temporary ' if temporary }}table
    {{ relation.include(database=(not temporary), schema=(not temporary)) }}
  {% if enforced and not temporary %}
    {{ get_table_columns_and_constraints() }} ;
    {{ layout | join('\n') }}
    insert into {{ relation }} {{ get_column_names() }} (
      {{ get_select_subquery(compiled_code) }}
    );
  {% elif layout %}
    as (
      select * from (
        {{ compiled_code }}
      ) as model_subq
      limit 0
    );
    {{ layout | join('\n') }}
    insert into {{ relation }}
      select * from (
        {{ compiled_code }}
      ) as model_subq;
  {% else %}
    as (
      {{ compiled_code }}
    );
  {% endif %}
{%- endmacro %}

{# What orders the files of a lake: statements for the empty table. Other databases have no such files. #}
{% macro duckdb__layout(relation, partitioned_by, sorted_by) %}
  {% set statements = [] %}
  {% for name, other, given in [('partitioned_by', 'partition_by', partitioned_by), ('sorted_by', 'sort_by', sorted_by)] %}
    {% set wanted = given or config.get(name) or config.get(other) %}
    {% if wanted is not none and wanted != '' and config.get('materialized') in ['table', 'incremental'] %}
      {% set columns = [wanted] if wanted is string else wanted %}
      {% if columns is not sequence or columns is mapping or not columns %}
        {% do exceptions.raise_compiler_error(name ~ '/' ~ other ~ ' must contain at least one column') %}
      {% elif not adapter.is_ducklake(relation) %}
        {% do adapter.warn_once(name ~ '/' ~ other ~ ' is only supported for DuckLake relations; ignoring for ' ~ this) %}
      {% else %}
        {% set listed = [] %}
        {% for column in columns %}
          {% do listed.append(column if name == 'partitioned_by' or given else adapter.quote(column.replace('"', '""'))) %}
        {% endfor %}
        {% do statements.append('alter table ' ~ relation ~ ' set ' ~ name.replace('_', ' ') ~ ' (' ~ listed | join(', ') ~ ');') %}
      {% endif %}
    {% endif %}
  {% endfor %}
  {% do return(statements) %}
{% endmacro %}

{% macro get_column_names() %}
  ({{ adapter.dispatch('get_column_names', 'dbt')() }})
{% endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- if config.get('contract').enforced -%}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif -%}
  {{ header if header is not none }}
  create view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}
