//! Rewrites the statements, `{% ... %}`.

use super::Found;
use super::cursor::{Kind, Parser};
use super::macro_block::signature;
use crate::jinja::scan::{Scanned, Segment, TokenKind, fault};

/// Tags that carry nothing to rewrite.
const PLAIN: [&str; 14] = [
    "else",
    "endif",
    "endset",
    "endmacro",
    "endcall",
    "endfilter",
    "endwith",
    "break",
    "continue",
    "autoescape",
    "endautoescape",
    "block",
    "endblock",
    "endraw",
];

/// Notes the edits of one statement.
pub(super) fn statement(source: &str, segment: &Segment, found: &mut Found) -> Scanned<()> {
    let keyword = segment.keyword(source);
    let mut parser = Parser::new(source, &segment.tokens, segment.close, found);
    let p = &mut parser;
    if segment.tokens.is_empty() {
        return p.unexpected("a tag");
    }
    let word = p.next()?;
    match keyword {
        "if" | "elif" => p.tuple(&[]).map(|_| ())?,
        "for" => for_loop(p)?,
        "set" => set(p)?,
        "do" => do_expression(p)?,
        "call" => call(p)?,
        "macro" => {
            p.expect_name("the name of the macro")?;
            signature(p)?;
        }
        "filter" => filter(p)?,
        "with" => with(p)?,
        "print" => print(p, segment, word.end)?,
        "include" | "import" | "from" | "extends" => {
            return fault(word.start, format!("`{{% {keyword} %}}` is not available in a dbt project"));
        }
        "endfor" => {
            p.found.reserved.leave_loop();
            return plain(p);
        }
        _ if PLAIN.contains(&keyword) => return plain(p),
        _ => return fault(word.start, format!("unknown tag `{keyword}`")),
    }
    parser.finish()
}

fn plain(p: &mut Parser<'_>) -> Scanned<()> {
    while !p.at_end() && !p.is(":") {
        p.next()?;
    }
    p.finish()
}

/// `a, (b, c)`, `ns.x`
fn target(p: &mut Parser<'_>, stops: &[&str]) -> Scanned<()> {
    while !p.at_end() && !stops.iter().any(|stop| p.is(stop)) {
        if !p.is_kind(TokenKind::Name) && ![",", "(", ")", "."].contains(&p.word(0)) {
            return p.unexpected("a name to assign to");
        }
        let attribute = p.last_is(".");
        let token = p.next()?;
        match token.kind {
            TokenKind::Name if attribute => {}
            TokenKind::Name if p.is(".") => p.found.reserved.read(token, p.text(token)),
            TokenKind::Name => p.assign(token)?,
            _ => {}
        }
    }
    Ok(())
}

/// `for t in X if c recursive`; the iterable goes through `__karat_iter`, which gives texts a
/// length and looks at the stop flag.
fn for_loop(p: &mut Parser<'_>) -> Scanned<()> {
    p.found.reserved.enter_loop();
    target(p, &["in"])?;
    p.found.reserved.leave_loop();
    p.expect("in")?;
    let literal = p.is("[");
    let items = p.iterable()?;
    if !literal {
        p.edits().open(items.start, " __karat_iter(");
        p.edits().close(items.end, ")");
    }
    if p.skip("if").is_some() {
        p.expression()?;
    }
    p.skip("recursive");
    p.found.reserved.enter_loop();
    Ok(())
}

fn set(p: &mut Parser<'_>) -> Scanned<()> {
    target(p, &["=", "|"])?;
    if p.skip("=").is_some() {
        p.tuple(&[])?;
    } else if p.is("|") {
        filters(p)?;
    }
    Ok(())
}

/// minijinja takes calls alone after `do`.
fn do_expression(p: &mut Parser<'_>) -> Scanned<()> {
    let shape = p.tuple(&[])?;
    if shape.kind != Kind::Call {
        p.edits().open(shape.start, " __karat_do(");
        p.edits().close(shape.end, ")");
    }
    Ok(())
}

fn call(p: &mut Parser<'_>) -> Scanned<()> {
    if p.is("(") {
        signature(p)?;
    }
    p.expression().map(|_| ())
}

fn filter(p: &mut Parser<'_>) -> Scanned<()> {
    p.expect_name("the name of a filter")?;
    if p.is("(") {
        p.arguments()?;
    }
    filters(p)
}

fn filters(p: &mut Parser<'_>) -> Scanned<()> {
    let at = p.offset();
    p.filters(super::cursor::Shape { start: at, end: at, kind: Kind::Other }).map(|_| ())
}

fn with(p: &mut Parser<'_>) -> Scanned<()> {
    while p.is_kind(TokenKind::Name) {
        target(p, &["="])?;
        p.expect("=")?;
        p.expression()?;
        if p.skip(",").is_none() {
            break;
        }
    }
    Ok(())
}

/// `{% print a, b %}` is `{{ a ~ b }}`.
fn print(p: &mut Parser<'_>, segment: &Segment, word_end: usize) -> Scanned<()> {
    let sign = |text: &str| text.trim_matches(['{', '%', '}']).to_string();
    let open = format!("{{{{{}", sign(&p.source[segment.start..segment.open]));
    let close = format!("{}}}}}", sign(&p.source[segment.close..segment.end]));
    p.edits().replace(segment.start, word_end, open);
    loop {
        p.expression()?;
        match p.skip(",") {
            Some(comma) => p.edits().replace(comma.start, comma.end, "~"),
            None => break,
        }
    }
    p.edits().replace(segment.close, segment.end, close);
    Ok(())
}
