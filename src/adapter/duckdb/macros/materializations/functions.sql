{# A function is a macro of DuckDB: an expression, whose result has the declared type. #}
{% macro duckdb__scalar_function_sql(target_relation) %}
    {{ scalar_function_volatility_sql() -}}
    CREATE OR REPLACE FUNCTION {{ target_relation.render() }}({{ formatted_scalar_function_args_sql() }}) AS
    cast((
      {{ model.compiled_code }}
    ) as {{ model.returns.data_type }});
{% endmacro %}

{% macro duckdb__formatted_scalar_function_args_sql() %}
  {%- set args = [] -%}
  {%- for arg in model.arguments -%}
    {%- set default = arg.get('default_value', none) -%}
    {%- do args.append(arg.name ~ (' := ' ~ default if default is not none else '')) -%}
  {%- endfor -%}
  {{ args | join(', ') }}
{% endmacro %}

{% macro duckdb__scalar_function_volatility_sql() %}
  {%- set volatility = model.config.get('volatility') -%}
  {%- if volatility is not none -%}
    {%- do unsupported_volatility_warning(volatility) -%}
  {%- endif -%}
{% endmacro %}
