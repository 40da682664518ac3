{# A claim is an advisory lock, whose key is the hash of the relation's name: of the transaction, or of the session where hooks end the transaction. A session that dies gives it back. #}
{% macro postgres__karat__claim_sql(relation, part, beyond_transaction) -%}
  {%- set key = postgres__claim_key(relation, part) -%}
  {%- set lock = 'pg_try_advisory_lock' if beyond_transaction else 'pg_try_advisory_xact_lock' -%}
  {% if not beyond_transaction %}begin; {% endif -%}
  select pg_catalog.set_config('karat.granted', pg_catalog.{{ lock }}({{ key }})::text, false);
  select
    pg_catalog.current_setting('karat.granted') as granted,
    (select case when relkind in ('r', 'p') then 'table' when relkind = 'v' then 'view'
        when relkind = 'm' then 'materialized_view'
        when relkind = 'S' then 'other: a sequence' when relkind in ('i', 'I') then 'other: an index'
        when relkind = 'f' then 'other: a foreign table' when relkind = 'c' then 'other: a type' else 'other: something else' end
      from pg_catalog.pg_class
      where oid = pg_catalog.to_regclass({{ adapter.literal(relation.include(database=false) | string) }})) as kind
{%- endmacro %}

{% macro postgres__claim_key(relation, part) -%}
  {%- set name = 'karat: ' ~ relation.schema ~ '.' ~ relation.identifier ~ part -%}
  pg_catalog.hashtextextended({{ adapter.literal(name | lower) }}, 0)
{%- endmacro %}

{# A question of its own, as the two views are expensive to plan. #}
{% macro postgres__karat__claim_holder_sql(relation, part) -%}
  select format('session %s of %s (%s) since %s', pid, act.usename,
      concat_ws(', ', nullif(act.application_name, ''), host(act.client_addr)), act.backend_start::timestamp(0))
  from pg_catalog.pg_locks
  join pg_catalog.pg_stat_activity act using (pid)
  where locktype = 'advisory' and granted and objsubid = 1
    and (classid::bigint << 32) | objid::bigint = {{ postgres__claim_key(relation, part) }}
  limit 1
{%- endmacro %}

{% macro postgres__karat__release_claims_sql() %}
  {% do return('select pg_catalog.pg_advisory_unlock_all()') %}
{% endmacro %}

{# A wait for the lock makes every later reader wait too. So each try is short, gives up, lets the readers pass, and comes back. What another session set upon a relation a moment ago was not among what steps aside: the node is begun again (40001). #}
{% macro postgres__karat__lock_briefly(name, relation, statements) %}
  {% call statement(name) -%}
do {{ adapter.literal(postgres__lock_briefly_block(relation, statements)) }}
  {%- endcall %}
{% endmacro %}

{% macro postgres__lock_briefly_block(relation, statements) -%}
declare
  began constant timestamptz := clock_timestamp();
  wanted constant text := current_setting('lock_timeout');
  tries int := 0;
  readers text;
  what text;
begin
  loop
    begin
      tries := tries + 1;
      perform set_config('lock_timeout', least(tries * 100, 1000) || 'ms', true);
      {% for text in statements -%}
      execute {{ adapter.literal(text) }};
      {% endfor -%}
      perform set_config('lock_timeout', wanted, true);
      return;
    exception when dependent_objects_still_exist then
      get stacked diagnostics what = pg_exception_detail;
      raise exception '%', sqlerrm using errcode = 'serialization_failure', detail = what;
    when lock_not_available then
      if exists (
        select 1 from pg_catalog.pg_locks
        where relation = pg_catalog.to_regclass({{ adapter.literal(relation.include(database=false) | string) }})
          and granted and pid <> pg_backend_pid() and pg_backend_pid() = any(pg_catalog.pg_blocking_pids(pid))
      ) then
        raise exception 'deadlock detected' using errcode = 'deadlock_detected';
      end if;
      if clock_timestamp() - began >= make_interval(secs => {{ flags.WAIT if flags.WAIT is not none else 3600 }}) then
        select string_agg(format('session %s of %s (%s)', pid, act.usename, left(act.query, 60)), ', ') into readers
        from pg_catalog.pg_locks join pg_catalog.pg_stat_activity act using (pid)
        where relation = pg_catalog.to_regclass({{ adapter.literal(relation.include(database=false) | string) }})
          and granted and pid <> pg_backend_pid();
        raise exception '% is held by others: %', {{ adapter.literal(relation | string) }}, coalesce(readers, 'unknown')
          using errcode = 'lock_not_available', hint = 'end those sessions, or wait longer with `--wait SECONDS`';
      end if;
    end;
    perform pg_sleep(least(0.05 * tries, 1));
  end loop;
end
{%- endmacro %}
