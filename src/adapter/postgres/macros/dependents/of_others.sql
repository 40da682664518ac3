{# Functions, rules, policies and foreign keys of others that name a relation. #}
{% macro postgres__dependent_functions_sql() %}
      select
        format('function %s', prc.oid::regprocedure) as label,
        nsp.nspname::text as schema, prc.proname::text as identifier, 'function' as type,
        format('drop %s %s', kind.word, prc.oid::regprocedure) as drop_sql,
        concat_ws(E';\n',
          rtrim(pg_catalog.pg_get_functiondef(prc.oid), E'; \n'),
          case when prc.proacl is not null
            then format('revoke all on %s %s from public', kind.word, prc.oid::regprocedure) end,
          (select string_agg(format('grant execute on %s %s to %s%s', kind.word, prc.oid::regprocedure,
               case acl.grantee when 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(acl.grantee)) end,
               case when acl.is_grantable then ' with grant option' end), E';\n')
             from pg_catalog.aclexplode(prc.proacl) acl where acl.grantee <> prc.proowner),
          format('comment on %s %s is %L', kind.word, prc.oid::regprocedure,
            nullif(pg_catalog.obj_description(prc.oid, 'pg_proc'), '')),
          case when prc.proowner <> (select rol.oid from pg_catalog.pg_roles rol where rol.rolname = current_user)
            then format('alter %s %s owner to %I', kind.word, prc.oid::regprocedure,
              pg_catalog.pg_get_userbyid(prc.proowner)) end
        ) as restore_sql,
        found.depth + 0.5 as depth
      from found
      join pg_catalog.pg_proc prc on found.kind = 'pg_catalog.pg_proc'::regclass and prc.oid = found.oid and prc.prokind in ('f', 'p')
      join pg_catalog.pg_namespace nsp on nsp.oid = prc.pronamespace
      cross join lateral (select case prc.prokind when 'p' then 'procedure' else 'function' end as word) kind
{% endmacro %}

{# Rules of tables, which act upon it. #}
{% macro postgres__dependent_rules_sql() %}
      select distinct
        format('rule %I of %s', rule.rulename, rule.ev_class::regclass) as label,
        null::text as schema, null::text as identifier, 'rule' as type,
        format('drop rule %I on %s', rule.rulename, rule.ev_class::regclass) as drop_sql,
        concat_ws(E';\n', rtrim(pg_catalog.pg_get_ruledef(rule.oid), E'; \n'),
          {{ postgres__comment_sql('rule', 'rule.rulename', 'rule.oid', 'pg_rewrite', on='rule.ev_class::regclass') }}) as restore_sql,
        500000 as depth
      from found
      join links on links.below = found.oid and links.below_kind = found.kind
      join pg_catalog.pg_rewrite rule on links.classid = 'pg_catalog.pg_rewrite'::regclass and rule.oid = links.objid
      join pg_catalog.pg_class cls on cls.oid = rule.ev_class and cls.relkind not in ('v', 'm')
      where rule.ev_class not in (select oid from target)
{% endmacro %}

{# Policies of other tables, which ask it. #}
{% macro postgres__dependent_policies_sql() %}
      select distinct
        format('policy %I of %s', pol.polname, pol.polrelid::regclass) as label,
        null::text as schema, null::text as identifier, 'policy' as type,
        format('drop policy %I on %s', pol.polname, pol.polrelid::regclass) as drop_sql,
        concat_ws(E';\n', {{ postgres__policy_sql() | trim }},
          {{ postgres__comment_sql('policy', 'pol.polname', 'pol.oid', 'pg_policy', on='pol.polrelid::regclass') }}) as restore_sql,
        500001 as depth
      from found
      join links on links.below = found.oid and links.below_kind = found.kind
      join pg_catalog.pg_policy pol on links.classid = 'pg_catalog.pg_policy'::regclass and pol.oid = links.objid
      where pol.polrelid not in (select oid from target)
{% endmacro %}

{% macro postgres__policy_sql() %}
        format('create policy %I on %s as %s for %s to %s%s%s', pol.polname, pol.polrelid::regclass,
          case when pol.polpermissive then 'permissive' else 'restrictive' end,
          case pol.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
          (select string_agg(case member when 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(member)) end, ', ')
             from unnest(pol.polroles) member),
          ' using (' || pg_catalog.pg_get_expr(pol.polqual, pol.polrelid) || ')',
          ' with check (' || pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid) || ')')
{% endmacro %}

