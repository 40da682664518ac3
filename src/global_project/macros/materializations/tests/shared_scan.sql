{# One scan of a relation that answers several tests of it. A test is told by what it finds: `kind`, and its `column`, `condition`, `groups` or `keys`. #}

{# The kinds of tests that gain by sharing, as measured; the others run for themselves. #}
{% macro karat__kinds_that_share() %}
  {% do return(adapter.dispatch('karat__kinds_that_share', 'dbt')()) %}
{% endmacro %}

{% macro default__karat__kinds_that_share() %}
  {% do return([]) %}
{% endmacro %}

{# One row: for each test a number that is zero if and only if its query returns no row. #}
{% macro karat__shared_scan_sql(relation, tests) %}
  {% do return(adapter.dispatch('karat__shared_scan_sql', 'dbt')(relation, tests)) %}
{% endmacro %}

{% macro default__karat__shared_scan_sql(relation, tests) -%}
  {%- set groups = [] -%}
  select
  {%- for test in tests %}
    {{ karat__count_in_scan(test) }} as test_{{ loop.index }}{{ ',' if not loop.last }}
    {%- if test.groups %}{% do groups.extend(test.groups) %}{% endif -%}
  {%- endfor %}
  {%- if groups %},
    {# what cannot be grouped is an error of its test, which is left to the test #}
    (select count(*) from (select 1 from {{ relation }} where false group by {{ groups | unique | join(', ') }}) as grouped) as can_be_grouped
  {%- endif %}
  from {{ relation }}
{%- endmacro %}

{% macro karat__count_in_scan(test) %}
  {% do return(adapter.dispatch('karat__count_in_scan', 'dbt')(test)) %}
{% endmacro %}

{% macro default__karat__count_in_scan(test) -%}
  {%- set only = ' filter (where ' ~ test.condition ~ ')' if test.condition else '' -%}
  {%- if test.kind == 'nulls' -%}
    count(*) filter (where {{ test.column }} is null)
  {%- elif test.kind == 'repeated' -%}
    {%- set key = test['keys'] | join(', ') -%}
    count({{ key }}){{ only }} - count(distinct {{ key }}){{ only }}
    {%- if not test.not_null %} + greatest(count(*){{ only }} - count({{ key }}){{ only }} - 1, 0){% endif -%}
  {%- else -%}
    count(*){{ only }}
  {%- endif -%}
{%- endmacro %}
