{# A view with parameters: a table macro, replaced in place. #}
{% materialization table_function, adapter='duckdb' %}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set parameters = config.get('parameters') or [] -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% call statement('main') -%}
    create or replace function {{ target_relation.render() }}(
      {{ parameters if parameters is string or parameters is number else parameters | join(', ') }}
    ) as table (
      {{ sql }});
  {%- endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% if config.persist_relation_docs() and model.description %}
    {% call statement('comment') -%}
      comment on macro table {{ target_relation.render() }} is {{ karat__quote_comment(model.description) }}
    {%- endcall %}
  {% endif %}
  {% do adapter.commit() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {% do return({'relations': [target_relation]}) %}
{% endmaterialization %}
