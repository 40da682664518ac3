{# Counts by condition share a scan well, and a sort of one key is cheaper than its groups; keys of several columns and joins are not. #}
{% macro postgres__karat__kinds_that_share() %}
  {% do return(['nulls', 'rows', 'groups', 'repeated']) %}
{% endmacro %}
