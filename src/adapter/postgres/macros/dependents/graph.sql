{# One row per thing that hangs on a relation, nearest first: label, schema, name, type, and the statements that drop it and set it up again. A row without a statement to set it up again stands in the way. #}
{% macro postgres__dependents_sql(relation, version) %}
    {{ postgres__graph_sql(relation) }}
    select label, schema, identifier, type, drop_sql, restore_sql from (
      {{ postgres__own_things_sql(version) }}
      union all
      {{ postgres__dependent_views_sql() }}
      union all
      {{ postgres__dependent_functions_sql() }}
      union all
      {{ postgres__dependent_rules_sql() }}
      union all
      {{ postgres__dependent_policies_sql() }}
      union all
      {{ postgres__referenced_keys_sql() }}
      union all
      {{ postgres__dependent_keys_sql() }}
      union all
      {{ postgres__dependent_sequences_sql() }}
      union all
      {{ postgres__obstacles_sql() }}
    ) dependent
    where restore_sql is not null or type = 'obstacle'
    order by depth, label
{% endmacro %}

{# Claims them, in an order that all share. The definition of a view cannot be asked for without a lock on the view itself, so this comes first. #}
{% macro postgres__lock_dependents_sql(relation) %}
    {{ postgres__graph_sql(relation) }}
    select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('karat: ' || name, 0))::text
    from (
      select lower(nsp.nspname || '.' || coalesce(cls.relname, prc.proname)) as name
      from found
      left join pg_catalog.pg_class cls on found.kind = 'pg_class'::regclass and cls.oid = found.oid
      left join pg_catalog.pg_proc prc on found.kind = 'pg_proc'::regclass and prc.oid = found.oid
      join pg_catalog.pg_namespace nsp on nsp.oid = coalesce(cls.relnamespace, prc.pronamespace)
      where found.depth > 0
      union
      select links.classid || '.' || links.objid from found
      join links on links.below = found.oid and links.below_kind = found.kind
      where links.classid in ('pg_rewrite'::regclass, 'pg_policy'::regclass)
      union
      select con.conrelid || '.' || con.conname from pg_catalog.pg_constraint con
      join target on con.confrelid = target.oid and con.conrelid <> target.oid
      where con.contype = 'f' and con.conparentid = 0
      order by 1
    ) dependent
{% endmacro %}

{# The relation itself (`target`), and whatever is reached from it (`found`), each with its distance. #}
{% macro postgres__graph_sql(relation) %}
    with recursive target as (
      select cls.*, nsp.nspname,
        case cls.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as word
      from pg_catalog.pg_class cls
      join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
      where cls.oid = {{ adapter.literal(relation | string) }}::regclass
    ), links as (
      {{ postgres__dependency_links_sql() | trim }}
    ), edges as (
      select distinct below_kind, below, 'pg_class'::regclass::oid as above_kind, rule.ev_class as above
      from links
      join pg_catalog.pg_rewrite rule on links.classid = 'pg_rewrite'::regclass and rule.oid = links.objid
      join pg_catalog.pg_class cls on cls.oid = rule.ev_class and cls.relkind in ('v', 'm')
      where rule.ev_class <> below
      union
      select below_kind, below, classid, objid from links where classid = 'pg_proc'::regclass
    ), reached(kind, oid, depth) as (
      select 'pg_class'::regclass::oid, target.oid, 0 from target
      union
      select above_kind, above, depth + 1 from reached
      join edges on below = reached.oid and below_kind = reached.kind
      where depth < 1000
    ), found as (
      select kind, oid, max(depth)::numeric as depth from reached group by kind, oid
    )
{% endmacro %}

{# What depends on what; a type of rows stands for its relation. #}
{% macro postgres__dependency_links_sql() %}
      select dep.classid, dep.objid, dep.objsubid, dep.deptype,
        case when typ.typrelid is not null then 'pg_class'::regclass::oid else dep.refclassid end as below_kind,
        coalesce(typ.typrelid, dep.refobjid) as below
      from pg_catalog.pg_depend dep
      left join lateral (
        select coalesce(nullif(own.typrelid, 0), nullif(item.typrelid, 0)) as typrelid
        from pg_catalog.pg_type own
        left join pg_catalog.pg_type item on item.oid = own.typelem
        where dep.refclassid = 'pg_type'::regclass and own.oid = dep.refobjid
      ) typ on true
      where dep.refclassid in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass)
        and dep.classid in ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass,
          'pg_class'::regclass, 'pg_type'::regclass, 'pg_attrdef'::regclass)
        and dep.objid >= 16384
{% endmacro %}

{# What cannot be made again: columns of its row type, tables that inherit from it, defaults that call its functions. #}
{% macro postgres__obstacles_sql() %}
      select distinct
        pg_catalog.pg_describe_object(links.classid, links.objid, links.objsubid) as label,
        null::text as schema, null::text as identifier, 'obstacle' as type,
        null::text as drop_sql, null::text as restore_sql, 2000000 as depth
      from found
      join links on links.below = found.oid and links.below_kind = found.kind
      where links.deptype = 'n' and links.objid <> found.oid
        and (links.classid in ('pg_class'::regclass, 'pg_attrdef'::regclass)
          or links.classid = 'pg_type'::regclass and exists (
            select 1 from pg_catalog.pg_type typ where typ.oid = links.objid and typ.typtype = 'd'))
        and not (links.classid = 'pg_class'::regclass and links.objsubid = 0 and exists (
          select 1 from pg_catalog.pg_class cls where cls.oid = links.objid and cls.relkind not in ('r', 'p', 'f')))
{% endmacro %}

{# Is there anything to keep at all? Asked first, since the whole question takes its time. #}
{% macro postgres__has_dependents_sql(relation) %}
    select exists (
        select 1 from pg_catalog.pg_depend dep
        where (dep.refclassid = 'pg_class'::regclass and dep.refobjid = cls.oid
            or dep.refclassid = 'pg_type'::regclass and dep.refobjid in (cls.reltype, (
              select typ.typarray from pg_catalog.pg_type typ where typ.oid = cls.reltype)))
          and dep.classid not in ('pg_type'::regclass, 'pg_attrdef'::regclass)
          and not (dep.classid = 'pg_constraint'::regclass and dep.deptype <> 'n')
          and not (dep.classid = 'pg_class'::regclass and exists (
            select 1 from pg_catalog.pg_class own where own.oid = dep.objid
              and (own.relkind = 't' or own.relkind = 'i' and own.relname ~ '^[0-9a-f]{32}$')))
          and not (dep.classid = 'pg_rewrite'::regclass and dep.deptype = 'i')
      ) or exists (
        select 1 from pg_catalog.pg_description said where said.objoid = cls.oid and said.classoid = 'pg_class'::regclass
      ) or exists (
        select 1 from pg_catalog.pg_attribute att
        where att.attrelid = cls.oid and (att.attacl is not null or att.attstattarget > 0)
      ) or cls.relacl is not null or cls.reloptions is not null or cls.relreplident in ('f', 'n')
      or cls.relowner <> (select rol.oid from pg_catalog.pg_roles rol where rol.rolname = current_user),
      pg_catalog.current_setting('server_version_num')::int
    from pg_catalog.pg_class cls
    where cls.oid = {{ adapter.literal(relation | string) }}::regclass
{% endmacro %}
