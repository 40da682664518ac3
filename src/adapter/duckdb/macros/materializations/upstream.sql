{# Views on the files of external models that are read in this run but not built in it. For `on-run-start`. #}
{%- macro register_upstream_external_models() -%}
  {%- set done = {} -%}
  {%- for id in selected_resources if execute and id in graph.nodes -%}
    {%- for above in graph.nodes[id].depends_on.nodes
        if above not in done and above not in selected_resources and above in graph.nodes -%}
      {%- do done.update({above: true}) -%}
      {%- set node = graph.nodes[above] -%}
      {%- if node.resource_type in ('model', 'seed') and node.config.materialized == 'external' -%}
        {%- do duckdb__register_external(node) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- if done -%}
    {%- do adapter.commit() -%}
  {%- endif -%}
{%- endmacro -%}

{%- macro duckdb__register_external(node) -%}
  {%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- set location = node.config.get('location', external_location(relation, node.config)) -%}
  {%- call statement('main') -%}
    create schema if not exists {{ relation.without_identifier() }}
  {%- endcall -%}
  {%- call statement('main') -%}
    create or replace view {{ relation }} as (
      select * from {{ adapter.literal(adapter.external_read_location(location, render_write_options(node.config))) }}
    );
  {%- endcall -%}
{%- endmacro -%}
