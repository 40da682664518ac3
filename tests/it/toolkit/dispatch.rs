//! `adapter.dispatch` across packages.

use super::{said, with_toolkit};
use crate::harness::*;

const LABEL: (&str, &str) = (
    "macros/label.sql",
    "{% macro label() %}{{ return(adapter.dispatch('label', 'toolkit')()) }}{% endmacro %}
     {% macro default__label() %}{{ return('default') }}{% endmacro %}
     {% macro postgres__label() %}{{ return('for postgres') }}{% endmacro %}
     {% macro show() %}{{ print(toolkit.label() ~ ' ' ~ toolkit.suffix('x')) }}{% endmacro %}
     {% macro suffix(it) %}{{ return(adapter.dispatch('suffix', macro_namespace='toolkit')(it)) }}{% endmacro %}
     {% macro default__suffix(it) %}{{ return(it ~ '_toolkit') }}{% endmacro %}",
);

#[test]
fn the_engines_macro_comes_before_the_default() {
    on_adapters(|p| {
        with_toolkit(p, &[LABEL]);
        assert_eq!(said(p, "toolkit.show"), [p.adapter.pick("default x_toolkit", "for postgres x_toolkit")]);
    });
}

#[test]
fn the_project_overrides_by_its_search_order() {
    on_adapters(|p| {
        with_toolkit(p, &[LABEL]);
        p.file(
            "macros/label.sql",
            "{% macro default__label() %}{{ return('of the shop') }}{% endmacro %}
             {% macro default__suffix(it) %}{{ return(it ~ '_shop') }}{% endmacro %}",
        );
        let own = p.adapter.pick("of the shop", "for postgres");
        p.configure("dispatch:\n  - macro_namespace: toolkit\n    search_order: [shop, toolkit]");
        assert_eq!(said(p, "toolkit.show"), [p.adapter.pick("of the shop x_shop", "of the shop x_shop")]);
        p.file("dbt_project.yml", &p.text("dbt_project.yml").replace("[shop, toolkit]", "[toolkit, shop]"));
        assert_ne!(said(p, "toolkit.show"), [format!("{own} x_shop")]);
    });
}

#[test]
fn a_macro_that_nobody_has_is_told_with_the_names_that_were_looked_for() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/a.sql",
                "{% macro a() %}{{ adapter.dispatch('nothing', 'toolkit')() }}{% endmacro %}",
            )],
        );
        let outcome = p.karat(["run-operation", "toolkit.a"]);
        assert_ne!(outcome.code(), Some(0));
        let said = squeezed(&outcome.stdout());
        let names = format!("'toolkit.{}__nothing', 'toolkit.default__nothing'", p.adapter.name());
        assert!(said.contains(&names), "{said}");
    });
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
