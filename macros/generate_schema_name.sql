{# One schema for each folder. A developer has schemas of their own: `ada_silver`; production
   has the plain ones: `silver`. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set folder = (custom_schema_name or target.schema) | trim -%}
    {%- if target.name in ('pro', 'pg_pro') -%}
        {{ folder }}
    {%- else -%}
        {%- set user = target.user or env_var('USER', 'dev') -%}
        {{ user | lower | replace('.', '_') | replace('-', '_') }}_{{ folder }}
    {%- endif -%}
{%- endmacro %}
