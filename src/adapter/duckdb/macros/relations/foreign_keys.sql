{# A table that a foreign key points to cannot be dropped. The tables that point to it are kept aside, dropped, and made again over the new table, with their keys, in the same transaction. #}
{% macro duckdb__karat__release_dependents(relation) %}
  {% if not relation.is_table or not duckdb__has_keys(relation) %}
    {% do return([]) %}
  {% endif %}
  {% set found = duckdb__referencing_tables(relation) %}
  {% for table in found %}
    {% call statement('keep_rows') -%}
      create table {{ table.kept }} as from {{ table.relation }}
    {%- endcall %}
    {% call statement('release_dependent') -%}
      drop table {{ table.relation }}
    {%- endcall %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}

{% macro duckdb__karat__restore_dependents(dependents) %}
  {% set bare = [] %}
  {% for table in dependents | reverse %}
    {% do duckdb__check_keys(table, bare) %}
    {% for text in ['create table ' ~ table.relation ~ table.definition,
        'insert into ' ~ table.relation ~ ' from ' ~ table.kept, 'drop table ' ~ table.kept] + table.indexes %}
      {% call statement('restore_dependent') -%}
        {{ text }}
      {%- endcall %}
    {% endfor %}
  {% endfor %}
{% endmacro %}

{# Only a table with a primary or unique key can be pointed to. #}
{% macro duckdb__has_keys(relation) %}
  {% do return(run_query('select count(*) from (describe ' ~ relation ~ ') where key is not null')[0][0] > 0) %}
{% endmacro %}

{# Those that point to a table, and to them again, the farthest first. DuckDB's keys stay within a schema. #}
{% macro duckdb__referencing_tables(relation) %}
  {% set query %}
    with recursive keys as (
      select table_name, referenced_table, constraint_column_names, referenced_column_names
      from duckdb_constraints()
      where constraint_type = 'FOREIGN KEY' and table_name <> referenced_table
        and lower(database_name) = lower({{ adapter.literal(relation.database) }})
        and lower(schema_name) = lower({{ adapter.literal(relation.schema) }})
    ), reached(table_name, depth) as (
      select table_name, 1 from keys where lower(referenced_table) = lower({{ adapter.literal(relation.identifier) }})
      union
      select keys.table_name, reached.depth + 1 from keys
      join reached on lower(keys.referenced_table) = lower(reached.table_name)
    )
    select tables.table_name, tables.sql,
      (select to_json(list(sql))::varchar from duckdb_indexes() indexes
        where indexes.table_oid = tables.table_oid and indexes.database_oid = tables.database_oid and sql is not null),
      (select to_json(list({'own': constraint_column_names, 'other': referenced_table, 'others': referenced_column_names}))::varchar
        from keys where keys.table_name = tables.table_name)
    from (select table_name, max(depth) as depth from reached group by table_name) reached
    join duckdb_tables() tables using (table_name)
    where lower(tables.database_name) = lower({{ adapter.literal(relation.database) }})
      and lower(tables.schema_name) = lower({{ adapter.literal(relation.schema) }})
    order by depth desc, table_name
  {% endset %}
  {% set found = [] %}
  {% for row in run_query(query) %}
    {% set table = api.Relation.create(database=relation.database, schema=relation.schema, identifier=row[0], type='table') %}
    {% do found.append({
        'relation': table, 'kept': table.incorporate(path={'identifier': row[0] ~ '__karat_kept'}),
        'definition': row[1][row[1].index('('):].rstrip(';'), 'indexes': fromjson(row[2] or '[]'), 'keys': fromjson(row[3])
    }) %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}

{# `bare` are the tables that lost their keys, so that none can point to them. Rows that point to what is no more: let go with their keys where this run builds the table anew, else a fault. #}
{% macro duckdb__check_keys(table, bare) %}
  {% for key in table['keys'] %}
    {% set other = table.relation.incorporate(path={'identifier': key.other}) %}
    {% set pairs, given = [], [] %}
    {% for column in key.own %}
      {% do pairs.append('own.' ~ adapter.quote(column) ~ ' = other.' ~ adapter.quote(key.others[loop.index0])) %}
      {% do given.append('own.' ~ adapter.quote(column) ~ ' is not null') %}
    {% endfor %}
    {% set lost = run_query('select count(*) from ' ~ table.kept ~ ' own where ' ~ given | join(' and ')
        ~ ' and not exists (select 1 from ' ~ other ~ ' other where ' ~ pairs | join(' and ') ~ ')')[0][0] %}
    {% if (lost or key.other in bare) and adapter.built_later(table.relation.schema, table.relation.identifier) %}
      {% do log(table.relation ~ ' stands without its keys until this run builds it: ' ~ lost ~ ' rows point to nothing', info=True) %}
      {% do bare.append(table.relation.identifier) %}
      {% do table.update({'definition': ' as from ' ~ table.kept ~ ' limit 0'}) %}
    {% elif lost %}
      {% do exceptions.raise_compiler_error('cannot replace ' ~ this ~ ', because ' ~ lost ~ ' rows of ' ~ table.relation
          ~ ' point by ' ~ key.own | join(', ') ~ ' to rows of ' ~ other ~ ' that are no more. Select that table too, so that this run builds it anew, or drop it first.') %}
    {% endif %}
  {% endfor %}
{% endmacro %}

{# Does the model declare a foreign key? Such a table is made under its final name: a rename would leave the old name in the table that it points to. #}
{% macro duckdb__points_elsewhere() %}
  {% set contract = config.get('contract') %}
  {% if not contract or not contract.enforced or not execute %}
    {% do return(false) %}
  {% endif %}
  {% set constraints = model.get('constraints', []) | list %}
  {% for column in model.get('columns', {}).values() %}
    {% do constraints.extend(column.get('constraints') or []) %}
  {% endfor %}
  {% do return('foreign_key' in (constraints | map(attribute='type') | map('string') | list)) %}
{% endmacro %}
