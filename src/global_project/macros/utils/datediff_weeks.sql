{# Whole weeks between two dates, plus one where the week's border lies in the rest. #}
{% macro karat__datediff_weeks(first_date, second_date, divide) -%}
    ({{ datediff(first_date, second_date, 'day') }} {{ divide }} 7 + case
        when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp)
        then case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
        else case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
    end)
{%- endmacro %}
