{# `one thousand two hundred and five` -> 1205, for whole numbers below a million; NULL stays NULL. #}
{% macro words_to_number(text) -%}
    {{ return(adapter.dispatch('words_to_number')(text)) }}
{%- endmacro %}

{% macro default__words_to_number(text) -%}
    {%- set words = "trim(regexp_replace(lower(" ~ text ~ "), '[^a-z]+', ' ', 'g'))" -%}
    {%- set thousands = first_match(words, '^(.+) thousand') -%}
    {%- set below = "regexp_replace(" ~ words ~ ", '^.+ thousand *', '')" -%}
    (1000 * coalesce({{ words_below_thousand(thousands) }}, 0) + {{ words_below_thousand(below) }})
{%- endmacro %}

{% macro words_below_thousand(words) -%}
    {%- set small = number_words()['small'] -%}
    {%- set tens = number_words()['tens'] -%}
    {%- set last_small = first_match(words, '(?:^| )(' ~ small | join('|') ~ ')$') -%}
    case when {{ words }} is not null then
        100 * {{ word_value(first_match(words, '([a-z]+) hundred'), small, 1) }}
        + 10 * {{ word_value(first_match(words, '(' ~ tens | join('|') ~ ')'), tens, 2) }}
        + {{ word_value(last_small, small, 1) }}
    end
{%- endmacro %}

{# The place of a word in a list whose first word counts `first`; 0 for no word. #}
{% macro word_value(word, list, first) -%}
    case {{ word }}
    {%- for name in list %} when '{{ name }}' then {{ loop.index0 + first }}{% endfor %} else 0 end
{%- endmacro %}

{% macro number_words() -%}
    {{ return({
        'small': ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten',
                  'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen',
                  'eighteen', 'nineteen'],
        'tens': ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'],
    }) }}
{%- endmacro %}