{# A table that another session replaced meanwhile has left its key behind. #}
{% macro postgres__dependent_keys_sql() %}
      select
        format('foreign key %I of %s', con.conname, con.conrelid::regclass) as label,
        nsp.nspname::text as schema, cls.relname::text as identifier, 'constraint' as type,
        format('alter table if exists %s drop constraint if exists %I', con.conrelid::regclass, con.conname) as drop_sql,
        format($key$do $karat_key$ begin
          if exists (select 1 from pg_catalog.pg_class cls where cls.oid = %1$s) then
            alter table %2$s add constraint %3$I %4$s;
            comment on constraint %3$I on %2$s is %5$L;
          end if;
        end $karat_key$$key$,
          con.conrelid::oid, con.conrelid::regclass, con.conname, pg_catalog.pg_get_constraintdef(con.oid),
          pg_catalog.obj_description(con.oid, 'pg_constraint')) as restore_sql,
        1000000 as depth
      from pg_catalog.pg_constraint con
      join target on con.confrelid = target.oid and con.conrelid <> target.oid
      join pg_catalog.pg_class cls on cls.oid = con.conrelid
      join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
      where con.contype = 'f' and con.conparentid = 0
{% endmacro %}

{# The keys that foreign keys of others rely on, where the new relation has none on these columns. #}
{% macro postgres__referenced_keys_sql() %}
      select
        format('key %I', key.conname) as label,
        null::text as schema, null::text as identifier, 'own_if_fits' as type, null::text as drop_sql,
        format($key$do $karat_key$ begin
          if not exists (select 1 from pg_catalog.pg_constraint con where con.conrelid = %1$L::regclass and con.contype in ('p', 'u')
              and regexp_replace(pg_catalog.pg_get_constraintdef(con.oid), '^[A-Z ]*', '') = %2$L) then
            alter table %1$s add constraint %3$I %4$s;
          end if;
        end $karat_key$$key$,
          format('%I.%I', target.nspname, target.relname),
          regexp_replace(pg_catalog.pg_get_constraintdef(key.oid), '^[A-Z ]*', ''),
          key.conname, pg_catalog.pg_get_constraintdef(key.oid)) as restore_sql,
        0.25 as depth
      from target
      join pg_catalog.pg_constraint key on key.conrelid = target.oid and key.contype in ('p', 'u')
      where exists (select 1 from pg_catalog.pg_constraint con
        where con.contype = 'f' and con.conindid = key.conindid and con.confrelid = target.oid and con.conrelid <> target.oid)
{% endmacro %}

{# Sequences that would go with a column; let go where there is no such column any more. #}
{% macro postgres__dependent_sequences_sql() %}
      select
        format('sequence %s', dep.objid::regclass) as label,
        null::text as schema, null::text as identifier, 'own_if_fits' as type,
        format('alter sequence %s owned by none', dep.objid::regclass) as drop_sql,
        format('alter sequence %s owned by %I.%I.%I', dep.objid::regclass, target.nspname, target.relname, att.attname) as restore_sql,
        500002 as depth
      from target
      join pg_catalog.pg_depend dep on dep.refobjid = target.oid
      join pg_catalog.pg_class cls on cls.oid = dep.objid and cls.relkind = 'S'
      join pg_catalog.pg_attribute att on att.attrelid = target.oid and att.attnum = dep.refobjsubid
      where dep.refclassid = 'pg_catalog.pg_class'::regclass and dep.classid = 'pg_catalog.pg_class'::regclass and dep.deptype = 'a'
{% endmacro %}
