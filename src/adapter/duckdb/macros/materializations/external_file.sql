{# Writing the file, and reading it again. #}
{% macro duckdb__external_format(options) %}
  {% set known = ['csv', 'parquet', 'json'] %}
  {% set wanted = config.get('format') %}
  {% if wanted and wanted not in known %}
    {% do exceptions.raise_compiler_error('Invalid format: ' ~ wanted ~ '. Allowed formats are: ' ~ known | join(', ')) %}
  {% endif %}
  {#- without a config, the format which the adapter chose for the writing -#}
  {% set chosen = wanted or options['format'] | lower %}
  {% do return(chosen if chosen in known else 'parquet') %}
{% endmacro %}

{# A file needs a row to keep its columns: an empty table is given one of nulls. Returns whether it was. #}
{% macro duckdb__write_external(rows, location, write_options, options) %}
  {% set is_empty = run_query('select count(*) as row_count from ' ~ rows)[0][0] == 0 %}
  {% if is_empty %}
    {% set nulls = ['null'] * get_columns_in_relation(rows) | length %}
    {% call statement('null_row') -%}
      insert into {{ rows }} values ({{ nulls | join(', ') }})
    {%- endcall %}
  {% endif %}
  {% do write_to_file(rows, location, write_options ~ duckdb__written_beside(location, options)) %}
  {% do return(is_empty) %}
{% endmacro %}

{# A file of this machine is written beside the old one and then takes its name, so that nobody reads half of it. #}
{% macro duckdb__written_beside(location, options) %}
  {% set many = options.get('partition_by') or options.get('per_thread_output') or options.get('file_size_bytes') %}
  {% set chosen = 'use_tmp_file' in (options.keys() | map('lower') | list) %}
  {% do return('' if many or chosen or '://' in location or location.startswith('/dev/') else ', use_tmp_file true') %}
{% endmacro %}

{% macro duckdb__read_external(location, format, options) -%}
  {%- set defaults = {'parquet': {'union_by_name': False}, 'json': {'auto_detect': True}, 'csv': {'auto_detect': True}} -%}
  {%- set settings = dict(config.get(format ~ '_read_options') or defaults[format]) -%}
  {%- if format != 'parquet' and options.get('compression') and 'compression' not in settings -%}
    {%- do settings.update({'compression': options['compression']}) -%}
  {%- endif -%}
  select * from read_{{ format }}({{ adapter.literal(location) }}
  {%- for name, value in settings.items() -%}
    , {{ name }}={{ adapter.literal(value) if value is string else value }}
  {%- endfor -%}
  )
{%- endmacro %}

{% macro duckdb__no_null_rows(rows) -%}
  where 1
  {%- for column in get_columns_in_relation(rows) %} and {{ column.quoted }} is not null{% endfor -%}
{%- endmacro %}

{% macro location_exists(location) -%}
  {%- do return(adapter.location_exists(location)) -%}
{%- endmacro %}

{% macro write_to_file(relation, location, options) -%}
  {% call statement('write_to_file') -%}
    copy {{ relation }} to {{ adapter.literal(location) }} ({{ options }})
  {%- endcall %}
{%- endmacro %}

{% macro store_relation(plugin, relation, location, format, config) -%}
  {%- do adapter.store_relation(plugin, relation, adapter.get_columns_in_relation(relation), location, format, config) -%}
{%- endmacro %}
