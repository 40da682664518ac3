{# The old relation is dropped, the new one takes its name, its indexes follow: one transaction, which readers see as one step. A rename of the old table would be seen by other transactions that list indexes, so it is not renamed. #}
{% macro duckdb__karat__publish_relation(existing, intermediate, target, backup) %}
  {% do karat__swap_relations(existing, intermediate, target, backup) %}
  {% if target.is_table %}
    {% do create_indexes(target) %}
  {% endif %}
{% endmacro %}

{% macro duckdb__karat__swap_relations(existing, intermediate, target, backup) %}
  {% if existing is none %}
    {% do adapter.rename_relation(intermediate, target) %}
    {% do return(none) %}
  {% endif %}
  {% set dependents = karat__release_dependents(existing) %}
  {% do karat__drop_backup(existing) %}
  {% do adapter.rename_relation(intermediate, target) %}
  {% if target.is_view %}
    {# A view that reads what it took the place of could never be read again: it is undone. #}
    {% call statement('bind_view') -%}
      explain select * from {{ target.render() }}
    {%- endcall %}
  {% endif %}
  {% do karat__restore_dependents(dependents) %}
{% endmacro %}

{# A whole table from the model's rows in the place of the old one, in the open transaction. #}
{% macro duckdb__replace_table(existing, intermediate, target, backup) %}
  {% if not duckdb__points_elsewhere() %}
    {% do duckdb__build('main', False, intermediate) %}
    {% do karat__publish_relation(existing, intermediate, target, backup) %}
    {% do return(none) %}
  {% endif %}
  {% set dependents = karat__release_dependents(existing) if existing else [] %}
  {% if existing %}
    {% do karat__drop_backup(existing) %}
  {% endif %}
  {% do duckdb__build('main', False, target) %}
  {% do adapter.cache_added(target) %}
  {% do create_indexes(target) %}
  {% do karat__restore_dependents(dependents) %}
{% endmacro %}

{# Makes a table of the model's rows, in the model's language. #}
{% macro duckdb__build(name, temporary, relation) %}
  {% set language = model['language'] %}
  {% call statement(name, language=language) %}
    {{- get_create_table_as_sql(temporary, relation, sql) if language == 'sql'
        else create_table_as(temporary, relation, compiled_code, language) -}}
  {% endcall %}
{% endmacro %}
