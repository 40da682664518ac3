{# The language that a function is written in. SQL needs no word for it. #}
{% macro get_function_language_specifier() %}
  {% do return(adapter.dispatch('get_function_language_specifier', 'dbt')()) %}
{% endmacro %}

{% macro default__get_function_language_specifier() %}
  {%- set language = model.get('language') -%}
  {%- if language != 'sql' -%}
    LANGUAGE {{ 'js' if language == 'javascript' else language | upper }}
  {%- endif -%}
{% endmacro %}

{% macro get_function_python_options() %}
  {% do return(adapter.dispatch('get_function_python_options', 'dbt')()) %}
{% endmacro %}

{% macro default__get_function_python_options() %}
    RUNTIME_VERSION = {{ adapter.literal(model.config.get('runtime_version')) }}
    HANDLER = {{ adapter.literal(model.config.get('entry_point')) }}
    {%- set packages = model.config.get('packages', []) %}
    {{ "PACKAGES = ('" ~ packages | map('string') | map('replace', "'", "''") | join("','") ~ "')" if packages }}
{% endmacro %}
