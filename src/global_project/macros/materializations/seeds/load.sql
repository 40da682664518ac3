{# The file streamed by the engine's own reader: into the table as it is, or beside it when its columns change. #}
{% macro karat__load_seed(old, target_relation, full_refresh, agate_table) %}
  {% set types = karat__seed_types(model, agate_table) %}
  {% set fits = old is not none and not full_refresh and karat__seed_fits(old, agate_table) %}
  {% set indexes = adapter.dispatch('karat__indexes_in_the_way', 'dbt')(old) if fits else [] %}
  {% if fits and not indexes %}
    {% do karat__empty_seed(old) %}
    {% set rows = adapter.load_csv(old, types, agate_table) %}
    {% do return({'rows': rows, 'table_sql': 'delete from ' ~ old, 'load_sql': '', 'needs_indexes': false}) %}
  {% endif %}
  {% set intermediate = make_intermediate_relation(target_relation) %}
  {% set backup = make_backup_relation(target_relation, 'table') %}
  {% do karat__drop_leftovers([intermediate, backup]) %}
  {% call statement('create_seed') -%}
    {{ karat__seed_table_sql(intermediate, model, agate_table) }}
  {%- endcall %}
  {% set rows = adapter.load_csv(intermediate, types, agate_table) %}
  {% do karat__publish_relation(old, intermediate, target_relation, backup) %}
  {% if indexes %}
    {% do adapter.dispatch('karat__restore_indexes', 'dbt')(target_relation, indexes) %}
  {% endif %}
  {% do return({
      'rows': rows,
      'table_sql': karat__seed_table_sql(target_relation, model, agate_table),
      'load_sql': '',
      'needs_indexes': false
  }) %}
{% endmacro %}

{# Indexes with which a table cannot be emptied and filled again in one transaction: the table is made anew, and they upon it. #}
{% macro default__karat__indexes_in_the_way(relation) %}
  {% do return([]) %}
{% endmacro %}

{% macro karat__seed_fits(old, agate_table) %}
  {% set present = get_list_of_column_names(adapter.get_columns_in_relation(old)) | map('lower') | list %}
  {% do return(present == agate_table.column_names | map('lower') | list) %}
{% endmacro %}

{# Rows are deleted, so that readers keep the old ones until the end; a `truncate_relation` of the project or of a package is theirs to answer for. #}
{% macro karat__empty_seed(relation) %}
  {% if adapter.is_overridden('truncate_relation') %}
    {% do adapter.truncate_relation(relation) %}
  {% else %}
    {% call statement('empty_seed') -%}
      delete from {{ relation.render() }}
    {%- endcall %}
  {% endif %}
{% endmacro %}
