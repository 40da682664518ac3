{# Names beside the target's, never longer than PostgreSQL takes, and never two cut to one. #}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) %}
  {% if dstring %}
    {% set suffix = suffix ~ modules.datetime.datetime.now().strftime('%H%M%S%f') %}
  {% endif %}
  {% set room = base_relation.relation_max_name_length() - suffix | length %}
  {% if room < 0 %}
    {% do exceptions.raise_compiler_error('Relation suffix is too long (' ~ suffix | length ~ ' characters). Maximum length is '
        ~ base_relation.relation_max_name_length() ~ ' characters.') %}
  {% endif %}
  {% do return(base_relation.incorporate(
      path={'identifier': postgres__fit_name(base_relation.identifier, room) ~ suffix})) %}
{% endmacro %}

{# A name of at most `room` bytes; what is cut off is stood for by its hash. #}
{% macro postgres__fit_name(name, room) %}
  {% if postgres__byte_length(name) <= room %}
    {% do return(name) %}
  {% endif %}
  {% set mark = ('_' ~ local_md5(name)[:8])[:room] %}
  {% set kept = namespace(text=name[:room - mark | length]) %}
  {% for _ in range(name | length) if postgres__byte_length(kept.text) > room - mark | length %}
    {% set kept.text = kept.text[:-1] %}
  {% endfor %}
  {% do return(kept.text ~ mark) %}
{% endmacro %}

{# Each byte that is not plain becomes `%XX`: three characters for one byte. #}
{% macro postgres__byte_length(text) %}
  {% set escaped = text | urlencode | string %}
  {% do return(escaped | length - 2 * escaped.count('%')) %}
{% endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix) %}
  {% do return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) %}
{% endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) %}
  {% set backup = postgres__make_relation_with_suffix(base_relation, suffix, dstring=False) %}
  {% do return(backup.incorporate(type=backup_relation_type)) %}
{% endmacro %}

{# Temporary tables live in a schema of the session's own. #}
{% macro postgres__make_temp_relation(base_relation, suffix) %}
  {% set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) %}
  {% do return(named.incorporate(path={'schema': none, 'database': none})) %}
{% endmacro %}
