{# One row per dependent, nearest first: label, schema, name, type, and the statements that drop it and set it up again. #}
{% macro postgres__dependents_sql(relation) %}
    {{ postgres__reached_views_sql(relation) }}
    select * from (
      {{ postgres__dependent_views_sql() }}
      union all
      {{ postgres__dependent_keys_sql() }}
    ) dependent
    order by depth, label
{% endmacro %}

{# Claims them, in an order that all share; one row each. A view's definition cannot be asked for without a lock on the view itself, so this comes first. #}
{% macro postgres__lock_dependents_sql(relation) %}
    {{ postgres__reached_views_sql(relation) }}
    select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('karat: ' || name, 0))::text
    from (
      select lower(nsp.nspname || '.' || cls.relname) as name
      from views
      join pg_catalog.pg_class cls on cls.oid = views.oid
      join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
      union
      select con.conrelid || '.' || con.conname from pg_catalog.pg_constraint con
      join target on con.confrelid = target.oid and con.conrelid <> target.oid
      where con.contype = 'f' and con.conparentid = 0
      order by 1
    ) dependent
{% endmacro %}

{% macro postgres__reached_views_sql(relation) %}
    with recursive target as (
      select {{ adapter.literal(relation | string) }}::regclass::oid as oid
    ), edges as (
      select distinct dep.refobjid as below, rule.ev_class as above
      from pg_catalog.pg_depend dep
      join pg_catalog.pg_rewrite rule on rule.oid = dep.objid
      where dep.classid = 'pg_rewrite'::regclass
        and dep.refclassid = 'pg_class'::regclass
        and rule.ev_class <> dep.refobjid
    ), reached(oid, depth) as (
      select above, 1 from edges join target on below = target.oid
      union
      select above, depth + 1 from reached join edges on below = reached.oid
    ), views as (
      select reached.oid, max(depth) as depth from reached
      join pg_catalog.pg_class cls on cls.oid = reached.oid and cls.relkind in ('v', 'm')
      group by reached.oid
    )
{% endmacro %}

{% macro postgres__dependent_keys_sql() %}
      select
        format('foreign key %I of %s', con.conname, con.conrelid::regclass) as label,
        nsp.nspname::text as schema, cls.relname::text as identifier, 'constraint' as type,
        format('alter table %s drop constraint %I', con.conrelid::regclass, con.conname) as drop_sql,
        format('alter table %s add constraint %I %s',
          con.conrelid::regclass, con.conname, pg_catalog.pg_get_constraintdef(con.oid)) as restore_sql,
        1000000 as depth
      from pg_catalog.pg_constraint con
      join target on con.confrelid = target.oid and con.conrelid <> target.oid
      join pg_catalog.pg_class cls on cls.oid = con.conrelid
      join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
      where con.contype = 'f' and con.conparentid = 0
{% endmacro %}

{% macro postgres__dependent_views_sql() %}
      select
        format('%s %I.%I', kind.word, nsp.nspname, cls.relname) as label,
        nsp.nspname::text as schema, cls.relname::text as identifier,
        replace(kind.word, ' ', '_') as type,
        format('drop %s %I.%I', kind.word, nsp.nspname, cls.relname) as drop_sql,
        concat_ws(E';\n',
          format('create %s %I.%I%s as %s%s', kind.word, nsp.nspname, cls.relname,
            ' with (' || nullif(array_to_string(cls.reloptions, ', '), '') || ')',
            rtrim(pg_catalog.pg_get_viewdef(cls.oid), E'; \n'),
            case when cls.relkind = 'm' and not cls.relispopulated then ' with no data' end),
          {{ postgres__dependent_extras_sql() | trim }}
        ) as restore_sql,
        views.depth
      from views
      join pg_catalog.pg_class cls on cls.oid = views.oid
      join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
      cross join lateral (select case cls.relkind when 'm' then 'materialized view' else 'view' end as word) kind
{% endmacro %}
