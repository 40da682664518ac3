//! Templates that would fill the memory or the stack: each is refused with its place, within little memory.

use super::*;

/// A template, and what is said of it.
const GREEDY: &[(&str, &str)] = &[
    ("{{ 'x' * 10**10 }}", "longer than 100 MB"),
    ("{{ 'x' | center(10**9) }}", "longer than 100 MB"),
    ("{{ 'x'.ljust(10**9) ~ 'x'.zfill(10**10) }}", "longer than 100 MB"),
    ("{{ 'a\tb'.expandtabs(10**9) }}", "longer than 100 MB"),
    ("{{ 'a'|indent(10**10) }}", "longer than 100 MB"),
    ("{{ 'a b c'|wordwrap(1, wrapstring='x' * 10**8) }}", "longer than 100 MB"),
    ("{{ ('a' * 10**6).replace('a', 'b' * 10**6) }}", "longer than 100 MB"),
    ("{{ ('a' * 10**6)|replace('a', 'b' * 10**6) }}", "longer than 100 MB"),
    ("{{ ('a,' * 10**5).split(',')|join('b' * 10**5) }}", "longer than 100 MB"),
    ("{{ ('b' * 10**5).join(('a,' * 10**5).split(',')) }}", "longer than 100 MB"),
    ("{{ modules.re.sub('', 'x' * 10**6, 'y' * 10**4) }}", "longer than 100 MB"),
    ("{{ '%1000000000d' % 1 }}", "Too many decimal digits"),
    ("{{ '%.1000000000f' % 1.5 }}", "Too many decimal digits"),
    ("{{ '{:>1000000000}'.format('x') }}", "Too many decimal digits"),
    ("{{ '{:1000000000d}'.format(1) }}", "Too many decimal digits"),
    ("{{ [1, 2, 3] * 10**9 }}", "more than 10 million items"),
    ("{{ [1]|batch(10**9, 'x')|list }}", "more than 10 million items"),
    ("{{ [1, 2]|slice(10**9)|list }}", "more than 10 million items"),
    ("{{ modules.itertools.product(range(1000), repeat=4) }}", "more than 10 million rows"),
    ("{% for i in range(9) %}{{ 'x' * 10**8 }}{% endfor %}", "prints more than 300 MB"),
    (
        "{% set x = [] %}{% for i in range(10**5) %}{% do x.append('y' * 10**6) %}{% endfor %}",
        "too many times",
    ),
    (
        "{% set n = namespace(x=1) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
        "too many times",
    ),
    (
        "{% set n = namespace(x=1) %}{% for i in range(60) %}{% set n.x = {'a': n.x, 'b': n.x} %}{% endfor %}{{ n.x }}",
        "too many times",
    ),
    (
        "{% set n = namespace(x=1) %}{% for i in range(50000) %}{% set n.x = [n.x] %}{% endfor %}",
        "nested too deeply",
    ),
    (
        "{% set n = namespace(x=1) %}{% for i in range(50000) %}{% set n.x = {'a': n.x} %}{% endfor %}",
        "nested too deeply",
    ),
    (
        "{% set n = namespace(x=1) %}{% for i in range(50000) %}{% set n.x = (n.x,) %}{% endfor %}{{ n.x|tojson }}",
        "nested too deeply",
    ),
    (
        "{% set n = namespace(x=1) %}{% for i in range(50000) %}{% set n.x = n.x, n.x %}{% endfor %}",
        "too many times",
    ),
    ("{{ range(10**9) }}", "Range too big"),
    ("{{ 10 ** 10 ** 10 }}", "unable to calculate"),
    ("{{ modules.re.match('(a+)+$', 'a' * 40 ~ 'b') }}", "the regular expression gave up"),
    ("{{ modules.re.compile('((((a{1000}){1000}){1000}){1000})') }}", "bad regular expression"),
    ("{% set x = [1] %}{% do x.append(x) %}{{ x|tojson }}", "Circular reference detected"),
];

#[test]
fn what_would_fill_the_memory_is_refused() {
    on_duckdb(|p| {
        for (at, (template, _)) in GREEDY.iter().enumerate() {
            p.file(&format!("models/m{at:02}.sql"), &format!("select 1 as id\n-- {template}"));
        }
        let (code, said) = limited(p, "parse", "ulimit -v 4000000");
        assert_eq!(code, Some(2), "{said}");
        for (at, (template, told)) in GREEDY.iter().enumerate() {
            let fault = said.split("\n\n").find(|fault| fault.contains(&format!(" models/m{at:02}.sql:2:")));
            assert!(fault.is_some_and(|fault| fault.contains(told)), "{template}: {fault:?}");
        }
    });
}

#[test]
fn what_holds_itself_is_printed_and_compared() {
    on_duckdb(|p| {
        p.file("models/a.sql", "{% set x = [1] %}{% do x.append(x) %}{% set y = [1] %}{% do y.append(y) %}{% set d = {} %}{% do d.update(a=d) %}{% set e = {} %}{% do e.update(a=e) %}{% set n = namespace(t=1) %}{% for i in range(900) %}{% set n.t = (n.t,) %}{% endfor %}select '{{ x }} {{ x == y }} {{ x == x }} {{ d == e }} {{ d == d }} {{ n.t == (n.t,) }} {{ {'a': [1], 'b': 2} == {'b': 2, 'a': [1]} }}' as v");
        p.karat(["compile", "-s", "a"])
            .success()
            .stdout_has("'[1, [...]] False True False True False True' as v");
    });
}
