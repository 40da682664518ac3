{# A table from SQL or Python: built beside the old one, then published in the same transaction. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set intermediate = make_intermediate_relation(target_relation) -%}
  {%- set backup = make_backup_relation(target_relation, existing.type if existing else 'table') -%}
  {%- do karat__drop_leftovers([intermediate, backup]) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% do duckdb__replace_table(existing, intermediate, target_relation, backup) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do karat__describe_relation(target_relation, should_revoke(existing, full_refresh_mode=True)) %}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}

{# What is added to a Python model, so that its rows become a table. #}
{% macro py_write_table(temporary, relation, compiled_code, partitioned_by=none, sorted_by=none) -%}
{{ compiled_code }}


def materialize(df, con):
    name = {{ ('__dbt_python_model_df_' ~ relation.identifier) | tojson }}
    con.register(name, df)
    con.execute({{ ('create ' ~ ('temporary ' if temporary) ~ 'table ' ~ relation ~ ' as select * from ') | tojson }} + '"' + name + '"')
    con.unregister(name)
{% endmacro %}
