{# Which of the columns to check are in the snapshot already, quoted; and whether one is new. #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- if not target_exists -%}
    {%- do return((false, [])) -%}
  {%- endif -%}
  {%- if check_cols_config == 'all' -%}
    {%- set wanted = get_columns_in_query(node['compiled_code']) -%}
  {%- elif check_cols_config is iterable and check_cols_config is not string and check_cols_config | length -%}
    {#- asked of the database, so that the names are written as it writes them -#}
    {%- set wanted = get_columns_in_query(karat__select_columns(check_cols_config, node['compiled_code'])) -%}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("Invalid value for 'check_cols': " ~ check_cols_config) -%}
  {%- endif -%}
  {%- set target_relation = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- set present = get_list_of_column_names(adapter.get_columns_in_relation(target_relation)) -%}
  {%- set known = [] -%}
  {%- for name in wanted if name in present -%}
    {%- do known.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {%- do return((known | length < wanted | length, known)) -%}
{%- endmacro %}

{# The query stands on lines of its own, since it may end in a comment. #}
{% macro karat__select_columns(names, query) -%}
  select {{ names | join(', ') }} from (
    {{ query }}
  ) subq
{%- endmacro %}
