{# Comments on relations and columns. #}
{% macro duckdb_escape_comment(comment) -%}
  {%- do return(karat__quote_comment(comment)) -%}
{%- endmacro %}

{% macro duckdb__alter_relation_comment(relation, comment) -%}
  comment on {{ relation.type }} {{ relation }} is {{ karat__quote_comment(comment) }};
{%- endmacro %}

{% macro duckdb__alter_column_comment(relation, column_dict) -%}
  {{ karat__column_comments(relation, column_dict) }}
{%- endmacro %}
