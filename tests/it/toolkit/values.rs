//! Values and what a template may ask of them.

use super::{said, with_toolkit};
use crate::harness::*;

fn shown(p: &Project, expressions: &[&str]) -> Vec<String> {
    let prints: Vec<String> = expressions.iter().map(|it| format!("{{{{ print({it}) }}}}")).collect();
    let text = format!("{{% macro show() %}}{}{{% endmacro %}}", prints.join("\n"));
    with_toolkit(p, &[("macros/show.sql", &text)]);
    said(p, "toolkit.show")
}

#[test]
fn modules_are_pythons() {
    on_adapters(|p| {
        let found = shown(
            p,
            &[
                "modules.datetime.datetime(2024, 2, 29, 12).strftime('%Y-%m-%d %H:%M')",
                "(modules.datetime.date(2024, 3, 1) - modules.datetime.timedelta(days=1)).isoformat()",
                "modules.datetime.datetime.strptime('2024-01-31', '%Y-%m-%d').date()",
                "modules.pytz.timezone('America/New_York').localize(modules.datetime.datetime(2024, 7, 1)).isoformat()",
                "modules.re.match('([a-z]+)_(\\\\d+)', 'ab_12').groups()",
                "modules.re.sub('[^a-z]', '', 'a1b2')",
                "modules.re.search('--selector(?:\\\\s+|=)(\\\\S+)', 'run --selector=x').group(1)",
                "modules.itertools.product([1, 2], ['a']) | list",
                "run_started_at.strftime('%Y') | length",
            ],
        );
        let expect = [
            "2024-02-29 12:00",
            "2024-02-29",
            "2024-01-31",
            "2024-07-01T00:00:00-04:00",
            "('ab', '12')",
            "ab",
            "x",
            "[(1, 'a'), (2, 'a')]",
            "4",
        ];
        assert_eq!(found, expect);
    });
}

#[test]
fn text_becomes_data_and_back() {
    on_adapters(|p| {
        let found = shown(
            p,
            &[
                "fromjson('{\"a\": [1, 2.5, null, true]}').a",
                "tojson({'b': [1, none], 'a': 'ä'}, sort_keys=true)",
                "fromyaml('a: {b: [1, x]}')['a']['b'][1]",
                "toyaml({'a': [1, 'x']}) | trim",
                "local_md5('x')",
                "set(['a', 'a']) | length",
                "zip([1, 2], ['a', 'b']) | list",
                "fromjson('no json', 'none of it')",
            ],
        );
        let expect = [
            "[1, 2.5, None, True]",
            "{\"a\": \"\\u00e4\", \"b\": [1, null]}",
            "x",
            "a:",
            "- 1",
            "- x",
            "9dd4e461268c8034f5c8564e155c67a6",
            "1",
            "[(1, 'a'), (2, 'b')]",
            "none of it",
        ];
        assert_eq!(found, expect);
    });
}

#[test]
fn values_of_the_engine_can_be_told_apart() {
    on_adapters(|p| {
        with_toolkit(
            p,
            &[(
                "macros/kinds.sql",
                "{% macro kind(it) %}{% if it.year is defined %}{{ return(it.isoformat()) }}{% endif %}
                   {% if it is number and it.normalize is defined %}{{ return('decimal ' ~ it.normalize().as_tuple()) }}{% endif %}
                   {{ return((it | string) ~ (it is string) ~ (it is number)) }}{% endmacro %}
                 {% macro show() %}{% if execute %}
                   {% set row = run_query(\"select cast('2024-02-29' as date) as d, cast(1.50 as decimal(4, 2)) as n, 3 as i, 'x' as t, cast(100.50 as decimal(6, 2)) - 0.5 as h\")[0] %}
                   {% for it in row.values() %}{{ print(toolkit.kind(it)) }}{% endfor %}
                 {% endif %}{% endmacro %}",
            )],
        );
        let expect =
            ["2024-02-29", "decimal (0, (1, 5), -1)", "3FalseTrue", "xTrueFalse", "decimal (0, (1,), 2)"];
        let found: Vec<String> = said(p, "toolkit.show").iter().map(|line| plain(line)).collect();
        assert_eq!(found, expect);
    });
}

/// Python names the parts of a decimal.
fn plain(line: &str) -> String {
    let named = line.replace("DecimalTuple", "");
    ["sign=", "digits=", "exponent="].iter().fold(named, |text, name| text.replace(name, ""))
}
