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
