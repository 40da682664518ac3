{# Grants and comments, as the node's config wants them. #}
{% macro karat__describe_relation(relation, revoke) %}
  {% do apply_grants(relation, config.get('grants'), should_revoke=revoke) %}
  {% do persist_docs(relation, model) %}
{% endmacro %}
