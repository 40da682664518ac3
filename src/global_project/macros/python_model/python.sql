{# What is added to a Python model's text: `dbt` with its `ref`, `source`, `config`, `this` and `is_incremental`. #}
{% macro py_script_postfix(model) %}
# The lines above are the model's own, the lines below give it `dbt`.

{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}

class config:
    def __init__(self, *args, **kwargs):
        pass

    @staticmethod
    def get(key, default=None):
        return config_dict.get(key, default)

    @staticmethod
    def meta_get(key, default=None):
        return meta_dict.get(key, default)


class this:
    """`dbt.this`, as text and by its parts."""

    database = {{ this.database | string | tojson }}
    schema = {{ this.schema | string | tojson }}
    identifier = {{ this.identifier | string | tojson }}

    def __repr__(self):
        return {{ resolve_model_name(this.render()) | tojson }}


class dbtObj:
    def __init__(self, load_df_function):
        self.ref = lambda *args, **kwargs: ref(*args, dbt_load_df_function=load_df_function, **kwargs)
        self.source = lambda *args: source(*args, dbt_load_df_function=load_df_function)
        self.config = config
        self.this = this()
        self.is_incremental = {{ is_incremental() }}

{{ py_script_comment() }}
{% endmacro %}

{% macro py_script_comment() %}
{% endmacro %}

{% macro resolve_model_name(input_model_name) %}
  {% do return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) %}
{% endmacro %}

{# Engines whose Python names tables otherwise replace this. #}
{%- macro default__resolve_model_name(input_model_name) -%}
  {{ input_model_name | string }}
{%- endmacro -%}
