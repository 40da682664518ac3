{# The `grants` config: what is missing is granted, what is too much is revoked. #}
{% macro apply_grants(relation, grant_config, should_revoke) %}
  {% do return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) %}
{% endmacro %}

{% macro default__apply_grants(relation, grant_config, should_revoke=True) %}
  {% if not grant_config %}
    {% do return(none) %}
  {% endif %}
  {% set missing = grant_config %}
  {% set surplus = {} %}
  {% if should_revoke %}
    {% set held = adapter.standardize_grants_dict(run_query(get_show_grant_sql(relation))) %}
    {% set missing = diff_of_two_dicts(grant_config, held) %}
    {% set surplus = diff_of_two_dicts(held, grant_config) %}
    {% if not (missing or surplus) %}
      {% do log('On ' ~ relation.render() ~ ': All grants are in place, no revocation or granting needed.') %}
    {% endif %}
  {% endif %}
  {% set statements = get_dcl_statement_list(relation, surplus, get_revoke_sql)
      + get_dcl_statement_list(relation, missing, get_grant_sql) %}
  {% if statements %}
    {% do call_dcl_statements(statements) %}
  {% endif %}
{% endmacro %}

{% macro get_dcl_statement_list(relation, grant_config, get_dcl_macro) %}
  {% do return(adapter.dispatch('get_dcl_statement_list', 'dbt')(relation, grant_config, get_dcl_macro)) %}
{% endmacro %}

{% macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) %}
  {% set together = support_multiple_grantees_per_dcl_statement() %}
  {% set statements = [] %}
  {% for privilege, grantees in grant_config.items() if grantees %}
    {% for group in ([grantees] if together else grantees | batch(1)) %}
      {% do statements.append(get_dcl_macro(relation, privilege, group)) %}
    {% endfor %}
  {% endfor %}
  {% do return(statements) %}
{% endmacro %}

{% macro call_dcl_statements(dcl_statement_list) %}
  {% do return(adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list)) %}
{% endmacro %}

{% macro default__call_dcl_statements(dcl_statement_list) %}
  {% call statement('grants') %}
    {% for dcl in dcl_statement_list %}
      {{ dcl }};
    {% endfor %}
  {% endcall %}
{% endmacro %}
