{# A data test: its failing rows are counted, and kept if the config says so. #}
{%- materialization test, default -%}
  {% set header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS else none %}
  {% set failing = get_limit_subquery_sql(sql, config.get('limit')) %}
  {% set relations = [] %}
  {% if should_store_failures() %}
    {% set kept = karat__store_failures(failing, header) %}
    {% do relations.append(kept) %}
    {% set failing = 'select * from ' ~ kept %}
  {% endif %}

  {% call statement('main', fetch_result=True) -%}
    {{ header if header }}
    {{ get_test_sql(failing, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
  {%- endcall %}
  {% do return({'relations': relations}) %}
{%- endmaterialization -%}
