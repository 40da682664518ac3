{# The arguments of a function. #}
{% macro formatted_scalar_function_args_sql() %}
  {% do return(adapter.dispatch('formatted_scalar_function_args_sql', 'dbt')()) %}
{% endmacro %}

{% macro default__formatted_scalar_function_args_sql() %}
  {%- set args = [] -%}
  {%- for arg in model.arguments -%}
    {%- do args.append(arg.name ~ ' ' ~ arg.data_type) -%}
  {%- endfor -%}
  {{ args | join(', ') }}
{% endmacro %}

{% macro formatted_scalar_function_args_javascript() %}
  {% do return(adapter.dispatch('formatted_scalar_function_args_javascript', 'dbt')()) %}
{% endmacro %}

{% macro default__formatted_scalar_function_args_javascript() %}
  {% do exceptions.raise_compiler_error('formatted_scalar_function_args_javascript not implemented for adapter ' ~ adapter.type()) %}
{% endmacro %}
