//! Rewrites a macro, test or materialization into one native macro of a template of its own.
//!
//! Native defaults are run right to left and for undefined arguments too, so they move into the
//! body: `{% if b is __karat_missing %}{% set b = .. %}{% endif %}`, in order, as Jinja2 does it.

use super::cursor::Parser;
use super::edits::{Edits, Output};
use super::reserved::native_name;
use super::{Found, Mode, Rewritten, body, literal};
use crate::jinja::scan::{Scanned, Segment, TokenKind, fault, next_segment};

/// The name of the native macro in its template.
pub(crate) const NATIVE_NAME: &str = "karat__macro";

/// A parameter of a macro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub name: String,
    /// The type, if one is written.
    pub annotation: Option<String>,
    /// Where its default stands, if it has one.
    default: Option<DefaultValue>,
}

/// A default: an expression of the text, or text of our own.
#[derive(Debug, Clone, PartialEq, Eq)]
enum DefaultValue {
    Written(usize, usize),
    Given(&'static str),
}

impl Parameter {
    /// Whether it may be left out.
    pub fn has_default(&self) -> bool {
        self.default.is_some()
    }
}

/// What stands in the header of a materialization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MaterializationOptions {
    /// `default` or the name of an adapter.
    pub adapter: String,
    /// `supported_languages`.
    pub languages: Vec<String>,
    written: Option<(usize, usize)>,
}

/// Reads `materialization name, default` and `materialization name, adapter='x', supported_languages=[..]`.
pub(crate) fn materialization_options(source: &str, header: &Segment) -> Scanned<MaterializationOptions> {
    let mut found = Found::default();
    options(&mut Parser::new(source, &header.tokens, header.close, &mut found))
}

fn options(p: &mut Parser<'_>) -> Scanned<MaterializationOptions> {
    p.expect("materialization")?;
    let name = p.expect_name("the name of the materialization")?;
    let mut options =
        MaterializationOptions { adapter: "default".into(), languages: vec!["sql".into()], written: None };
    while p.skip(",").is_some() {
        let key = p.expect_name("`default`, `adapter` or `supported_languages`")?;
        match p.text(key) {
            "default" => continue,
            "adapter" | "supported_languages" => p.expect("=").map(|_| ())?,
            other => {
                let name = p.text(name);
                return fault(
                    key.start,
                    format!("materialization `{name}` has an unknown argument `{other}`"),
                );
            }
        }
        let value = p.expression()?;
        let texts = literals(&p.source[value.start..value.end]);
        if p.text(key) == "adapter" {
            options.adapter = texts.into_iter().next().unwrap_or_default();
        } else {
            options.languages = texts;
            options.written = Some((value.start, value.end));
        }
    }
    p.finish()?;
    Ok(options)
}

/// The string literals of an expression.
fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(['\'', '"'])).map(|n| at + n) {
        let Ok(token) = crate::jinja::scan::token(text, start) else { break };
        found.push(literal::decode(&text[token.start..token.end]));
        at = token.end;
    }
    found
}

/// `(a, b: Optional[str] = 1)`; drops the types.
pub(super) fn signature(p: &mut Parser<'_>) -> Scanned<Vec<Parameter>> {
    let mut parameters: Vec<Parameter> = Vec::new();
    p.expect("(")?;
    while !p.is(")") {
        let name = p.expect_name("the name of a parameter")?;
        p.assign(name)?;
        let annotation = annotation(p)?;
        let mut default = None;
        if p.skip("=").is_some() {
            let value = p.expression()?;
            default = Some(DefaultValue::Written(value.start, value.end));
        } else if parameters.last().is_some_and(Parameter::has_default) {
            return fault(name.start, "a parameter without a default follows one with a default");
        }
        parameters.push(Parameter { name: p.text(name).to_string(), annotation, default });
        if p.skip(",").is_none() {
            break;
        }
    }
    p.expect(")")?;
    Ok(parameters)
}

fn annotation(p: &mut Parser<'_>) -> Scanned<Option<String>> {
    let Some(colon) = p.skip(":") else { return Ok(None) };
    let start = p.offset();
    type_name(p)?;
    let end = p.last_end();
    p.edits().replace(colon.start, end, "");
    Ok(Some(p.source[start..end].to_string()))
}

/// `str`, `Optional[str]`, `Dict[str, List[int]]`
fn type_name(p: &mut Parser<'_>) -> Scanned<()> {
    let mut depth = 0;
    p.expect_name("the name of a type")?;
    while p.is("[") || depth > 0 {
        let token = p.next()?;
        match p.text(token) {
            "[" => depth += 1,
            "]" => depth -= 1,
            "," => {}
            _ if token.kind == TokenKind::Name => {}
            other => return fault(token.start, format!("unexpected `{other}` in a type")),
        }
    }
    Ok(())
}

/// Rewrites the text of one block; `line` is the line of its opening tag in the file.
pub(crate) fn macro_block(text: &str, line: usize) -> Scanned<Rewritten> {
    let start = text.len() - text.trim_start().len();
    let header = match next_segment(text, start)? {
        Some(segment) if !segment.tokens.is_empty() => segment,
        _ => return fault(start, "a block begins with its tag"),
    };
    let end = last_tag(text, &header)?;
    let mut found = Found::default();
    let parameters = header_parameters(text, &header, &mut found)?;
    body(text, (header.end, end.start), Mode::Text, &mut found)?;
    found.uses.varargs &= !parameters.iter().any(|p| p.name == "varargs");
    found.uses.kwargs &= !parameters.iter().any(|p| p.name == "kwargs");
    found.uses.caller &= !parameters.iter().any(|p| p.name == "caller");
    found.finish();
    let mut output = Output::default();
    output.raw(&"\n".repeat(line.saturating_sub(1)));
    write_header(text, &header, (&parameters, &found), &mut output);
    output.copy(text, (header.end, end.start), &found.edits);
    output.raw(if end.trims_before(text) { "{%- endmacro %}" } else { "{% endmacro %}" });
    Ok(Rewritten { output, parameters, uses: found.uses, calls: found.calls })
}

