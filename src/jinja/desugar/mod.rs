//! Rewrites dbt's Jinja into the dialect that stock minijinja understands.
//!
//! A recursive-descent parser over Jinja2's grammar notes *edits*; all else of the text is copied
//! as it stands. No line is added or lost, so line numbers survive, and [`Output`] leads every
//! byte of the result back to the user's file.
//!
//! - `constant`: which printed values of YAML are text whatever their type
//! - `cursor`: the parser's place among the tokens
//! - `expression`, `operand`: lists, dicts, operators, slices, tuples
//! - `statement`: `do`, `for`, `set`, `call`, `{% if x: %}`, `print`
//! - `macro_block`: macros, tests and materializations as one native macro each
//! - `nesting`: which tags are open
//! - `literal`: string escapes
//! - `reserved`: variables named `loop` and `self`
//! - `edits`: the edits and the map back

mod constant;
mod cursor;
mod edits;
mod expression;
pub(crate) mod literal;
mod macro_block;
mod nesting;
mod operand;
mod reserved;
mod statement;

use super::scan::{Scanned, SegmentKind, next_segment};
use cursor::Parser;
use edits::Edits;
pub(crate) use edits::Output;
use reserved::Reserved;

pub(crate) use macro_block::{NATIVE_NAME, Parameter, macro_block, materialization_options};

/// What stands before every template, on its first line. It hands the render a function that
/// imports a macro into the render's own state (a macro of another state cannot be called). The
/// `with` keeps the template's own variables out of that function's closure.
pub(crate) const PRELUDE: &str = "{% with %}{% macro karat__import(karat__name) %}\
    {% import karat__name as karat__module %}{{ __karat_stash(karat__module) }}\
    {% endmacro %}{% do __karat_boot(karat__import) %}{% endwith %}";

/// Names that a macro body uses and that change how it is called.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Uses {
    pub varargs: bool,
    pub kwargs: bool,
    pub caller: bool,
}

impl Uses {
    fn note(&mut self, name: &str) {
        match name {
            "varargs" => self.varargs = true,
            "kwargs" => self.kwargs = true,
            "caller" => self.caller = true,
            _ => {}
        }
    }
}

/// A call as it is written, for the static dependencies of macros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallSite {
    /// `name(..)` or `package.name(..)`
    Named { package: Option<String>, name: String },
    /// `adapter.dispatch('name', 'namespace')` with literal arguments
    Dispatched { name: String, namespace: Option<String> },
}

impl CallSite {
    /// Package and name of a call `package.name(..)`.
    pub fn of_package(self) -> Option<(String, String)> {
        match self {
            CallSite::Named { package: Some(package), name } => Some((package, name)),
            _ => None,
        }
    }
}

/// What a parse collects.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub edits: Edits,
    pub reserved: Reserved,
    pub uses: Uses,
    pub calls: Vec<CallSite>,
}

impl Found {
    /// The edits, all of them and in order.
    fn finish(&mut self) {
        self.reserved.rename(&mut self.edits);
        self.edits.sort();
    }
}

/// A rewritten template or macro.
#[derive(Debug)]
pub(crate) struct Rewritten {
    pub output: Output,
    pub parameters: Vec<Parameter>,
    pub uses: Uses,
    pub calls: Vec<CallSite>,
}

/// What a template is rendered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Text.
    Text,
    /// One value, if one lone expression makes it; each printed value is shown to `__karat_emit`.
    Native,
}

/// Rewrites a model, a test, a hook, a YAML value.
pub(crate) fn template(source: &str, mode: Mode) -> Scanned<Rewritten> {
    let mut found = Found::default();
    body(source, (0, source.len()), mode, &mut found)?;
    found.finish();
    let mut output = Output::default();
    output.text.reserve(source.len() + source.len() / 4 + PRELUDE.len());
    output.raw(PRELUDE);
    output.copy(source, (0, source.len()), &found.edits);
    Ok(Rewritten { output, parameters: Vec::new(), uses: found.uses, calls: found.calls })
}

/// Notes the edits of all tags of a range.
fn body(source: &str, (start, end): (usize, usize), mode: Mode, found: &mut Found) -> Scanned<()> {
    let mut at = start;
    let mut nesting = nesting::Nesting::default();
    while let Some(segment) = next_segment(&source[..end], at)? {
        for (start, end) in segment.odd_blanks(source) {
            let plain = source[start..end].chars().map(|c| if c.is_ascii() { c } else { ' ' });
            found.edits.replace(start, end, plain.collect::<String>());
        }
        match segment.kind {
            SegmentKind::Statement => {
                statement::statement(source, &segment, found)?;
                nesting.step(source, &segment)?;
            }
            SegmentKind::Expression => {
                let mut parser = Parser::new(source, &segment.tokens, segment.close, found);
                let shape = parser.tuple(&[])?;
                parser.finish()?;
                if mode == Mode::Native {
                    emit(source, (shape.start, shape.end), &segment.tokens, found);
                }
            }
            _ => {}
        }
        at = segment.end;
    }
    nesting.finish()
}

