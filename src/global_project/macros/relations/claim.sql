{# SQL by which a node claims its relation against other runs, sent before anything else: one row of texts with `true` if it was granted, and the kind of what stands there (`table`, `view`, `materialized_view`, `other`, or nothing). Empty where the engine needs no claim. #}
{% macro karat__claim_sql(relation, part, beyond_transaction) %}
  {% do return(adapter.dispatch('karat__claim_sql', 'dbt')(relation, part, beyond_transaction)) %}
{% endmacro %}

{% macro default__karat__claim_sql(relation, part, beyond_transaction) %}
  {% do return('') %}
{% endmacro %}

{# SQL that tells in one text who holds a claim that was not granted. #}
{% macro karat__claim_holder_sql(relation, part) %}
  {% do return(adapter.dispatch('karat__claim_holder_sql', 'dbt')(relation, part)) %}
{% endmacro %}

{% macro default__karat__claim_holder_sql(relation, part) %}
  {% do return('') %}
{% endmacro %}

{# SQL that gives back what was claimed beyond a transaction. #}
{% macro karat__release_claims_sql() %}
  {% do return(adapter.dispatch('karat__release_claims_sql', 'dbt')()) %}
{% endmacro %}

{% macro default__karat__release_claims_sql() %}
  {% do return('') %}
{% endmacro %}

{# Runs statements which lock a relation against its readers, in a way that no reader has to queue behind the wait for the lock. #}
{% macro karat__lock_briefly(name, relation, statements) %}
  {% do adapter.dispatch('karat__lock_briefly', 'dbt')(name, relation, statements) %}
{% endmacro %}

{% macro default__karat__lock_briefly(name, relation, statements) %}
  {% for text in statements %}
    {% call statement(name) -%}
      {{ text }}
    {%- endcall %}
  {% endfor %}
{% endmacro %}
