{# A view is replaced in place where its columns allow it: what reads it need not be touched, and what others gave it stays. Whatever hinders it is undone, and the view is built beside the old one, where a fault is told as usual. #}
{% macro postgres__karat__replace_view_in_place(existing, target) %}
  {% if existing is none or not existing.is_view %}
    {% do return(false) %}
  {% endif %}
  {% set create = get_create_view_as_sql(target, sql) | trim %}
  {% set start = 'create view ' ~ target.render() %}
  {#- a project's own macro may write it differently -#}
  {% if create.count(start) != 1 %}
    {% do return(false) %}
  {% endif %}
  {% set replace = create.replace(start, 'create or replace view ' ~ target.render()) %}
  {% call statement('replace_view', fetch_result=True) -%}
    {{ postgres__replace_view_sql(target, replace) }}
  {%- endcall %}
  {% if load_result('replace_view').table[0][0] != 'true' %}
    {% do return(false) %}
  {% endif %}
  {% call noop_statement('main', 'CREATE VIEW', 'CREATE VIEW', -1) %}{{ replace }}{% endcall %}
  {% do return(true) %}
{% endmacro %}

{# A view with settings of its own would lose them. #}
{% macro postgres__replace_view_sql(target, replace) -%}
  do {{ adapter.literal(postgres__replace_view_block(target, replace)) }};
  select pg_catalog.current_setting('karat.replaced') as replaced
{%- endmacro %}

{% macro postgres__replace_view_block(target, replace) -%}
{%- set steps = [replace] + postgres__forgotten_docs(target) + ["select pg_catalog.set_config('karat.replaced', 'true', false)"] -%}
begin
  perform set_config('karat.replaced', 'false', false);
  if not exists (
    select 1 from pg_catalog.pg_class
    where oid = pg_catalog.to_regclass({{ adapter.literal(target.include(database=false) | string) }})
      and relkind = 'v' and reloptions is null
  ) then
    return;
  end if;
  {{ postgres__lock_briefly_block(target, steps) }};
exception
  when deadlock_detected or serialization_failure or lock_not_available then
    raise;
  when others then
    perform set_config('karat.replaced', 'false', false);
end
{%- endmacro %}
