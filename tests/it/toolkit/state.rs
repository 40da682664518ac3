//! What macros keep between calls: in `context`, in `graph`, in lists and dicts.

use super::{said, with_toolkit};
use crate::harness::*;

#[test]
fn context_keeps_what_a_macro_puts_there() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/context.sql",
                "{% macro remember(key, value) %}{% set all = context.get('__TOOLKIT__', {}) %}{% do all.update({key: value}) %}{% do context.update({'__TOOLKIT__': all}) %}{% endmacro %}
                 {% macro recall(key) %}{{ return(context.get('__TOOLKIT__', {}).get(key, 'nothing')) }}{% endmacro %}",
            )],
        );
        p.file(
            "models/m.sql",
            "{{ toolkit.remember('a', this.name) }} select '{{ toolkit.recall('a') }}' as a, '{{ toolkit.recall('b') }}' as b",
        );
        p.file("models/n.sql", "select '{{ toolkit.recall('a') }}' as a");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select a, b from analytics.m"), [["m", "nothing"]]);
        assert_eq!(p.rows("select a from analytics.n"), [["nothing"]]);
    });
}

#[test]
fn graph_is_one_for_all_nodes_and_hooks() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                (
                    "macros/graph.sql",
                    "{% macro note(it) %}{% do graph.setdefault('toolkit', {}).setdefault('seen', []).append(it) %}{% endmacro %}
                     {% macro tell() %}{{ print('seen: ' ~ graph.toolkit.seen | sort | join(',')) }}{% endmacro %}",
                ),
                (
                    "dbt_project.yml",
                    "name: toolkit\nversion: 1.2.3\non-run-start: \"{{ toolkit.note('start') }}\"\non-run-end: \"{{ toolkit.tell() }}\"\n",
                ),
            ],
        );
        for name in ["a", "b"] {
            p.file(
                &format!("models/{name}.sql"),
                "{% if execute %}{{ toolkit.note(this.name) }}{% endif %} select 1 as id",
            );
        }
        p.karat(["run"]).success().stdout_has("seen: a,b,start");
    });
}

#[test]
fn lists_and_dicts_are_shared() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/shared.sql",
                "{% macro fill(into, also) %}{% do into.extend([1, 2]) %}{% do also.update(n=into | length) %}{% do also.setdefault('deep', {}).update({'k': [into]}) %}{% endmacro %}
                 {% macro show() %}
                   {% set mine, other = [0], {} %}
                   {% do toolkit.fill(mine, other) %}
                   {% do mine.insert(0, mine.pop()) %}
                   {{ print(mine ~ ' ' ~ other) }}
                   {% set copied = other.copy() %}{% do copied.pop('n') %}{% do copied.deep.update({'j': 1}) %}
                   {{ print(other.keys() | list ~ copied.keys() | list ~ other['deep'].keys() | list) }}
                 {% endmacro %}",
            )],
        );
        let expect = ["[2, 0, 1] {'n': 3, 'deep': {'k': [[2, 0, 1]]}}", "['n', 'deep']['deep']['k', 'j']"];
        assert_eq!(said(p, "toolkit.show"), expect);
    });
}
