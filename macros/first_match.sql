{# The part of `text` that the brackets of `pattern` match, NULL where nothing matches.
   Regular expressions are where the two engines part ways, so this one is dispatched. #}
{% macro first_match(text, pattern) -%}
    {{ return(adapter.dispatch('first_match')(text, pattern)) }}
{%- endmacro %}

{% macro default__first_match(text, pattern) -%}
    substring({{ text }} from '{{ pattern }}')
{%- endmacro %}

{% macro duckdb__first_match(text, pattern) -%}
    nullif(regexp_extract({{ text }}, '{{ pattern }}', 1), '')
{%- endmacro %}
