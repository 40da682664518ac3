{# The old relation is dropped, the new one takes its name, its indexes follow: one transaction, which readers see as one step. A rename of the old table would be seen by other transactions that list indexes, so it is not renamed. #}
{% macro duckdb__karat__publish_relation(existing, intermediate, target, backup) %}
  {% do karat__swap_relations(existing, intermediate, target, backup) %}
  {% if target.is_table %}
    {% do create_indexes(target) %}
  {% endif %}
{% endmacro %}

{% macro duckdb__karat__swap_relations(existing, intermediate, target, backup) %}
  {% if existing is not none %}
    {% do karat__drop_backup(existing) %}
  {% endif %}
  {% do adapter.rename_relation(intermediate, target) %}
{% endmacro %}
