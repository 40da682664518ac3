{# Comments on relations and columns. #}
{% macro postgres_escape_comment(comment) -%}
  {%- do return(karat__quote_comment(comment)) -%}
{%- endmacro %}

{% macro postgres__alter_relation_comment(relation, comment) -%}
  comment on {{ (relation.type | string).replace('_', ' ') }} {{ relation }} is {{ karat__quote_comment(comment) }};
{%- endmacro %}

{% macro postgres__alter_column_comment(relation, column_dict) -%}
  {{ karat__column_comments(relation, column_dict) }}
{%- endmacro %}

{# The columns of the model that have a description. #}
{% macro postgres__documented_columns() %}
  {% do return(model.columns.values() | selectattr('description') | list if model.columns else []) %}
{% endmacro %}

{# A view that is replaced in place keeps its comments: those that the model's own descriptions made go, once `persist_docs` asks for them no more. A list of one statement, or of none. #}
{% macro postgres__forgotten_docs(target) %}
  {% set relation = adapter.literal(target.include(database=false) | string) ~ '::regclass' %}
  {% set steps = [] %}
  {% if model.description and not config.persist_relation_docs() %}
    {% do steps.append("if pg_catalog.obj_description(" ~ relation ~ ", 'pg_class') = " ~ adapter.literal(model.description)
        ~ " then comment on view " ~ target.render() ~ " is null; end if;") %}
  {% endif %}
  {% set pairs = [] %}
  {% for column in postgres__documented_columns() if not config.persist_column_docs() %}
    {% do pairs.append('(' ~ adapter.literal(column.name) ~ ', ' ~ adapter.literal(column.description) ~ ')') %}
  {% endfor %}
  {% if pairs %}
    {% do steps.append("for documented in select att.attname from pg_catalog.pg_attribute att join (values " ~ pairs | join(', ')
        ~ ") said(name, text) on said.name = att.attname and said.text = pg_catalog.col_description(att.attrelid, att.attnum) where att.attrelid = "
        ~ relation ~ " loop execute format('comment on column %s.%I is null', " ~ adapter.literal(target.render()) ~ ", documented.attname); end loop;") %}
  {% endif %}
  {% if steps %}
    {% set asked = "if exists (select 1 from pg_catalog.pg_description where objoid = " ~ relation ~ " and classoid = 'pg_class'::regclass) then " %}
    {% do return(['do ' ~ adapter.literal('declare documented record; begin ' ~ asked ~ steps | join(' ') ~ ' end if; end')]) %}
  {% endif %}
  {% do return([]) %}
{% endmacro %}
