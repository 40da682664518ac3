{# A unit test: the rows that the model makes of the given input beside those that are expected. #}
{%- materialization unit, default -%}
  {% set header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS else none %}
  {% set expected_rows = config.get('expected_rows') %}
  {% set expected_sql = config.get('expected_sql') %}
  {% set compared = expected_rows[0].keys() if expected_rows | length else get_columns_in_query(sql) %}

  {% set scratch = make_temp_relation(this.incorporate(type='table')) %}
  {% do run_query(get_create_table_as_sql(True, scratch, get_empty_subquery_sql(sql))) %}
  {% set types = {} %}
  {% set quoted = {} %}
  {% for column in adapter.get_columns_in_relation(scratch) %}
    {% do types.update({column.name | lower: column.data_type}) %}
    {% do quoted.update({column.name | lower: column.quoted}) %}
  {% endfor %}
  {% set columns = [] %}
  {% for name in compared %}
    {% do columns.append(quoted[name | lower]) %}
  {% endfor %}

  {% set expected = expected_sql or get_expected_sql(expected_rows, types, quoted) %}
  {% call statement('main', fetch_result=True) -%}
    {{ header if header }}
    {{ get_unit_test_sql(sql, expected, columns) }}
  {%- endcall %}
  {% do adapter.drop_relation(scratch) %}
  {% do return({'relations': []}) %}
{%- endmaterialization -%}
