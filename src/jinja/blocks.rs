//! Finds the blocks at the top of a file: macros, tests, materializations, snapshots, docs.
//!
//! Text between blocks is ignored. A block's text and body have the same bounds as in dbt: a
//! delimiter with a minus takes the white space beside it along.

use serde::{Deserialize, Serialize};

use super::scan::{self, Fault, Scanned, Segment, fault, find_end_tag, next_segment, position};
use crate::error::{Error, Result};

/// Which kind of block a macro was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroKind {
    /// `{% macro name(..) %}`
    Macro,
    /// `{% test name(..) %}` or `{% data_test name(..) %}`
    Test,
    /// `{% materialization name, adapter='x' %}`
    Materialization,
}

/// One macro-like block as it was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroSource {
    /// The package that owns the file.
    pub package: String,
    /// The file, as it is shown to users.
    pub file: String,
    /// The name that dbt knows it by: `my_macro`, `test_not_null`, `materialization_table_default`.
    pub name: String,
    /// What it was written as.
    pub kind: MacroKind,
    /// Line of the opening tag, from 1.
    pub line: usize,
    /// Column of the opening tag, from 1.
    pub column: usize,
    /// The whole block, tags included.
    pub text: String,
    /// `supported_languages` of a materialization (`['sql']` unless given); none for others.
    pub supported_languages: Option<Vec<String>>,
}

/// One block of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The keyword: `snapshot`, `docs`, ...
    pub kind: String,
    /// The word after it.
    pub name: String,
    /// The whole block, tags included.
    pub text: String,
    /// What stands between the tags.
    pub body: String,
    /// Line of the opening tag, from 1.
    pub line: usize,
    /// Column of the opening tag, from 1.
    pub column: usize,
    /// Line on which the body begins, from 1.
    pub body_line: usize,
    /// Column at which the body begins, from 1.
    pub body_column: usize,
}

/// The macros, tests and materializations of a `.sql` file of a package.
///
/// # Errors
/// A block without an end, a tag that cannot be read, a macro without a name: all of them at once.
pub fn macros_in(package: &str, file: &str, source: &str) -> Result<Vec<MacroSource>> {
    let source = &super::normalize_newlines(source);
    let found = find(source, &["macro", "materialization", "test", "data_test"])
        .map_err(|fault| fault.locate(file, source))?;
    let mut errors = Vec::new();
    let mut macros = Vec::new();
    for block in found {
        match macro_source(source, &block) {
            Ok(one) => macros.push(MacroSource { package: package.into(), file: file.into(), ..one }),
            Err(fault) => errors.push(fault.locate(file, source)),
        }
    }
    Error::all(errors).map_or(Ok(macros), Err)
}

/// The blocks of the given kinds (`snapshot`, `docs`, ...) of a file.
///
/// # Errors
/// A block without an end, or a tag inside a block that cannot be read.
pub fn blocks_in(file: &str, source: &str, kinds: &[&str]) -> Result<Vec<Block>> {
    let source = &super::normalize_newlines(source);
    let found = find(source, kinds).map_err(|fault| fault.locate(file, source))?;
    Ok(found.iter().map(|bounds| block(source, bounds)).collect())
}

/// The tags outside of blocks of the given kinds, `{% endmacro %}` of an older edit being one: each one's first
/// word with its line and column. Nothing where the file cannot be read as blocks, which is told elsewhere.
pub fn strays_in(source: &str, kinds: &[&str]) -> Vec<(String, usize, usize)> {
    let source = &super::normalize_newlines(source);
    let mut strays = Vec::new();
    let read = find_with(source, kinds, &mut |tag| {
        let (line, column) = position(source, tag.start);
        strays.push((tag.keyword(source).to_string(), line, column));
    });
    if read.is_ok() { strays } else { Vec::new() }
}

impl Fault {
    /// As an error of a file.
    pub(crate) fn locate(self, file: &str, source: &str) -> Error {
        let (line, column) = position(source, self.offset);
        let help = help(&self.message);
        Error::compilation(self.message).at(file, line, column).with_source(source).help(help)
    }
}

/// How a fault of syntax is mended: by what its message misses, or by keeping the text from Jinja.
fn help(message: &str) -> String {
    let missing = message.split_once("has no ").map(|(_, rest)| rest.trim_start_matches("closing "));
    match missing {
        Some(missing) if missing.starts_with('`') => format!("add {missing} where it ends"),
        _ => "mend the tag; text that is no Jinja stands between `{% raw %}` and `{% endraw %}`".to_string(),
    }
}

