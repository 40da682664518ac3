{# Whether a replaced relation keeps its grants, and how statements name several grantees. #}
{% macro copy_grants() %}
  {% do return(adapter.dispatch('copy_grants', 'dbt')()) %}
{% endmacro %}

{% macro default__copy_grants() %}
  {% do return(True) %}
{% endmacro %}

{% macro support_multiple_grantees_per_dcl_statement() %}
  {% do return(adapter.dispatch('support_multiple_grantees_per_dcl_statement', 'dbt')()) %}
{% endmacro %}

{% macro default__support_multiple_grantees_per_dcl_statement() %}
  {% do return(True) %}
{% endmacro %}

{% macro should_revoke(existing_relation, full_refresh_mode=True) %}
  {% if not existing_relation %}
    {% do return(False) %}
  {% endif %}
  {% do return(copy_grants() if full_refresh_mode else True) %}
{% endmacro %}
