{# The relations and configs that a Python model asked for, by what it wrote. #}
{% macro build_ref_function(model) %}
{%- set relations = {} -%}
{%- for ref_ in model.refs -%}
  {%- set names = [ref_.get('package'), ref_['name']] if ref_.get('package') else [ref_['name']] -%}
  {%- set relation = ref(*names, v=ref_.get('version')) -%}
  {%- set key = (names + ['v' ~ ref_['version']] if ref_.get('version') else names) | join('.') -%}
  {%- do relations.update({key: karat__python_relation(relation)}) -%}
{%- endfor -%}
def ref(*args, dbt_load_df_function, **kwargs):
    relations = {{ relations | tojson }}
    version = kwargs.get("v") or kwargs.get("version")
    key = ".".join(args) + (f".v{version}" if version else "")
    return dbt_load_df_function(relations[key])
{% endmacro %}

{% macro build_source_function(model) %}
{%- set relations = {} -%}
{%- for names in model.sources -%}
  {%- do relations.update({names | join('.'): karat__python_relation(source(*names))}) -%}
{%- endfor -%}
def source(*args, dbt_load_df_function):
    relations = {{ relations | tojson }}
    return dbt_load_df_function(relations[".".join(args)])
{% endmacro %}

{# A relation without what samples and empty runs add to it; a project's own `ref` may give text. #}
{% macro karat__python_relation(relation) %}
  {% do return(resolve_model_name(relation.render() if relation.render is defined and relation.render is callable else relation)) %}
{% endmacro %}

{% macro build_config_dict(model) %}
{%- set configs, metas = {}, {} -%}
{%- set meta = model.config.get('meta') or {} -%}
{%- for key, default in zip(model.config.get('config_keys_used') or [], model.config.get('config_keys_defaults') or []) -%}
  {%- do configs.update({key: model.config.get(key, default)}) -%}
{%- endfor -%}
{%- for key, default in zip(model.config.get('meta_keys_used') or [], model.config.get('meta_keys_defaults') or []) -%}
  {%- do metas.update({key: meta.get(key, default)}) -%}
{%- endfor -%}
config_dict = {{ configs }}
meta_dict = {{ metas }}
{% endmacro %}
