{# A key hashed from natural keys: the same text on every engine. NULL counts as `unknown`, so
   that rows without a natural key meet the unknown member of a dimension. #}
{% macro surrogate_key(columns) -%}
    md5(
    {%- for column in columns -%}
        coalesce(cast({{ column }} as text), 'unknown')
        {%- if not loop.last %} || '|' || {% endif -%}
    {%- endfor -%}
    )
{%- endmacro %}