/// Wraps a printed expression: `__karat_emit(expr, 'as_bool')`.
fn emit(source: &str, (start, end): (usize, usize), tokens: &[super::scan::Token], found: &mut Found) {
    let marker = match tokens {
        [.., pipe, filter] if &source[pipe.start..pipe.end] == "|" => &source[filter.start..filter.end],
        _ => "",
    };
    let marker = ["as_text", "as_bool", "as_number", "as_native"].into_iter().find(|name| *name == marker);
    let marker = marker.or_else(|| constant::is_constant(source, tokens).then_some("as_text"));
    found.edits.open(start, " __karat_emit(");
    found.edits.close(end, format!(", '{}')", marker.unwrap_or("")));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Checks a template against its rewritten form, `__karat_` written as `K`.
    fn check(source: &str, expect: &str) {
        let found = match template(source, Mode::Text) {
            Ok(done) => done.output.text[PRELUDE.len()..].replace("__karat_", "K"),
            Err(fault) => format!("{}@{}", fault.message, fault.offset),
        };
        assert_eq!(found, expect, "{source}");
    }

    #[test]
    fn expressions() {
        check("{{ [1, [2]] }}", "{{  Klist([1,  Klist([2])]) }}");
        check("{{ {'a': {}} }}", "{{  Kdict({'a':  Kdict({})}) }}");
        check("{{ a + b + c }}", "{{  Kadd(a , b , c) }}");
        check("{{ a + b * c }}", "{{  Kadd(a ,  Kmul(b , c)) }}");
        check("{{ 'a' + 'b' }}{{ 1 + 2 }}{{ 2 - 1 }}", "{{ 'a' + 'b' }}{{ 1 + 2 }}{{ 2 - 1 }}");
        check("{{ a + b - c + d + 1 }}", "{{  Kadd( Ksub( Kadd(a , b) , c) , d , 1) }}");
        check("{{ '%s' % x }}", "{{  Kmod('%s' , x) }}");
        check("{{ x[1:] }}{{ x[:] }}", "{{  Kslice(x,1, none, none) }}{{  Kslice(x, none, none, none) }}");
        check("{{ x[a:b:c][0] }}", "{{  Kslice(x,a,b,c)[0] }}");
        check("{{ x[1:][2:] }}", "{{  Kslice( Kslice(x,1, none, none),2, none, none) }}");
        check("{{ x in [1] }}{{ 1, 2 }}", "{{  Kcompare(x , 'in', [1]) }}{{  Ktuple((1, 2)) }}");
        check("{{ x in ['a', 'b'] }}{{ x == 'a' }}", "{{ x in ['a', 'b'] }}{{ x == 'a' }}");
        check(
            "{{ a < 1 }}{{ 1 < a <= b }}",
            "{{  Kcompare(a , '<', 1) }}{{  (Kchain(1 , '<', a ) and Kchain_end('<=', b)) }}",
        );
        check("{{ not a not\nin [1] }}", "{{ not  Kcompare(a \n, 'not in', [1]) }}");
        check("{{ x is divisibleby 3 }}", "{{ x is divisibleby (3) }}");
        check("{{ +x }}{{ -x }}{{ -1 }}", "{{  x }}{{  Kneg(x) }}{{ -1 }}");
        check("{{ a ~ b ~ c }}{{ a / b }}", "{{  Kcat(a , b , c) }}{{  Kdiv(a , b) }}");
        check(
            "é\u{a0}’{# é #}{% raw %}é{% endraw %}{{ x }}é",
            "é\u{a0}’{# é #}{% raw %}é{% endraw %}{{ x }}é",
        );
        check("{{\u{a0}a\u{a0}+\u{2003}b }}{{ '\u{a0}' }}", "{{  Kadd(a , b) }}{{ '\u{a0}' }}");
        check("{{ '\\d' }}", "{{ \"\\\\d\" }}");
        check("{{ 'a' 'b' }}", "{{  ('a'  ~ 'b') }}");
        check("{{ f(*a, b=[1], **c) }}", "{{ f(*a, b= Klist([1]), **c) }}");
    }

    #[test]
    fn statements() {
        check("{% if x: %}{% else: %}{% endif %}", "{% if x %}{% else %}{% endif %}");
        check("{% do x.append(1) %}", "{% do x.append(1) %}");
        check("{% do x.append(1) if c %}", "{% do  Kdo(x.append(1) if c) %}");
        check("{% for x in 1, 2 %}{% endfor %}", "{% for x in  Kiter( (1, 2)) %}{% endfor %}");
        check(
            "{% for a, b in d.items() if b %}{% endfor %}",
            "{% for a, b in  Kiter(d.items()) if b %}{% endfor %}",
        );
        check("{% for x in [1] %}{% endfor %}", "{% for x in [1] %}{% endfor %}");
        check("{% set a, b = 1, [2] %}", "{% set a, b =  Ktuple((1,  Klist([2]))) %}");
        check("{% set x | upper %}{% endset %}", "{% set x | upper %}{% endset %}");
        check("{% call(a: int, b=[1]) m() %}{% endcall %}", "{% call(a, b= Klist([1])) m() %}{% endcall %}");
        check("{%- print a, b -%}", "{{- a~ b -}}");
    }

    #[test]
    fn reserved_names() {
        check("{% set loop = self %}{{ loop }}", "{% set karat__loop = karat__self %}{{ karat__loop }}");
        check(
            "{% set self = 1 %}{% for self in x %}{{ loop.self ~ self }}{% endfor %}",
            "{% set karat__self = 1 %}{% for karat__self in  Kiter(x) %}{{  Kcat(loop.self , karat__self) }}{% endfor %}",
        );
        check(
            "{% set ns.self = 1 %}{{ loop }}{{ self.b() }}",
            "{% set ns.self = 1 %}{{ loop }}{{ self.b() }}",
        );
        check(
            "{% for x in y %}{% set loop = 1 %}{% endfor %}",
            "cannot assign to the special variable `loop` of a `for`@23",
        );
        check("{% for loop in y %}{% endfor %}", "cannot assign to the special variable `loop` of a `for`@7");
    }

    #[test]
    fn faults() {
        check("{{ a b }}", "expected the end of the tag, found `b`@5");
        check("{% include 'x' %}", "`{% include %}` is not available in a dbt project@3");
        check("{% nope %}", "unknown tag `nope`@3");
        check(
            "a{% if 1 %}{% for x in y %}{% endif %}",
            "`{% endif %}` stands where `{% endfor %}` is missing@27",
        );
        check("a{% if 1 %}b", "the `if` opened here has no `{% endif %}`@1");
        check("{% endif %}", "`{% endif %}` closes nothing@0");
        check("{% else %}", "`{% else %}` stands outside of an `if` or `for`@0");
        check("{{ }}", "expected an expression, found the end of the tag@3");
        let deep = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
        assert!(template(&deep, Mode::Text).is_err());
    }

    /// Whatever is written, reading it ends well, and what is rewritten keeps its lines.
    #[test]
    fn nothing_panics_and_lines_survive() {
        let seeds = [
            "{% set a = [1, {'b': \n'é\\d' 'x'}] %}{{ a[1:][::-1] ~ -x + 1 is divisibleby 3 }}\n",
            "{%- macro m(a: Dict[str, int] = {1:\n2}, *b) -%}{% do a.append(1) if c %}{% endmacro %}",
            "{% for a, (b, c) in 1, 2 if x %}\n{% else: %}{% endfor %}{% call(q) m() %}{% raw %}{{ {% endraw %}{% endcall %}",
        ];
        let mut random = 7u64;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (random >> 33) as usize % below.max(1)
        };
        for round in 0..6000 {
            let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
            for _ in 0..=next(3) {
                if text.is_empty() {
                    break;
                }
                let at = next(text.len());
                match next(3) {
                    0 => drop(text.remove(at)),
                    1 => text.insert(at, ['{', '}', '%', '\'', '(', ']', '\\', '\n', 'é', '-'][next(10)]),
                    _ => text.truncate(at.max(1)),
                }
            }
            let text: String = text.into_iter().collect();
            if let Ok(done) = template(&text, Mode::Text) {
                assert_eq!(done.output.text.matches('\n').count(), text.matches('\n').count(), "{text}");
            }
            let _ = template(&text, Mode::Native);
            let _ = macro_block(&text, 3);
            let _ = crate::jinja::macros_in("p", "f", &text);
        }
    }

    #[test]
    fn calls_are_noted() {
        let source =
            "{{ f(g(1)) }}{{ p.h() }}{% do adapter.dispatch('d', macro_namespace='p')(1) %}{{ x.y.z() }}";
        let calls = template(source, Mode::Text).unwrap().calls;
        let named = |package: Option<&str>, name: &str| CallSite::Named {
            package: package.map(Into::into),
            name: name.into(),
        };
        let dispatched = CallSite::Dispatched { name: "d".into(), namespace: Some("p".into()) };
        assert_eq!(calls, [named(None, "f"), named(None, "g"), named(Some("p"), "h"), dispatched]);
    }
}
