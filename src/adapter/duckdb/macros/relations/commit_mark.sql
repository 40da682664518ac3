{# The mark of a commit is a sequence, made in the transaction and dropped after it. Nobody else reads the file meanwhile, and a catalog's tables and views do not show it. Other kinds of databases are left without. #}
{% macro duckdb__karat__mark_commit_sql(relation, token) -%}
  {%- set name = 'karat_commit_' ~ token -%}
  {%- if not adapter.is_motherduck() and duckdb__is_own_file(relation.database) -%}
    create sequence {{ relation.without_identifier() }}.{{ adapter.quote(name) }};
    select {{ adapter.literal(name) }} as mark
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__is_own_file(database) -%}
  {%- set kinds = run_query('select type from duckdb_databases() where lower(database_name) = ' ~ adapter.literal(database | lower)) -%}
  {%- do return(kinds | length > 0 and kinds[0][0] == 'duckdb') -%}
{%- endmacro %}

{% macro duckdb__karat__find_commit_sql(mark) -%}
  select case count(*) when 0 then 'aborted' else 'committed' end
  from duckdb_sequences()
  where sequence_name = {{ adapter.literal(mark) }}
{%- endmacro %}

{% macro duckdb__karat__forget_commit_sql(relation, mark) -%}
  drop sequence if exists {{ relation.without_identifier() }}.{{ adapter.quote(mark) }}
{%- endmacro %}

{% macro duckdb__karat__forget_stray_commits(kept) -%}
  {%- set strays %}
    select database_name, schema_name, sequence_name
    from duckdb_sequences()
    join duckdb_databases() using (database_name)
    where regexp_full_match(sequence_name, 'karat_commit_[0-9a-f]{32}') and type = 'duckdb' and not readonly
  {%- endset %}
  {%- for stray in (run_query(strays) if not adapter.is_motherduck() else []) if stray[2] not in kept %}
    {%- call statement('forget_commit') %}
      drop sequence if exists {{ adapter.quote(stray[0]) }}.{{ adapter.quote(stray[1]) }}.{{ adapter.quote(stray[2]) }}
    {%- endcall %}
    {#- A transaction of DuckDB writes to one database. -#}
    {%- do adapter.commit() %}
  {%- endfor %}
{%- endmacro %}
