//! Which expressions are constants: Jinja2 writes those into the template as text, so that a value of YAML
//! that is one (`{{ 1 + 1 }}`) is the text `2`, where `{{ x }}` keeps its type.

use crate::jinja::scan::{Token, TokenKind};

const WORDS: &[&str] =
    &["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"];

/// Filters that see the context, choose by chance or say of which type the value is.
const LATE: &[&str] = &[
    "as_text",
    "as_bool",
    "as_number",
    "as_native",
    "map",
    "select",
    "reject",
    "selectattr",
    "rejectattr",
    "groupby",
    "random",
];

/// Does the expression name nothing that only a render knows, and call nothing?
pub(super) fn is_constant(source: &str, tokens: &[Token]) -> bool {
    let text = |at: usize| tokens.get(at).map_or("", |token| &source[token.start..token.end]);
    let before = |at: usize, back: usize| at.checked_sub(back).map_or("", text);
    let is_plain = |at: usize, token: &Token| match token.kind {
        TokenKind::Name if before(at, 1) == "|" => !LATE.contains(&text(at)),
        TokenKind::Name if before(at, 1) == "." => text(at + 1) != "(",
        TokenKind::Name => {
            let is_test = before(at, 1) == "is" || before(at, 1) == "not" && before(at, 2) == "is";
            WORDS.contains(&text(at)) || is_test
        }
        _ => true,
    };
    !tokens.is_empty() && tokens.iter().enumerate().all(|(at, token)| is_plain(at, token))
}
