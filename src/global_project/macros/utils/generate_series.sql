{# The numbers from one to a bound. #}
{% macro generate_series(upper_bound) -%}
  {%- do return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) -%}
{%- endmacro %}

{# Made of the digits of the binary number system, for engines without a function for it. #}
{% macro default__generate_series(upper_bound) %}
  {%- set digits = range(dbt.get_powers_of_two(upper_bound)) | list %}
    with p as (
        select 0 as generated_number union all select 1
    ),

    unioned as (
        select
        {%- for i in digits %}
            p{{ i }}.generated_number * power(2, {{ i }}) +
        {%- endfor %}
            1 as generated_number
        from
        {%- for i in digits %}
            p as p{{ i }}{{ ' cross join' if not loop.last }}
        {%- endfor %}
    )

    select *
    from unioned
    where generated_number <= {{ upper_bound }}
    order by generated_number
{% endmacro %}

{% macro get_powers_of_two(upper_bound) -%}
  {%- do return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) -%}
{%- endmacro %}

{% macro default__get_powers_of_two(upper_bound) %}
  {% if upper_bound <= 0 %}
    {% do exceptions.raise_compiler_error('upper bound must be positive') %}
  {% endif %}
  {% for power in range(1, 100) if upper_bound <= 2 ** power %}
    {% do return(power) %}
  {% endfor %}
{% endmacro %}
