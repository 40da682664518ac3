{# Runs the hooks of one side of the transaction. An open transaction is ended before the outer ones. #}
{% macro run_hooks(hooks, inside_transaction=True) %}
  {% do adapter.dispatch('run_hooks', 'dbt')(hooks, inside_transaction) %}
{% endmacro %}

{% macro default__run_hooks(hooks, inside_transaction) %}
  {% for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) %}
    {% if loop.first and not inside_transaction %}
      {% call statement(auto_begin=false) %}
        commit;
      {% endcall %}
    {% endif %}
    {% do karat__run_hook(hook, inside_transaction) %}
  {% endfor %}
{% endmacro %}

{% macro karat__run_hook(hook, inside_transaction) %}
  {% set text = render(hook.get('sql')) | trim %}
  {% if text %}
    {% call statement(auto_begin=inside_transaction) %}
      {{ text }}
    {% endcall %}
  {% endif %}
{% endmacro %}
