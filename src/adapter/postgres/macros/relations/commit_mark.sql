{# The mark of a commit is the number of the transaction, of which the server knows what became. A number that another server gave may be one that is still to come. #}
{% macro postgres__karat__mark_commit_sql(relation, token) -%}
  select pg_catalog.txid_current_if_assigned() || '/' || (
    select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
{%- endmacro %}

{% macro postgres__karat__find_commit_sql(mark) -%}
  {%- set number, home = (mark ~ '/').split('/')[:2] -%}
  select case
    when not exists (
      select 1 from pg_catalog.pg_database
      where datname = pg_catalog.current_database() and oid::text = {{ adapter.literal(home) }}) then 'aborted'
    when {{ adapter.literal(number) }}::bigint >= pg_catalog.txid_current() then 'aborted'
    else pg_catalog.txid_status({{ adapter.literal(number) }}::bigint)
  end
{%- endmacro %}
