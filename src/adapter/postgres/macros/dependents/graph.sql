{# One row per thing that hangs on a relation, nearest first: label, schema, name, type, and the statements that drop it and set it up again. A row without a statement to set it up again stands in the way. Only kinds that are there are asked for, since PostgreSQL plans each question anew. #}
{% macro postgres__dependents_sql(relation, version, kinds) %}
    {%- set questions = [] -%}
    {%- for kind in kinds -%}
      {%- do questions.append(postgres__dependents_of_kind_sql(kind, version)) -%}
    {%- endfor %}
    {{ postgres__graph_sql(relation) }}
    select label, schema, identifier, type, drop_sql, restore_sql from (
      {{ questions | join(' union all ') }}
    ) dependent
    where restore_sql is not null or type = 'obstacle'
    order by depth, label
{% endmacro %}

{% macro postgres__dependents_of_kind_sql(kind, version) %}
  {%- if kind == 'own' -%}{{ postgres__own_things_sql(version) }} union all {{ postgres__dependent_sequences_sql() }}
  {%- elif kind == 'views' -%}{{ postgres__dependent_views_sql() }}
  {%- elif kind == 'functions' -%}{{ postgres__dependent_functions_sql() }}
  {%- elif kind == 'rules' -%}{{ postgres__dependent_rules_sql() }}
  {%- elif kind == 'policies' -%}{{ postgres__dependent_policies_sql() }}
  {%- elif kind == 'keys' -%}{{ postgres__referenced_keys_sql() }} union all {{ postgres__dependent_keys_sql() }}
  {%- else -%}{{ postgres__obstacles_sql() }}
  {%- endif -%}
{% endmacro %}

{# Claims them, in an order that all share, and tells which kinds there are. The definition of a view cannot be asked for without a lock on the view itself, so this comes first. #}
{% macro postgres__lock_dependents_sql(relation) %}
    {{ postgres__graph_sql(relation) }}
    select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('karat: ' || name, 0))::text, kind
    from (
      select lower(nsp.nspname || '.' || coalesce(cls.relname, prc.proname)) as name,
        case when prc.oid is null then 'views' else 'functions' end as kind
      from found
      left join pg_catalog.pg_class cls on found.kind = 'pg_catalog.pg_class'::regclass and cls.oid = found.oid
      left join pg_catalog.pg_proc prc on found.kind = 'pg_catalog.pg_proc'::regclass and prc.oid = found.oid
      join pg_catalog.pg_namespace nsp on nsp.oid = coalesce(cls.relnamespace, prc.pronamespace)
      where found.depth > 0
      union
      select links.classid || '.' || links.objid, case when rule.oid is null then 'policies' else 'rules' end
      from links
      left join pg_catalog.pg_rewrite rule on links.classid = 'pg_catalog.pg_rewrite'::regclass and rule.oid = links.objid
      where links.classid = 'pg_catalog.pg_policy'::regclass or rule.rulename <> '_RETURN'
      union
      select con.conrelid || '.' || con.conname, 'keys' from pg_catalog.pg_constraint con
      join target on con.confrelid = target.oid and con.conrelid <> target.oid
      where con.contype = 'f' and con.conparentid = 0
      union
      select null, 'obstacles' from links
      where deptype = 'n' and classid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_attrdef'::regclass, 'pg_catalog.pg_type'::regclass)
      union
      select null, 'own' from target
      where {{ postgres__has_own_things_sql('target') | trim }}
      order by 1, 2
    ) dependent
{% endmacro %}

{# Is there anything of its own to keep? #}
{% macro postgres__has_own_things_sql(cls) %}
      exists (
        select 1 from pg_catalog.pg_depend dep
        where dep.refclassid = 'pg_catalog.pg_class'::regclass and dep.refobjid = {{ cls }}.oid
          and (dep.classid in ('pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_statistic_ext'::regclass, 'pg_catalog.pg_publication_rel'::regclass)
            or dep.classid = 'pg_catalog.pg_class'::regclass and not {{ postgres__goes_along_sql() }}
            or dep.classid = 'pg_catalog.pg_rewrite'::regclass and exists (
              select 1 from pg_catalog.pg_rewrite own where own.oid = dep.objid
                and own.ev_class = {{ cls }}.oid and own.rulename <> '_RETURN'))
      ) or {{ postgres__has_properties_sql(cls) | trim }}
{% endmacro %}

{# A relation that belongs to another and is made anew with it: what is kept out of line, and karat's own indexes. #}
{% macro postgres__goes_along_sql() -%}
            exists (
              select 1 from pg_catalog.pg_class own where own.oid = dep.objid
                and (own.relkind = 't' or own.relkind = 'i' and own.relname ~ '^[0-9a-f]{32}$'))
{%- endmacro %}

{% macro postgres__has_properties_sql(cls) %}
      exists (
        select 1 from pg_catalog.pg_description said where said.objoid = {{ cls }}.oid and said.classoid = 'pg_catalog.pg_class'::regclass
      ) or exists (
        select 1 from pg_catalog.pg_attribute att
        join pg_catalog.pg_type typ on typ.oid = att.atttypid
        where att.attrelid = {{ cls }}.oid and att.attnum > 0
          and (att.attacl is not null or att.attstattarget > 0 or att.attstorage <> typ.typstorage)
      ) or exists (
        select 1 from pg_catalog.pg_index ind
        where ind.indrelid = {{ cls }}.oid and (ind.indisclustered or ind.indisreplident)
      ) or {{ cls }}.relacl is not null or {{ cls }}.reloptions is not null
      or {{ cls }}.relrowsecurity or {{ cls }}.relforcerowsecurity
      or {{ cls }}.relreplident in ('f', 'n') and {{ cls }}.relkind in ('r', 'p')
      or {{ cls }}.relowner <> (select rol.oid from pg_catalog.pg_roles rol where rol.rolname = current_user)
{% endmacro %}

{# The relation itself (`target`), and whatever is reached from it (`found`), each with its distance. #}
{% macro postgres__graph_sql(relation) %}
    with recursive target as (
      select cls.*, nsp.nspname,
        case cls.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as word
      from pg_catalog.pg_class cls
      join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
      where cls.oid = {{ adapter.literal(relation | string) }}::regclass
    ), reached(kind, oid, depth) as (
      select 'pg_catalog.pg_class'::regclass::oid, target.oid, 0 from target
      union
      select above.kind, above.oid, reached.depth + 1
      from reached
      cross join lateral (
        {{ postgres__next_above_sql('reached') | trim }}
      ) above
      where reached.depth < 1000
    ), found as materialized (
      select kind, oid, max(depth)::numeric as depth from reached group by kind, oid
    ), links as materialized (
      select link.*, found.kind as below_kind, found.oid as below
      from found
      cross join lateral (
        {{ postgres__links_sql('found') | trim }}
      ) link
    )
{% endmacro %}

{# The views and functions that name an object of the graph. #}
{% macro postgres__next_above_sql(object) %}
        select
          case when link.classid = 'pg_catalog.pg_proc'::regclass then link.classid else 'pg_catalog.pg_class'::regclass::oid end as kind,
          coalesce(cls.oid, link.objid) as oid
        from (
          {{ postgres__links_sql(object) | trim }}
        ) link
        left join pg_catalog.pg_rewrite rule on link.classid = 'pg_catalog.pg_rewrite'::regclass and rule.oid = link.objid
        left join pg_catalog.pg_class cls on cls.oid = rule.ev_class and cls.relkind in ('v', 'm')
        where link.classid = 'pg_catalog.pg_proc'::regclass or cls.oid <> {{ object }}.oid
{% endmacro %}

{# What depends on an object of the graph, or on the type of its rows: found by the index of `pg_depend`, whose size is that of the whole database. #}
{% macro postgres__links_sql(object) %}
        select dep.classid, dep.objid, dep.objsubid, dep.deptype
        from (
          select {{ object }}.kind as classid, {{ object }}.oid as objid
          union all
          select 'pg_catalog.pg_type'::regclass::oid, unnest(array[typ.oid, typ.typarray])
          from pg_catalog.pg_class cls
          join pg_catalog.pg_type typ on typ.oid = cls.reltype
          where cls.oid = {{ object }}.oid and {{ object }}.kind = 'pg_catalog.pg_class'::regclass
        ) named
        join pg_catalog.pg_depend dep on dep.refclassid = named.classid and dep.refobjid = named.objid
        where dep.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_policy'::regclass,
            'pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_attrdef'::regclass)
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
        and (links.classid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_attrdef'::regclass)
          or links.classid = 'pg_catalog.pg_type'::regclass and exists (
            select 1 from pg_catalog.pg_type typ where typ.oid = links.objid and typ.typtype = 'd'))
        and not (links.classid = 'pg_catalog.pg_class'::regclass and links.objsubid = 0 and exists (
          select 1 from pg_catalog.pg_class cls where cls.oid = links.objid and cls.relkind not in ('r', 'p', 'f')))
{% endmacro %}

{# Is there anything to keep at all? Asked first, since the whole question takes its time. #}
{% macro postgres__has_dependents_sql(relation) %}
    select exists (
        select 1 from pg_catalog.pg_depend dep
        where (dep.refclassid = 'pg_catalog.pg_class'::regclass and dep.refobjid = cls.oid
            or dep.refclassid = 'pg_catalog.pg_type'::regclass and dep.refobjid in (cls.reltype, (
              select typ.typarray from pg_catalog.pg_type typ where typ.oid = cls.reltype)))
          and dep.classid not in ('pg_catalog.pg_type'::regclass, 'pg_catalog.pg_attrdef'::regclass)
          and not (dep.classid = 'pg_catalog.pg_constraint'::regclass and dep.deptype <> 'n')
          and not (dep.classid = 'pg_catalog.pg_class'::regclass and {{ postgres__goes_along_sql() }})
          and not (dep.classid = 'pg_catalog.pg_rewrite'::regclass and exists (
            select 1 from pg_catalog.pg_rewrite own where own.oid = dep.objid
              and own.ev_class = cls.oid and own.rulename = '_RETURN'))
      ) or {{ postgres__has_properties_sql('cls') | trim }},
      pg_catalog.current_setting('server_version_num')::int
    from pg_catalog.pg_class cls
    where cls.oid = {{ adapter.literal(relation | string) }}::regclass
{% endmacro %}