/// The tag that closes the block.
fn last_tag(text: &str, header: &Segment) -> Scanned<Segment> {
    let wanted = format!("end{}", header.keyword(text));
    let mut at = header.end;
    while let Some(segment) = next_segment(text, at)? {
        if segment.keyword(text) == wanted {
            return Ok(segment);
        }
        at = segment.end;
    }
    fault(header.start, format!("the block opened here has no `{{% {wanted} %}}`"))
}

fn header_parameters(text: &str, header: &Segment, found: &mut Found) -> Scanned<Vec<Parameter>> {
    let mut p = Parser::new(text, &header.tokens, header.close, found);
    if header.keyword(text) != "materialization" {
        p.next()?;
        p.expect_name("the name of the macro")?;
        let parameters = signature(&mut p)?;
        p.finish()?;
        return Ok(parameters);
    }
    let default = match options(&mut p)?.written {
        Some((start, end)) => DefaultValue::Written(start, end),
        None => DefaultValue::Given("__karat_list(['sql'])"),
    };
    Ok(vec![Parameter { name: "supported_languages".into(), annotation: None, default: Some(default) }])
}

/// The native header: `{% macro karat__macro(a, b, varargs, kwargs) %}` and the defaults.
fn write_header(
    text: &str,
    header: &Segment,
    (parameters, found): (&[Parameter], &Found),
    output: &mut Output,
) {
    let mut names: Vec<&str> = parameters.iter().map(|p| native_name(&p.name)).collect();
    names.extend(found.uses.varargs.then_some("varargs"));
    names.extend(found.uses.kwargs.then_some("kwargs"));
    output.raw(&format!("{{% macro {NATIVE_NAME}({})", names.join(", ")));
    output.raw(&"\n".repeat(lines_of_header(text, header, parameters)));
    for parameter in parameters {
        write_default(text, parameter, &found.edits, output);
    }
    output.raw(" ");
    output.raw(&text[header.close..header.end]);
}

fn write_default(text: &str, parameter: &Parameter, edits: &Edits, output: &mut Output) {
    let Some(default) = &parameter.default else { return };
    let name = native_name(&parameter.name);
    output.raw(&format!(" %}}{{% if {name} is __karat_missing %}}{{% set {name} = "));
    match default {
        DefaultValue::Written(start, end) => output.copy(text, (*start, *end), edits),
        DefaultValue::Given(value) => output.raw(value),
    }
    output.raw(" %}{% endif");
}

/// How many line ends of the header are not part of a default.
fn lines_of_header(text: &str, header: &Segment, parameters: &[Parameter]) -> usize {
    let all = text[header.start..header.close].matches('\n').count();
    let inside = parameters.iter().map(|p| match p.default {
        Some(DefaultValue::Written(start, end)) => text[start..end].matches('\n').count(),
        _ => 0,
    });
    all.saturating_sub(inside.sum())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Checks a block against its rewritten form, our own prefixes shortened.
    fn check(text: &str, expect: &str) {
        let found = match macro_block(text, 1) {
            Ok(done) => done.output.text.replace("__karat_", "K").replace(NATIVE_NAME, "M"),
            Err(fault) => format!("{}@{}", fault.message, fault.offset),
        };
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn headers() {
        check("{% macro a() %}x{% endmacro %}", "{% macro M() %}x{% endmacro %}");
        check(
            "{%- macro a(x, y: int = [x]) -%} z {%- endmacro -%}",
            "{% macro M(x, y) %}{% if y is Kmissing %}{% set y =  Klist([x]) %}{% endif -%} z {%- endmacro %}",
        );
        check(
            "{% macro a() %}{{ varargs }}{% endmacro %}",
            "{% macro M(varargs) %}{{ varargs }}{% endmacro %}",
        );
        check(
            "{% macro a(self, loop=self) %}{{ loop }}{% endmacro %}",
            "{% macro M(karat__self, karat__loop) %}{% if karat__loop is Kmissing %}\
             {% set karat__loop = karat__self %}{% endif %}{{ karat__loop }}{% endmacro %}",
        );
        check(
            "{% test t(\nmodel\n) %}{% endtest %}",
            "{% macro M(model\n\n %}{% endmacro %}".replace("model", "model)").as_str(),
        );
        check(
            "{% materialization t, adapter='x' %}b{% endmaterialization %}",
            "{% macro M(supported_languages) %}{% if supported_languages is Kmissing %}\
             {% set supported_languages = Klist(['sql']) %}{% endif %}b{% endmacro %}",
        );
    }

    #[test]
    fn faults() {
        check(
            "{% macro a(x=1, y) %}{% endmacro %}",
            "a parameter without a default follows one with a default@16",
        );
        check("{% macro a %}{% endmacro %}", "expected `(`, found the end of the tag@11");
        check(
            "{% materialization t, x=1 %}{% endmaterialization %}",
            "materialization `t` has an unknown argument `x`@22",
        );
    }
}
