{# Comments as dollar-quoted text, for engines that know that quoting. #}
{% macro karat__quote_comment(comment) -%}
  {%- if comment is not string -%}
    {%- do exceptions.raise_compiler_error('cannot escape a non-string: ' ~ comment) -%}
  {%- endif -%}
  {%- set mark = '$dbt_comment_literal_block$' -%}
  {%- if mark in comment -%}
    {%- do exceptions.raise_compiler_error('The string ' ~ mark ~ ' is not allowed in comments.') -%}
  {%- endif -%}
  {%- do return(mark ~ comment ~ mark) -%}
{%- endmacro %}

{% macro karat__column_comments(relation, column_dict) -%}
  {%- set present = get_list_of_column_names(adapter.get_columns_in_relation(relation)) -%}
  {%- for name, column in column_dict.items() if name in present %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }} is {{ karat__quote_comment(column['description']) }};
  {%- endfor -%}
{%- endmacro %}
