{# Indexes. An indexed table can be neither renamed nor altered, so they come after the swap. #}
{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique ' if index.unique }}index
  "{{ index.render(relation) }}"
  on {{ relation }}
  ({{ index.columns | join(', ') }});
{%- endmacro %}

{# Returns the statements that make the dropped indexes again. #}
{% macro drop_indexes_on_relation(relation) -%}
  {% call statement('get_indexes_on_relation', fetch_result=True, auto_begin=False) -%}
    select index_name, sql
    from duckdb_indexes()
    where database_name = {{ adapter.literal(relation.database) }}
      and schema_name = {{ adapter.literal(relation.schema) }}
      and table_name = {{ adapter.literal(relation.identifier) }}
  {%- endcall %}
  {% set restore = [] %}
  {% for row in load_result('get_indexes_on_relation').table %}
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
