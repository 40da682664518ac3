{# What belongs to a view beside its query: indexes, triggers, rules, comments, grants, owner. Each expression is a statement or null. #}
{% macro postgres__dependent_extras_sql() %}
          (select string_agg(concat_ws(E';\n', pg_catalog.pg_get_indexdef(ind.indexrelid), {{ postgres__index_marks_sql() | trim }}), E';\n')
             from pg_catalog.pg_index ind where ind.indrelid = cls.oid),
          (select string_agg(concat_ws(E';\n', pg_catalog.pg_get_triggerdef(trg.oid),
               {{ postgres__comment_sql('trigger', 'trg.tgname', 'trg.oid', 'pg_trigger', on='cls.oid::regclass') }}), E';\n')
             from pg_catalog.pg_trigger trg where trg.tgrelid = cls.oid and not trg.tgisinternal),
          (select string_agg(concat_ws(E';\n', rtrim(pg_catalog.pg_get_ruledef(rule.oid), E'; \n'),
               {{ postgres__comment_sql('rule', 'rule.rulename', 'rule.oid', 'pg_rewrite', on='cls.oid::regclass') }}), E';\n')
             from pg_catalog.pg_rewrite rule where rule.ev_class = cls.oid and rule.rulename <> '_RETURN'),
          (select string_agg(format('alter materialized view %I.%I alter column %I set statistics %s',
               nsp.nspname, cls.relname, att.attname, att.attstattarget), E';\n')
             from pg_catalog.pg_attribute att
             where att.attrelid = cls.oid and cls.relkind = 'm' and att.attnum > 0 and att.attstattarget > 0),
          format('comment on %s %I.%I is %L', kind.word, nsp.nspname, cls.relname,
            nullif(pg_catalog.obj_description(cls.oid, 'pg_class'), '')),
          {{ postgres__dependent_columns_sql() | trim }},
          {{ postgres__dependent_grants_sql('<>') | trim }},
          case when cls.relowner <> (select rol.oid from pg_catalog.pg_roles rol where rol.rolname = current_user)
            then format('alter %s %I.%I owner to %I', kind.word, nsp.nspname, cls.relname,
              pg_catalog.pg_get_userbyid(cls.relowner)) end,
          {{ postgres__dependent_grants_sql('=') | trim }}
{% endmacro %}

{# A comment set again, or null where there is none. #}
{% macro postgres__comment_sql(kind, name, oid, catalog, on=none) -%}
  case when pg_catalog.obj_description({{ oid }}, '{{ catalog }}') is not null then
    format('comment on {{ kind }} %I{{ ' on %s' if on }} is %L', {{ name }}{{ ', ' ~ on if on }}, pg_catalog.obj_description({{ oid }}, '{{ catalog }}')) end
{%- endmacro %}

{# What is said of an index `ind` beside its definition: its comment, and whether its table is clustered by it. #}
{% macro postgres__index_marks_sql() %}
  (select concat_ws(E';\n',
      case when ind.indisclustered then format('alter %s %s cluster on %I',
        case (select own.relkind from pg_catalog.pg_class own where own.oid = ind.indrelid) when 'm' then 'materialized view' else 'table' end,
        ind.indrelid::regclass, marked.relname) end,
      format('comment on index %I.%I is %L', space.nspname, marked.relname, nullif(pg_catalog.obj_description(marked.oid, 'pg_class'), '')))
    from pg_catalog.pg_class marked join pg_catalog.pg_namespace space on space.oid = marked.relnamespace
    where marked.oid = ind.indexrelid and (ind.indisclustered or pg_catalog.obj_description(marked.oid, 'pg_class') is not null))
{% endmacro %}

{% macro postgres__dependent_columns_sql() %}
          (select string_agg(format('comment on column %I.%I.%I is %L', nsp.nspname, cls.relname, att.attname,
               pg_catalog.col_description(cls.oid, att.attnum)), E';\n')
             from pg_catalog.pg_attribute att
             where att.attrelid = cls.oid and att.attnum > 0
               and pg_catalog.col_description(cls.oid, att.attnum) is not null)
{% endmacro %}

{# What the session's own user holds is granted once it is no longer the owner, which would make it nothing. #}
{% macro postgres__dependent_grants_sql(to_session) %}
          (select string_agg(format('grant %s%s on %I.%I to %s%s', acl.privilege_type,
               ' (' || quote_ident(held.column_name) || ')', nsp.nspname, cls.relname,
               case acl.grantee when 0 then 'public' else quote_ident(pg_catalog.pg_get_userbyid(acl.grantee)) end,
               case when acl.is_grantable then ' with grant option' end), E';\n')
             from (
               select cls.relacl as items, null::text as column_name
               union all
               select att.attacl, att.attname::text from pg_catalog.pg_attribute att
               where att.attrelid = cls.oid and att.attacl is not null
             ) held
             cross join lateral pg_catalog.aclexplode(held.items) acl
             where acl.grantee <> cls.relowner
               and acl.grantee {{ to_session }} (select rol.oid from pg_catalog.pg_roles rol where rol.rolname = current_user))
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
          (select string_agg(format('alter view %I.%I alter column %I set default %s', nsp.nspname, cls.relname,
               att.attname, pg_catalog.pg_get_expr(def.adbin, def.adrelid)), E';\n')
             from pg_catalog.pg_attrdef def
             join pg_catalog.pg_attribute att on att.attrelid = def.adrelid and att.attnum = def.adnum
             where def.adrelid = cls.oid),
          {{ postgres__dependent_extras_sql() | trim }}
        ) as restore_sql,
        found.depth
      from found
      join pg_catalog.pg_class cls on found.kind = 'pg_catalog.pg_class'::regclass and cls.oid = found.oid and found.depth > 0
      join pg_catalog.pg_namespace nsp on nsp.oid = cls.relnamespace
      cross join lateral (select case cls.relkind when 'm' then 'materialized view' else 'view' end as word) kind
{% endmacro %}