/// Where a block lies.
struct Bounds {
    header: Segment,
    end: Segment,
    /// White space before this belongs to the block before, or to nobody.
    from: usize,
}

impl Bounds {
    /// Start and end of the whole, white space that the delimiters eat included. That at both ends of the
    /// file is no part of any block (as in dbt, which strips files).
    fn outer(&self, source: &str) -> (usize, usize) {
        let start = before(source, &self.header).max(self.from);
        (start, after(source, &self.end).min(source.trim_end().len()))
    }

    fn inner(&self, source: &str) -> (usize, usize) {
        let start = after(source, &self.header);
        (start, before(source, &self.end).max(start))
    }
}

fn before(source: &str, tag: &Segment) -> usize {
    if tag.trims_before(source) { source[..tag.start].trim_end().len() } else { tag.start }
}

fn after(source: &str, tag: &Segment) -> usize {
    let rest = &source[tag.end..];
    if tag.trims_after(source) { source.len() - rest.trim_start().len() } else { tag.end }
}

/// All blocks of the kinds, in order.
fn find(source: &str, kinds: &[&str]) -> Scanned<Vec<Bounds>> {
    find_with(source, kinds, &mut |_| {})
}

/// The same, telling of tags that stand outside of them.
fn find_with(source: &str, kinds: &[&str], stray: &mut dyn FnMut(&Segment)) -> Scanned<Vec<Bounds>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut from = source.len() - source.trim_start().len();
    while at < source.len() {
        let Some(header) = outside(source, at, kinds)? else {
            at = skip(source, at);
            continue;
        };
        at = header.end;
        if kinds.contains(&header.keyword(source)) {
            let bounds = Bounds { from, ..close(source, header)? };
            at = bounds.end.end;
            from = after(source, &bounds.end);
            found.push(bounds);
        } else if !header.keyword(source).is_empty() {
            stray(&header);
        }
    }
    Ok(found)
}

/// The next segment outside of blocks. What cannot be read there is nobody's concern, unless it
/// begins like a block.
fn outside(source: &str, at: usize, kinds: &[&str]) -> Scanned<Option<Segment>> {
    match next_segment(source, at) {
        Ok(segment) => Ok(segment),
        Err(fault) => {
            let words = source[at..].trim_start_matches(['{', '%', '-', '+']).trim_start();
            let is_block = source[at..].starts_with("{%") && kinds.iter().any(|kind| words.starts_with(kind));
            if is_block { Err(fault) } else { Ok(None) }
        }
    }
}

fn skip(source: &str, at: usize) -> usize {
    scan::next_tag(source, at) + 2
}

/// Walks from an opening tag to its end tag.
fn close(source: &str, header: Segment) -> Scanned<Bounds> {
    let kind = header.keyword(source);
    let wanted = format!("end{kind}");
    if kind == "docs" {
        // A doc block holds prose: nothing in it is read as Jinja until its end tag.
        let Some((start, _)) = find_end_tag(source, header.end, &wanted) else {
            return unclosed(&header, kind);
        };
        let end = next_segment(source, start)?;
        return end.map_or_else(
            || unclosed(&header, kind),
            |end| Ok(Bounds { header: header.clone(), end, from: 0 }),
        );
    }
    let mut at = header.end;
    while let Some(segment) = next_segment(source, at)? {
        let keyword = segment.keyword(source);
        if keyword == wanted {
            return Ok(Bounds { header, end: segment, from: 0 });
        }
        if keyword == kind {
            return fault(
                segment.start,
                format!("a `{kind}` block cannot stand inside another `{kind}` block"),
            );
        }
        at = segment.end;
    }
    unclosed(&header, kind)
}

fn unclosed(header: &Segment, kind: &str) -> Scanned<Bounds> {
    fault(header.start, format!("the `{kind}` block opened here has no `{{% end{kind} %}}`"))
}

fn block(source: &str, bounds: &Bounds) -> Block {
    let (start, end) = bounds.outer(source);
    let (body_start, body_end) = bounds.inner(source);
    let (line, column) = position(source, bounds.header.start);
    let (body_line, body_column) = position(source, body_start);
    let name = bounds.header.tokens.get(1);
    Block {
        kind: bounds.header.keyword(source).to_string(),
        name: name.map_or("", |t| &source[t.start..t.end]).to_string(),
        text: source[start..end].to_string(),
        body: source[body_start..body_end].to_string(),
        line,
        column,
        body_line,
        body_column,
    }
}

