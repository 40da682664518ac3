{# Text without blanks around it and with single blanks within; nothing and `N/A` become NULL. #}
{% macro clean_text(column) -%}
    nullif(nullif(trim(regexp_replace({{ column }}, '\s+', ' ', 'g')), ''), 'N/A')
{%- endmacro %}

{# A date from any of the seven ways in which the desk writes it; a time is dropped. #}
{% macro clean_date(column) -%}
    cast(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    split_part(trim({{ column }}), ' ', 1),
                    '^(\d\d)[-/](\d\d)[-/](\d\d\d\d)$', '\3-\2-\1'
                ),
                '^(\d\d)-(\d\d)-(\d\d)$', '20\3-\2-\1'
            ),
            '/', '-', 'g'
        ) as date
    )
{%- endmacro %}

{# An amount with two decimals, from digits or from words. #}
{% macro clean_money(column) -%}
    coalesce(
        cast({{ first_match('trim(' ~ column ~ ')', '^([0-9]+(?:[.][0-9]+)?)$') }} as numeric(12, 2)),
        cast({{ words_to_number(clean_text(column)) }} as numeric(12, 2))
    )
{%- endmacro %}

{# One spelling for each country. #}
{% macro clean_country(column) -%}
    {%- set name = 'lower(' ~ clean_text(column) ~ ')' -%}
    case {{ name }}
        when 'usa' then 'United States'
        when 'united states' then 'United States'
        when 'uk' then 'United Kingdom'
        when 'united kingdom' then 'United Kingdom'
        when 'germany' then 'Germany'
        when 'japan' then 'Japan'
        else {{ clean_text(column) }}
    end
{%- endmacro %}

{# Digits with a plus sign in front where the country code is known. #}
{% macro clean_phone(column) -%}
    regexp_replace(regexp_replace({{ clean_text(column) }}, '[^0-9+]', '', 'g'), '^00', '+')
{%- endmacro %}
