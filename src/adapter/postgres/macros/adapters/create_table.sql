{# Tables: logged or not, temporary, or with the contract's columns and constraints. #}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set enforced = config.get('contract').enforced -%}
  {{ header if header is not none }}

  create {{ 'temporary ' if temporary else 'unlogged ' if config.get('unlogged', default=false) }}table {{ relation }}
  {% if enforced -%}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif %}
  {% if enforced and not temporary -%}
    {{ postgres__with_passing_names(relation, get_table_columns_and_constraints()) }} ;
    insert into {{ relation }} (
      {{ adapter.dispatch('get_column_names', 'dbt')() }}
    )
    {%- set sql = get_select_subquery(sql) %}
  {% else %}
    as
  {% endif %}
  (
    {{ sql }}
  );
{%- endmacro %}

{# The name of a key is that of its index too, which the old table has until it goes: beside it the new one's keys have names for the time being. #}
{% macro postgres__with_passing_names(relation, ddl) %}
  {% set texts = [ddl] %}
  {% if relation.identifier != this.identifier %}
    {% for name, passing in postgres__passing_names().items() %}
      {% do texts.append(texts[-1].replace('constraint ' ~ name ~ ' ', 'constraint ' ~ passing ~ ' ')) %}
    {% endfor %}
  {% endif %}
  {% do return(texts[-1]) %}
{% endmacro %}

{% macro postgres__passing_names() %}
  {% set names = {} %}
  {% if config.get('contract').enforced and load_cached_relation(this) %}
    {% for key in model.get('constraints') or [] if key.get('name') and key.get('type') in ['primary_key', 'unique'] %}
      {% do names.update({key['name']: 'karat_' ~ local_md5(this ~ key['name'])}) %}
    {% endfor %}
  {% endif %}
  {% do return(names) %}
{% endmacro %}

{# Statements that give the keys of the table that has taken its place their own names. #}
{% macro postgres__lasting_names(target) %}
  {% set steps = [] %}
  {% for name, passing in postgres__passing_names().items() %}
    {% set block %}
begin
  if exists (select 1 from pg_catalog.pg_constraint
      where conrelid = {{ adapter.literal(target.include(database=false) | string) }}::regclass and conname = '{{ passing }}') then
    alter table {{ target.render() }} rename constraint {{ passing }} to {{ name }};
  end if;
end
    {% endset %}
    {% do steps.append('do ' ~ adapter.literal(block)) %}
  {% endfor %}
  {% do return(steps) %}
{% endmacro %}
