{# No transaction is open before the first statement, so none is ended for the outer hooks. #}
{% macro duckdb__run_hooks(hooks, inside_transaction) %}
  {% for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) %}
    {% do karat__run_hook(hook, inside_transaction) %}
  {% endfor %}
{% endmacro %}
