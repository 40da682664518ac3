//! How macros call each other.

use super::{said, with_toolkit};
use crate::harness::*;

#[test]
fn return_gives_values_up_a_chain_of_calls() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/chain.sql",
                "{% macro inner(it) %}{% for n in it %}{% if n > 1 %}{{ return({'first': n, 'all': it}) }}{% endif %}{% endfor %}{% endmacro %}
                 {% macro outer(it) %}{% set found = toolkit.inner(it) %}{% do found['all'].append(found.first * 10) %}{{ return(found) }}{% endmacro %}
                 {% macro show() %}{{ print(toolkit.outer([1, 2, 3])) }}{{ print(toolkit.inner([]) | trim | length) }}{% endmacro %}",
            )],
        );
        assert_eq!(said(p, "toolkit.show"), ["{'first': 2, 'all': [1, 2, 3, 20]}", "0"]);
    });
}

#[test]
fn callers_take_arguments_and_macros_take_the_rest() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/caller.sql",
                "{% macro each(items) %}{% for it in items %}{{ caller(it, loop.index) }}{{ ',' if not loop.last }}{% endfor %}{% endmacro %}
                 {% macro rest(first) %}{{ return(first ~ '|' ~ varargs | join('/') ~ '|' ~ kwargs.items() | sort | list) }}{% endmacro %}
                 {% macro show() %}
                   {% set text %}{% call(it, n) toolkit.each(['a', 'b']) %}{{ n }}{{ it }}{% endcall %}{% endset %}
                   {{ print(text) }}
                   {{ print(toolkit.rest(1, 2, 3, z=4, b=5)) }}
                 {% endmacro %}",
            )],
        );
        assert_eq!(said(p, "toolkit.show"), ["1a,2b", "1|2/3|[('b', 5), ('z', 4)]"]);
    });
}

#[test]
fn macros_are_values_and_are_found_by_name() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/values.sql",
                "{% macro twice(n) %}{{ return(n * 2) }}{% endmacro %}
                 {% macro apply(how, items) %}{% set out = [] %}{% for it in items %}{% do out.append(how(it)) %}{% endfor %}{{ return(out) }}{% endmacro %}
                 {% macro show() %}
                   {{ print(toolkit.apply(toolkit.twice, [1, 2])) }}
                   {{ print(context['toolkit']['twice'](4)) }}
                   {{ print(context.get('toolkit').get('twice')(5)) }}
                   {{ print(context.get('nothing_of_that_name', 'absent')) }}
                   {{ print(toolkit.nowhere is defined) }} {{ print(toolkit.twice is defined) }}
                   {% set ways = {'double': toolkit.twice} %}{{ print(ways['double'](6)) }}
                 {% endmacro %}",
            )],
        );
        assert_eq!(said(p, "toolkit.show"), ["[2, 4]", "8", "10", "absent", "False", "True", "12"]);
    });
}

#[test]
fn macros_call_themselves_and_carry_state_in_namespaces() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/deep.sql",
                "{% macro walk(tree, seen) %}{% do seen.append(tree.name) %}{% for child in tree.get('children', []) %}{% do toolkit.walk(child, seen) %}{% endfor %}{% endmacro %}
                 {% macro show() %}
                   {% set seen = [] %}
                   {% do toolkit.walk({'name': 'a', 'children': [{'name': 'b', 'children': [{'name': 'c'}]}, {'name': 'd'}]}, seen) %}
                   {% set it = namespace(total=0, last=none) %}
                   {% for name in seen %}{% set it.total = it.total + loop.index %}{% set it.last = name %}{% endfor %}
                   {{ print(seen ~ ' ' ~ it.total ~ ' ' ~ it.last) }}
                 {% endmacro %}",
            )],
        );
        assert_eq!(said(p, "toolkit.show"), ["['a', 'b', 'c', 'd'] 10 d"]);
    });
}

#[test]
fn a_name_that_only_the_other_phase_reaches_hurts_nobody() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[
                (
                    "tests/generic/phase.sql",
                    "{% test phase(model) %}{% if execute %}select * from {{ model }} where id is null{% else %}{{ toolkit.stub() }}{% endif %}{% endtest %}",
                ),
                (
                    "macros/stub.sql",
                    "{% macro stub() %}{{ short_name() }}{% endmacro %}
                 {% macro short_name() %}0{% endmacro %}",
                ),
            ],
        );
        p.file("models/m.sql", "{% if execute %}select 2 as id{% else %}{{ nowhere() }}{% endif %}");
        p.file("models/s.yml", "models: [{name: m, data_tests: [toolkit.phase]}]\n");
        p.karat(["build"]).success().statuses(["m success", "test toolkit_phase_m_ pass"]);
    });
}

#[test]
fn the_model_of_an_operation_is_the_macro_that_is_called() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/who.sql",
                "{% macro inner() %}{{ return(model.name) }}{% endmacro %}
                 {% macro show() %}
                   {{ print(model.unique_id ~ ' ' ~ model.resource_type ~ ' ' ~ model.package_name) }}
                   {{ print(model['depends_on'].macros ~ ' ' ~ toolkit.inner() ~ ' ' ~ model.get('test_metadata', 'none')) }}
                   {{ print(render('{{ model.original_file_path }}') ~ ' ' ~ tojson(model.docs)) }}
                 {% endmacro %}",
            )],
        );
        let expect = [
            "macro.toolkit.show macro toolkit",
            "['macro.toolkit.inner'] show none",
            "macros/who.sql {\"show\": true}",
        ];
        assert_eq!(said(p, "toolkit.show"), expect);
    });
}

#[test]
fn what_is_read_behind_a_call_of_nothing_is_known() {
    on_adapters(|p| {
        with_toolkit(p, &[("macros/a.sql", "{% macro a() %}{{ return([]) }}{% endmacro %}")]);
        p.file("models/b.sql", "select 1 as id");
        let calls =
            ["nope()", "toolkit.nope(1, x=2)", "[].nope()", "adapter.nope()", "toolkit.nope().more | upper"];
        for (number, call) in calls.iter().enumerate() {
            let text = format!(
                "{{% if nope is defined %}}{{{{ ref('never') }}}}{{% endif %}}{{{{ {call} }}}}
                 {{% for it in nope() %}}{{{{ it }}}}{{% endfor %}}{{{{ config(tags=['t']) }}}}{{{{ toolkit.a() }}}} {{{{ ref('b') }}}}"
            );
            p.file(&format!("models/m{number}.sql"), &text);
        }
        let parsed = p.karat(["parse"]);
        let manifest = parsed.success().manifest();
        for (number, call) in calls.iter().enumerate() {
            let node = &manifest["nodes"][format!("model.shop.m{number}")];
            assert_eq!(node["depends_on"]["nodes"], serde_json::json!(["model.shop.b"]), "{call}");
            assert_eq!(node["depends_on"]["macros"], serde_json::json!(["macro.toolkit.a"]), "{call}");
            assert_eq!(node["tags"], serde_json::json!(["t"]), "{call}");
        }
        p.karat(["run", "-s", "b"]).success();
        let refused = p.karat(["run", "-s", "m1"]);
        assert!(refused.stdout().contains("has no attribute 'nope'"), "{}", refused.stdout());
    });
}
