{# Where an external model's file lies, and how it is written. #}
{%- macro external_location(relation, config) -%}
  {%- set options = config.get('options', {}) -%}
  {%- set partitioned = options is mapping and options.get('partition_by') is not none -%}
  {{ adapter.external_root() }}/{{ relation.identifier }}{{ '.' ~ config.get('format', 'parquet') if not partitioned }}
{%- endmacro -%}

{% macro render_write_options(config) -%}
  {% set given = config.get('options', {}) %}
  {% if given is not mapping %}
    {% do exceptions.raise_compiler_error('The options argument must be a dictionary') %}
  {% endif %}
  {% set options = {} %}
  {% for name, value in given.items() %}
    {% set items = value is sequence and value is not string and value is not mapping %}
    {% do options.update({name: render(value | join(', ') if items else value)}) %}
  {% endfor %}
  {#- once these stood beside the options -#}
  {% for name in ['format', 'delimiter'] if config.get(name) %}
    {% do options.update({name: render(config.get(name))}) %}
  {% endfor %}
  {% do return(options) %}
{%- endmacro %}
