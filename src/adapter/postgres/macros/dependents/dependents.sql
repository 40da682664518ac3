{# Views, materialized views and foreign keys of others that hang on a relation: taken away before it is replaced, and set upon the new one in the same transaction. What cannot be set up again fails the replacement, unless this run rebuilds it. #}
{% macro postgres__karat__release_dependents(relation) %}
  {% set found = postgres__find_dependents(relation) %}
  {% set drops = found | map(attribute='drop') | select | list %}
  {% if drops %}
    {% do karat__lock_briefly('release_dependents', relation, drops | reverse | list) %}
  {% endif %}
  {% do return(found) %}
{% endmacro %}

{# Two tables with one view on both are replaced one after the other, as each takes the view away: its name is locked, and looked up anew by whoever had to wait. #}
{% macro postgres__find_dependents(relation) %}
  {% if postgres__lets_dependents_go() %}
    {% do return([]) %}
  {% endif %}
  {% set row = run_query(postgres__has_dependents_sql(relation))[0] %}
  {% if not row[0] %}
    {% do return([]) %}
  {% endif %}
  {% set kinds = run_query(postgres__lock_dependents_sql(relation)).columns[1].values() | unique | list %}
  {% do return(postgres__list_dependents(relation, row[1], kinds) if kinds else []) %}
{% endmacro %}

{% macro postgres__list_dependents(relation, version, kinds) %}
  {% call statement('dependents', fetch_result=True) -%}
    {{ postgres__dependents_sql(relation, version, kinds) }}
  {%- endcall %}
  {% set found, obstacles = [], [] %}
  {% for row in load_result('dependents').table %}
    {% if row[3] == 'obstacle' %}
      {% do obstacles.append(row[0]) %}
    {% else %}
      {% do found.append({
          'label': row[0], 'schema': row[1], 'identifier': row[2], 'type': row[3],
          'drop': row[4], 'restore': row[5]
      }) %}
    {% endif %}
  {% endfor %}
  {% if obstacles %}
    {% do exceptions.raise_compiler_error('cannot replace ' ~ relation ~ ', because what depends on it cannot be made again: '
        ~ obstacles | join('; ') ~ '. Nothing was touched. Drop it first, or let it read the rows without the row type.') %}
  {% endif %}
  {% do return(found) %}
{% endmacro %}

{# The config `dependents: drop` is dbt's own way: whatever hangs on the old relation goes with it. #}
{% macro postgres__lets_dependents_go() %}
  {% set wanted = config.get('dependents', 'keep') %}
  {% if wanted not in ['keep', 'drop'] %}
    {% do exceptions.raise_compiler_error("`dependents: " ~ wanted ~ "` is not known: it is `keep` or `drop`") %}
  {% endif %}
  {% do return(wanted == 'drop') %}
{% endmacro %}

{% macro postgres__karat__restore_dependents(dependents) %}
  {% set rebuilt = karat__rebuilt_dependents(dependents) %}
  {% for dependent in dependents %}
    {% call statement('restore_dependent') -%}
      {{ postgres__restore_dependent_sql(dependent, dependent.label in rebuilt) }}
    {%- endcall %}
    {% if dependent.type in ['view', 'materialized_view'] %}
      {% do postgres__remember_dependent(dependent, dependent.label in rebuilt) %}
    {% endif %}
  {% endfor %}
  {% set others = dependents | selectattr('drop') | map(attribute='label') | list %}
  {% if others %}
    {% do log('Made again over ' ~ this ~ ': ' ~ others | join(', '), info=True) %}
  {% endif %}
{% endmacro %}

{# The relation cache told whether the view is there again. #}
{% macro postgres__remember_dependent(dependent, may_be_gone) %}
  {% set relation = api.Relation.create(
      database=this.database, schema=dependent.schema,
      identifier=dependent.identifier, type=dependent.type) %}
  {% if may_be_gone and not postgres__is_there(relation) %}
    {% do adapter.cache_dropped(relation) %}
  {% else %}
    {% do adapter.cache_added(relation) %}
  {% endif %}
{% endmacro %}

{% macro postgres__is_there(relation) %}
  {% do return(run_query('select pg_catalog.to_regclass(' ~ adapter.literal(relation | string) ~ ') is not null')[0][0]) %}
{% endmacro %}

{% macro postgres__restore_dependent_sql(dependent, is_rebuilt) -%}
do $karat$
begin
  execute $karat_restore${{ dependent.restore }}$karat_restore$;
exception when others then
  {% if dependent.type == 'own_if_fits' -%}
  raise notice 'karat: % was let go: %', $karat_name${{ dependent.label }}$karat_name$, sqlerrm;
  {%- elif is_rebuilt -%}
  raise notice 'karat: % waits for its own rebuild: %', $karat_name${{ dependent.label }}$karat_name$, sqlerrm;
  {%- else -%}
  raise exception 'cannot replace %, because % depends on it and does not fit the new one: %',
    $karat_name${{ this }}$karat_name$, $karat_name${{ dependent.label }}$karat_name$, sqlerrm
    using errcode = sqlstate, hint = 'select it too, so that this run rebuilds it, or drop it first';
  {%- endif %}
end
$karat$
{%- endmacro %}