fn macro_source(source: &str, bounds: &Bounds) -> Scanned<MacroSource> {
    let block = block(source, bounds);
    if !bounds.header.tokens.get(1).is_some_and(|t| t.kind == scan::TokenKind::Name) {
        return fault(bounds.header.start, format!("this `{}` has no name", block.kind));
    }
    let (kind, name, languages) = match block.kind.as_str() {
        "macro" => (MacroKind::Macro, block.name.clone(), None),
        "materialization" => {
            let options = super::desugar::materialization_options(source, &bounds.header)?;
            let name = format!("materialization_{}_{}", block.name, options.adapter);
            (MacroKind::Materialization, name, Some(options.languages))
        }
        _ => (MacroKind::Test, format!("test_{}", block.name), None),
    };
    Ok(MacroSource {
        package: String::new(),
        file: String::new(),
        name,
        kind,
        line: block.line,
        column: block.column,
        text: block.text,
        supported_languages: languages,
    })
}

/// Does a place of a template (line and column, from 1) lie in a branch or a loop, which another render may
/// pass by?
pub fn in_branch(source: &str, (line, column): (usize, usize)) -> bool {
    let before = source.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
    let offset = before + source[before..].chars().take(column - 1).map(char::len_utf8).sum::<usize>();
    let mut open = 0_usize;
    let mut at = 0;
    while let Ok(Some(segment)) = next_segment(source, at) {
        if segment.start >= offset {
            break;
        }
        match segment.keyword(source) {
            "if" | "for" => open += 1,
            "endif" | "endfor" => open = open.saturating_sub(1),
            _ => {}
        }
        at = segment.end;
    }
    open > 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Checks a file against its blocks, written as `name@line:column` joined by a bar, or its error.
    fn check(source: &str, expect: &str) {
        let found = match macros_in("p", "m.sql", source) {
            Ok(all) => all
                .iter()
                .map(|m| format!("{}@{}:{}", m.name, m.line, m.column))
                .collect::<Vec<_>>()
                .join("|"),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expect, "{source}");
    }

    #[test]
    fn tags_outside_of_blocks_are_strays() {
        let strays = |source: &str| {
            let all = strays_in(source, &["macro"]);
            all.into_iter().map(|(word, line, _)| format!("{word}@{line}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(strays("{% macro a() %}{% if x %}{% endif %}{% endmacro %}\n{# {% no %} #}{{ x }}"), "");
        assert_eq!(
            strays("{% set a = 1 %}\n{% macro a() %}{% endmacro %}\n{% endmacro %}"),
            "set@1 endmacro@3"
        );
    }

    #[test]
    fn finds_macros() {
        check("x {% macro a() %}{% endmacro %}\n  {%- test b(m) -%} {% endtest %}", "a@1:3|test_b@2:3");
        check("{% materialization t, default %}{% endmaterialization %}", "materialization_t_default@1:1");
        check("{% materialization t, adapter='x' %}{% endmaterialization %}", "materialization_t_x@1:1");
        check("{% data_test q(model) %}{% enddata_test %}", "test_q@1:1");
        check("{% macro a() %}{{ '{% endmacro %}' }}{# {% endmacro %} #}{% endmacro %}", "a@1:1");
        check("what {{ is ! this {% macro a() %}{% endmacro %}", "a@1:19");
    }

    #[test]
    fn faults_are_located() {
        check("\n {% macro a() %}", "the `macro` block opened here has no `{% endmacro %}` (m.sql:2:2)");
        check("{% macro a() %}{{ ! }}{% endmacro %}", "unexpected character `!` (m.sql:1:19)");
        check("{% macro %}{% endmacro %}", "this `macro` has no name (m.sql:1:1)");
        check(
            "{% macro a() %}\n{% macro b() %}{% endmacro %}",
            "a `macro` block cannot stand inside another `macro` block (m.sql:2:1)",
        );
    }

    #[test]
    fn bodies_have_their_white_space_eaten() {
        let source = "{% snapshot s -%}\n  select 1\n{%- endsnapshot %}\n{% docs 1x %} it's {{ {% enddocs %}";
        let found = blocks_in("s.sql", source, &["snapshot", "docs"]).unwrap();
        assert_eq!((found[0].name.as_str(), found[0].body.as_str()), ("s", "select 1"));
        assert_eq!((found[1].name.as_str(), found[1].body.as_str()), ("1x", " it's {{ "));
        assert_eq!((found[0].body_line, found[0].body_column), (2, 3));
    }
}
