{# Nodes that would bring their rows twice if they ran twice leave a mark in their own transaction, by which a later run sees whether it was committed. #}
{# SQL whose one value is the mark; nothing where the engine knows none. #}
{% macro karat__mark_commit_sql(relation, token) %}
  {% do return(adapter.dispatch('karat__mark_commit_sql', 'dbt')(relation, token)) %}
{% endmacro %}

{% macro default__karat__mark_commit_sql(relation, token) %}{% endmacro %}

{# SQL that says of a mark: `committed`, `aborted`, `in progress`, or NULL where it is not known any more. #}
{% macro karat__find_commit_sql(mark) %}
  {% do return(adapter.dispatch('karat__find_commit_sql', 'dbt')(mark)) %}
{% endmacro %}

{% macro default__karat__find_commit_sql(mark) %}select null{% endmacro %}

{# SQL that removes a mark; nothing where it is no thing of the warehouse. #}
{% macro karat__forget_commit_sql(relation, mark) %}
  {% do return(adapter.dispatch('karat__forget_commit_sql', 'dbt')(relation, mark)) %}
{% endmacro %}

{% macro default__karat__forget_commit_sql(relation, mark) %}{% endmacro %}

{# Removes the marks of runs that are dead and will not be continued, but for those that are kept. #}
{% macro karat__forget_stray_commits(kept) %}
  {% do adapter.dispatch('karat__forget_stray_commits', 'dbt')(kept) %}
{% endmacro %}

{% macro default__karat__forget_stray_commits(kept) %}{% endmacro %}

{# What is left to do for a node whose transaction was committed by a run that was killed then. #}
{% macro karat__finish_committed() %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {% do return({'relations': [this.incorporate(type='table')]}) %}
{% endmacro %}
