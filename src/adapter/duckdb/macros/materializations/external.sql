{# A file written from a query, and a view that reads it. #}
{% materialization external, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set location = render(config.get('location', default=external_location(this, config))) -%}
  {%- set options = render_write_options(config) -%}
  {%- set write_options = adapter.external_write_options(location, options) -%}
  {%- set format = duckdb__external_format(options) -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set rows = make_intermediate_relation(this.incorporate(type='table'), suffix='__dbt_tmp') -%}
  {%- set intermediate = make_intermediate_relation(target_relation, suffix='__dbt_int') -%}
  {%- set backup = make_backup_relation(target_relation, existing.type if existing else 'view') -%}
  {%- do karat__drop_leftovers([intermediate, rows, backup]) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% do duckdb__build('create_table', False, rows) %}
  {% set is_empty = duckdb__write_external(rows, location, write_options, options) %}
  {% call statement('main') -%}
    create or replace view {{ intermediate }} as (
      {{ duckdb__read_external(adapter.external_read_location(location, options), format, options) }}
      {{ duckdb__no_null_rows(rows) if is_empty }}
    );
  {%- endcall %}
  {% do karat__swap_relations(existing, intermediate, target_relation, backup) %}
  {% do karat__drop_backup(rows) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do karat__describe_relation(target_relation, should_revoke(existing, full_refresh_mode=True)) %}
  {% do adapter.commit() %}
  {% set plugin = 'glue|' ~ config.get('glue_database', 'default') if config.get('glue_register') is true else config.get('plugin') %}
  {% if plugin is not none %}
    {% do store_relation(plugin, target_relation, location, format, config) %}
  {% endif %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}
