{# Names that a build needs and an earlier, killed one may have left behind. #}
{% macro karat__drop_leftovers(relations) %}
  {% for relation in relations %}
    {% do drop_relation_if_exists(load_cached_relation(relation)) %}
  {% endfor %}
{% endmacro %}

{# Drops the old relation inside the transaction; never takes along what depends on it. #}
{% macro karat__drop_backup(backup) %}
  {% do adapter.dispatch('karat__drop_backup', 'dbt')(backup) %}
{% endmacro %}

{% macro default__karat__drop_backup(backup) %}
  {% call statement('drop_backup') -%}
    drop {{ (backup.type | string).replace('_', ' ') }} if exists {{ backup.render() }}
  {%- endcall %}
  {% do adapter.cache_dropped(backup) %}
{% endmacro %}
