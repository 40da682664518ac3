{# What others gave a relation of ours, and what goes with it when it is dropped: policies, triggers, rules, membership in publications; grants, comments, settings. Such a row drops nothing; `own` must hold on the new relation, `own_if_fits` is let go where a column is no more. #}
{% macro postgres__own_things_sql(version) %}
      select
        format('%s of %I.%I', thing.label, target.nspname, target.relname) as label,
        null::text as schema, null::text as identifier,
        case when thing.must_hold then 'own' else 'own_if_fits' end as type,
        null::text as drop_sql, thing.restore_sql, thing.place as depth
      from target
      cross join lateral (
        {{ postgres__own_rules_sql(version) }}
        union all
        {{ postgres__own_settings_sql(version) }}
        union all
        {{ postgres__own_grants_sql() }}
      ) thing(label, must_hold, restore_sql, place)
      where thing.restore_sql is not null
{% endmacro %}

{# Columns and rows of a publication came with PostgreSQL 15. #}
{% macro postgres__own_rules_sql(version) %}
        select format('policy %I', pol.polname), true, concat_ws(E';\n', {{ postgres__policy_sql() | trim }},
          {{ postgres__comment_sql('policy', 'pol.polname', 'pol.oid', 'pg_policy', on='pol.polrelid::regclass') }}), 0.2
        from pg_catalog.pg_policy pol where pol.polrelid = target.oid
        union all
        select 'row security', true, concat_ws(E';\n',
          case when target.relrowsecurity then format('alter table %I.%I enable row level security', target.nspname, target.relname) end,
          case when target.relforcerowsecurity then format('alter table %I.%I force row level security', target.nspname, target.relname) end), 0.1
        where target.relrowsecurity or target.relforcerowsecurity
        union all
        select format('trigger %I', trg.tgname), true, concat_ws(E';\n', pg_catalog.pg_get_triggerdef(trg.oid),
          case trg.tgenabled
            when 'D' then format('alter table %I.%I disable trigger %I', target.nspname, target.relname, trg.tgname)
            when 'A' then format('alter table %I.%I enable always trigger %I', target.nspname, target.relname, trg.tgname)
            when 'R' then format('alter table %I.%I enable replica trigger %I', target.nspname, target.relname, trg.tgname) end,
          {{ postgres__comment_sql('trigger', 'trg.tgname', 'trg.oid', 'pg_trigger', on='trg.tgrelid::regclass') }}), 0.2
        from pg_catalog.pg_trigger trg where trg.tgrelid = target.oid and not trg.tgisinternal
        union all
        select format('rule %I', rule.rulename), true, concat_ws(E';\n', rtrim(pg_catalog.pg_get_ruledef(rule.oid), E'; \n'),
          {{ postgres__comment_sql('rule', 'rule.rulename', 'rule.oid', 'pg_rewrite', on='rule.ev_class::regclass') }}), 0.2
        from pg_catalog.pg_rewrite rule where rule.ev_class = target.oid and rule.rulename <> '_RETURN'
        union all
        select format('membership in publication %I', pub.pubname), true,
          format('alter publication %I add table %I.%I{{ '%s%s' if version >= 150000 }}', pub.pubname, target.nspname, target.relname
          {%- if version >= 150000 %},
            (select ' (' || string_agg(quote_ident(att.attname), ', ') || ')' from pg_catalog.pg_attribute att
              where att.attrelid = target.oid and att.attnum = any(member.prattrs)),
            ' where (' || pg_catalog.pg_get_expr(member.prqual, target.oid) || ')'
          {%- endif %}), 0.3
        from pg_catalog.pg_publication_rel member
        join pg_catalog.pg_publication pub on pub.oid = member.prpubid
        where member.prrelid = target.oid
{% endmacro %}

{# Targets of statistics came with PostgreSQL 13. #}
{% macro postgres__own_settings_sql(version) %}
        select 'settings', false, format('alter %s %I.%I set (%s)', target.word, target.nspname, target.relname,
          (select string_agg(format('%s = %L', option.option_name, option.option_value), ', ')
             from pg_catalog.pg_options_to_table(target.reloptions) option)), 0.1
        where target.reloptions is not null
        union all
        select 'replica identity', false, format('alter table %I.%I replica identity %s', target.nspname, target.relname,
          case target.relreplident when 'f' then 'full' else 'nothing' end), 0.1
        where target.relreplident in ('f', 'n') and target.relkind in ('r', 'p')
        union all
        select 'targets of statistics', false, string_agg(format('alter %s %I.%I alter column %I set statistics %s',
          target.word, target.nspname, target.relname, att.attname, att.attstattarget), E';\n'), 0.1
        from pg_catalog.pg_attribute att
        where att.attrelid = target.oid and att.attnum > 0 and not att.attisdropped and att.attstattarget > 0
        union all
        select 'storage of columns', false, string_agg(format('alter table %I.%I alter column %I set storage %s',
          target.nspname, target.relname, att.attname,
          case att.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end), E';\n'), 0.1
        from pg_catalog.pg_attribute att
        join pg_catalog.pg_type typ on typ.oid = att.atttypid and typ.typstorage <> att.attstorage
        where att.attrelid = target.oid and att.attnum > 0 and not att.attisdropped and target.relkind in ('r', 'p')
        union all
        select format('statistics %I', stx.stxname), false, concat_ws(E';\n', pg_catalog.pg_get_statisticsobjdef(stx.oid),
{%- if version >= 130000 %}
          case when stx.stxstattarget > 0 then format('alter statistics %I.%I set statistics %s', space.nspname, stx.stxname, stx.stxstattarget) end,
{%- endif %}
          case when pg_catalog.obj_description(stx.oid, 'pg_statistic_ext') is not null then format('comment on statistics %I.%I is %L',
            space.nspname, stx.stxname, pg_catalog.obj_description(stx.oid, 'pg_statistic_ext')) end), 0.2
        from pg_catalog.pg_statistic_ext stx
        join pg_catalog.pg_namespace space on space.oid = stx.stxnamespace
        where stx.stxrelid = target.oid
        union all
        select format('index %I', cls.relname), false,
          concat_ws(E';\n', pg_catalog.pg_get_indexdef(ind.indexrelid), {{ postgres__index_marks_sql() | trim }}), 0.2
        from pg_catalog.pg_index ind
        join pg_catalog.pg_class cls on cls.oid = ind.indexrelid
        where ind.indrelid = target.oid and cls.relname !~ '^[0-9a-f]{32}$'
          and not exists (select 1 from pg_catalog.pg_constraint con where con.conindid = ind.indexrelid and con.conrelid = target.oid)
        union all
        {{ postgres__own_mark_sql('replica identity', 'replica identity using index', 'ind.indisreplident') }}
        union all
        {{ postgres__own_mark_sql('cluster mark', 'cluster on', "ind.indisclustered and (cls.relname ~ '^[0-9a-f]{32}$'
          or exists (select 1 from pg_catalog.pg_constraint con where con.conindid = ind.indexrelid and con.conrelid = target.oid))") }}
        {%- if not config.persist_relation_docs() %}
        union all
        select 'comment', false, format('comment on %s %I.%I is %L', target.word, target.nspname, target.relname,
          pg_catalog.obj_description(target.oid, 'pg_class')), 0.1
        where pg_catalog.obj_description(target.oid, 'pg_class') is distinct from {{ adapter.literal(model.description or '') }}
        {%- endif %}
        {%- if not config.persist_column_docs() %}
        union all
        select format('comment on column %I', att.attname), false, format('comment on column %I.%I.%I is %L',
          target.nspname, target.relname, att.attname, pg_catalog.col_description(target.oid, att.attnum)), 0.1
        from pg_catalog.pg_attribute att
        where att.attrelid = target.oid and att.attnum > 0 and pg_catalog.col_description(target.oid, att.attnum) is not null
        {%- for column in postgres__documented_columns() %}
          and not (att.attname = {{ adapter.literal(column.name) }} and pg_catalog.col_description(target.oid, att.attnum) = {{ adapter.literal(column.description) }})
        {%- endfor %}
        {%- endif %}
{% endmacro %}

{# An index that the model itself makes, of a constraint or by its config, has another name each time: it is known by what it says. #}
{% macro postgres__own_mark_sql(label, statement, condition) %}
        select '{{ label }}', false, format($mark$do $karat_mark$ declare found name; begin
            select cls.relname into strict found from pg_catalog.pg_index ind join pg_catalog.pg_class cls on cls.oid = ind.indexrelid
            where ind.indrelid = %1$L::regclass and regexp_replace(pg_catalog.pg_get_indexdef(cls.oid), ' INDEX .* USING ', ' ') = %2$L limit 1;
            execute format('alter table %%s {{ statement }} %%I', %1$L, found);
          end $karat_mark$$mark$, format('%I.%I', target.nspname, target.relname),
          regexp_replace(pg_catalog.pg_get_indexdef(ind.indexrelid), ' INDEX .* USING ', ' ')), 0.3
        from pg_catalog.pg_index ind
        join pg_catalog.pg_class cls on cls.oid = ind.indexrelid
        where ind.indrelid = target.oid and target.relkind in ('r', 'p') and {{ condition }}
{% endmacro %}

{# Grants last, and the owner after them. #}
{% macro postgres__own_grants_sql() %}
        select format('grant of %s', lower(acl.privilege_type)), acl.column_name is null,
          format('grant %s%s on %I.%I to %s%s', acl.privilege_type, ' (' || quote_ident(acl.column_name) || ')',
            target.nspname, target.relname,
            case acl.grantee when 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(acl.grantee)) end,
            case when acl.is_grantable then ' with grant option' end),
          {#- to the session's own user once it is no longer the owner -#}
          case when pg_catalog.pg_get_userbyid(acl.grantee) = current_user then 0.47 else 0.4 end
        from (
          select given.*, null::text as column_name from pg_catalog.aclexplode(target.relacl) given
          union all
          select given.*, att.attname::text from pg_catalog.pg_attribute att
          cross join lateral pg_catalog.aclexplode(att.attacl) given
          where att.attrelid = target.oid and att.attacl is not null
        ) acl
        where acl.grantee <> target.relowner
        union all
        select 'owner', true, format('alter %s %I.%I owner to %I', target.word, target.nspname, target.relname,
          pg_catalog.pg_get_userbyid(target.relowner)), 0.45
        where target.relowner <> (select rol.oid from pg_catalog.pg_roles rol where rol.rolname = current_user)
{% endmacro %}
