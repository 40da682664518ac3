{# A view that others read is replaced in place where its columns allow it, so that they need not be touched. #}
{% macro postgres__karat__publish_view(existing, intermediate, target, backup) %}
  {% if existing is none or not existing.is_view or not postgres__view_can_stay(existing, intermediate) %}
    {% do karat__publish_relation(existing, intermediate, target, backup) %}
    {% do return(false) %}
  {% endif %}
  {% do karat__lock_briefly('replace_view', target, [get_replace_view_sql(target, sql) | trim]) %}
  {% do karat__drop_backup(intermediate) %}
  {% do return(true) %}
{% endmacro %}

{# Something reads the old view, and the new one begins with the same columns. #}
{% macro postgres__view_can_stay(old, new) %}
  {% set query %}
    select
      exists (
        select 1 from pg_catalog.pg_depend dep
        join pg_catalog.pg_rewrite rule on dep.classid = 'pg_rewrite'::regclass and rule.oid = dep.objid
        where dep.refclassid = 'pg_class'::regclass and dep.refobjid = {{ adapter.literal(old) }}::regclass
          and rule.ev_class <> dep.refobjid
      ) and not exists (
        select 1 from pg_catalog.pg_attribute was
        left join pg_catalog.pg_attribute will
          on will.attrelid = {{ adapter.literal(new) }}::regclass and will.attnum = was.attnum
         and will.attname = was.attname and will.atttypid = was.atttypid
         and will.atttypmod = was.atttypmod and will.attcollation = was.attcollation
        where was.attrelid = {{ adapter.literal(old) }}::regclass and was.attnum > 0 and will.attrelid is null
      )
  {% endset %}
  {% do return(run_query(query)[0][0]) %}
{% endmacro %}
