{# Changes of a table that stays: its readers are kept out by a short try after another, so that nobody queues behind the wait. #}
{% macro postgres__alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) %}
  {% do karat__lock_briefly('lock_table', relation, [postgres__keep_readers_out_sql(relation)]) %}
  {% do default__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
{% endmacro %}

{% macro postgres__create_columns(relation, columns) %}
  {% if columns %}
    {% do karat__lock_briefly('lock_table', relation, [postgres__keep_readers_out_sql(relation)]) %}
    {% do default__create_columns(relation, columns) %}
  {% endif %}
{% endmacro %}

{# In place, where `dependents: drop` does not ask for dbt's own way: views on the column are set up again, and a longer `varchar` costs nothing. #}
{% macro postgres__alter_column_type(relation, column_name, new_column_type) %}
  {% do karat__lock_briefly('lock_table', relation, [postgres__keep_readers_out_sql(relation)]) %}
  {% if postgres__lets_dependents_go() %}
    {% do default__alter_column_type(relation, column_name, new_column_type) %}
    {% do return(none) %}
  {% endif %}
  {% set column = adapter.quote(column_name) %}
  {% set used = run_query(postgres__column_is_used_sql(relation, column_name))[0][0] %}
  {% set dependents = karat__release_dependents(relation) | selectattr('drop') | list if used else [] %}
  {% call statement('alter_column_type') -%}
    alter table {{ relation.render() }} alter column {{ column }} type {{ new_column_type }} using {{ column }}::{{ new_column_type }}
  {%- endcall %}
  {% do karat__restore_dependents(dependents) %}
{% endmacro %}

{# Does a view, a rule or a policy name the column? #}
{% macro postgres__column_is_used_sql(relation, column_name) -%}
  select exists (
    select 1 from pg_catalog.pg_depend dep
    join pg_catalog.pg_attribute att on att.attrelid = dep.refobjid and att.attnum = dep.refobjsubid
    where dep.refclassid = 'pg_catalog.pg_class'::regclass and dep.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass)
      and dep.refobjid = {{ adapter.literal(relation.include(database=false) | string) }}::regclass
      and att.attname = {{ adapter.literal(column_name) }}
  )
{%- endmacro %}

{# The statement that keeps the readers of a table or a materialized view out until the transaction ends. A materialized view cannot be locked by name; it is given to the owner that it has. #}
{% macro postgres__keep_readers_out_sql(relation) -%}
  {%- if relation.is_materialized_view -%}
    do {{ adapter.literal(postgres__keep_owner_block(relation)) }}
  {%- else -%}
    lock table {{ relation.render() }} in access exclusive mode
  {%- endif -%}
{%- endmacro %}

{% macro postgres__keep_owner_block(relation) -%}
begin
  execute (
    select format('alter materialized view %s owner to %I', cls.oid::regclass, pg_catalog.pg_get_userbyid(cls.relowner))
    from pg_catalog.pg_class cls
    where cls.oid = {{ adapter.literal(relation.include(database=false) | string) }}::regclass
  );
end
{%- endmacro %}
