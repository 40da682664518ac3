{# Privileges on a relation; a replaced one keeps those of the old one, as far as its config says nothing else. #}
{%- macro postgres__get_show_grant_sql(relation) -%}
  select grantee, privilege_type
  from {{ relation.information_schema('role_table_grants') }}
  where grantor = current_role
    and grantee != current_role
    and table_schema = {{ adapter.literal(relation.schema) }}
    and table_name = {{ adapter.literal(relation.identifier) }}
{%- endmacro -%}

{% macro postgres__copy_grants() %}
  {% do return(True) %}
{% endmacro %}
