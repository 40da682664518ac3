{# Indexes. An indexed table can be neither renamed nor altered, so they come after the swap. #}
{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique ' if index.unique }}index
  "{{ index.render(relation) }}"
  on {{ relation }}
  ({{ index.columns | join(', ') }});
{%- endmacro %}

{# Rows of name and SQL. #}
{% macro duckdb__indexes_of(relation) -%}
  {% call statement('get_indexes_on_relation', fetch_result=True, auto_begin=False) -%}
    select index_name, sql
    from duckdb_indexes()
    where database_name = {{ adapter.literal(relation.database) }}
      and schema_name = {{ adapter.literal(relation.schema) }}
      and table_name = {{ adapter.literal(relation.identifier) }}
  {%- endcall %}
  {% do return(load_result('get_indexes_on_relation').table.rows) %}
{%- endmacro %}

{# DuckDB counts deleted rows against a unique index until the commit. #}
{% macro duckdb__karat__indexes_in_the_way(relation) %}
  {% do return(duckdb__indexes_of(relation)) %}
{% endmacro %}

{% macro duckdb__karat__restore_indexes(relation, indexes) %}
  {% set there = duckdb__indexes_of(relation) | map(attribute=0) | list %}
  {% for index in indexes if index[0] not in there %}
    {% do duckdb__run_each([index[1]]) %}
  {% endfor %}
{% endmacro %}

{# Returns the statements that make the dropped indexes again. #}
{% macro drop_indexes_on_relation(relation) -%}
  {% set restore = [] %}
  {% for row in duckdb__indexes_of(relation) %}
    {% call statement('drop_index_' ~ loop.index, auto_begin=false) -%}
      drop index {{ adapter.quote(relation.database) }}.{{ adapter.quote(relation.schema) }}.{{ adapter.quote(row[0]) }}
    {%- endcall %}
    {% do restore.append(row[1]) %}
  {% endfor %}
  {% do return(restore) %}
{%- endmacro %}

{% macro duckdb__run_each(statements) %}
  {% for text in statements %}
    {% call statement('run_each') -%}
      {{ text }}
    {%- endcall %}
  {% endfor %}
{% endmacro %}
