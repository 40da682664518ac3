{# Keys that are to be unique, looked at before history or a merge is written by them: which of two rows of one key wins would be chance. `refuse_duplicate_keys: false` under `flags:` gives dbt's way back. #}
{% macro karat__refuse_bad_keys(rows, unique_key, nulls, what) %}
  {% if flags.REFUSE_DUPLICATE_KEYS and unique_key %}
    {% set keys = [unique_key] if unique_key is string else unique_key | list %}
    {% set found = run_query(karat__bad_keys_sql(rows, keys, nulls)) %}
    {% if found.rows | length %}
      {% do exceptions.raise_compiler_error(karat__bad_keys_text(found, keys, what)) %}
    {% endif %}
  {% endif %}
{% endmacro %}

{% macro karat__bad_keys_sql(rows, keys, nulls) -%}
  {%- set names = [] -%}
  {%- for key in keys %}{% do names.append('karat_key_' ~ loop.index) %}{% endfor -%}
    select {{ names | join(', ') }}, count(*) as karat_rows
    from (
      select {% for key in keys %}{{ key }} as {{ names[loop.index0] }}{{ ', ' if not loop.last }}{% endfor %}
      from {{ rows }} karat_source
    ) karat_keys
    {%- if not nulls %}
    where {{ names | join(' is not null and ') }} is not null
    {%- endif %}
    group by {{ names | join(', ') }}
    having count(*) > 1 {%- if nulls %} or {{ names | join(' is null or ') }} is null {%- endif %}
    order by count(*) desc
    limit 5
{%- endmacro %}

{% macro karat__bad_keys_text(found, keys, what) -%}
  {%- set lines = [] -%}
  {%- for row in found.rows -%}
    {%- set values = [] -%}
    {%- for key in keys %}{% do values.append(key ~ ' = ' ~ ('NULL' if row[loop.index0] is none else row[loop.index0])) %}{% endfor -%}
    {%- do lines.append('  ' ~ values | join(', ') ~ ': ' ~ row[keys | length] ~ (' row' if row[keys | length] == 1 else ' rows')) -%}
  {%- endfor -%}
  {%- do return(what ~ ' has keys that are NULL or not unique (' ~ keys | join(', ') ~ '):\n' ~ lines | join('\n')
      ~ '\nmend `unique_key`, or let the query give each key once; `flags: {refuse_duplicate_keys: false}` takes them as dbt does') -%}
{%- endmacro %}
