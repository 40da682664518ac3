{# A seed: the file's rows in a table. A reader sees the old rows or the new ones, never none. #}
{% materialization seed, default %}
  {%- set old = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
  {%- set full_refresh = should_full_refresh() -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set agate_table = load_agate_table() -%}
  {%- do store_result('agate_table', response='OK', agate_table=agate_table) -%}
  {%- if old is not none and old.is_view -%}
    {%- do exceptions.raise_compiler_error("Cannot seed to '" ~ old.render() ~ "', it is a view") -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% set load = karat__load_seed if adapter.load_csv else karat__load_seed_by_inserts %}
  {% set loaded = load(old, target_relation, full_refresh, agate_table) %}
  {% set code = 'CREATE' if full_refresh else 'INSERT' %}
  {% call noop_statement('main', code ~ ' ' ~ loaded.rows, code, loaded.rows) %}
    {{ get_csv_sql(loaded.table_sql, loaded.load_sql) }};
  {% endcall %}

  {% do karat__describe_relation(target_relation, should_revoke(old, full_refresh)) %}
  {% if loaded.needs_indexes %}
    {% do create_indexes(target_relation) %}
  {% endif %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}
