//! What dbt asks of a Python model's text: one function `model(dbt, session)` that ends in a return.

use super::Fault;
use super::tokens::{Kind, Token};

/// Looks at the text's statements.
pub(super) fn check(tokens: &[Token]) -> Result<(), Fault> {
    if tokens.is_empty() {
        return Ok(());
    }
    let models = models(tokens);
    let [model] = models[..] else {
        let found = models.len();
        let place = models.get(1).map_or((1, 1), |at| (tokens[*at].line, tokens[*at].column));
        let message = format!("dbt allows exactly one model defined per python file, found {found}");
        return Err(Fault::at(place.0, place.1, message)
            .help("write one function `def model(dbt, session):` that returns the rows"));
    };
    let (line, column) = (tokens[model].line, tokens[model].column);
    let mut told = parameters(tokens, model);
    if !returns_one(tokens, model) {
        told.push("In current version, model function should return only one dataframe object");
    }
    match told.is_empty() {
        true => Ok(()),
        false => Err(Fault::at(line, column, told.join("\n"))),
    }
}

/// Where `def model` stands, outside of other functions.
fn models(tokens: &[Token]) -> Vec<usize> {
    let mut outer: Option<usize> = None;
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(indent) = token.indent else { continue };
        if outer.is_some_and(|outer| indent > outer) {
            continue;
        }
        outer = None;
        if matches!(token.text.as_str(), "def" | "async") {
            outer = Some(indent);
        }
        if token.text == "def" && tokens.get(at + 1).is_some_and(|name| name.text == "model") {
            found.push(at);
        }
    }
    found
}

/// The names of the parameters must be `dbt` and one for the session.
fn parameters(tokens: &[Token], def: usize) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    let (mut depth, mut expected) = (0, true);
    for token in &tokens[(def + 2).min(tokens.len())..] {
        match &token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')') if depth == 1 => break,
            Kind::Sign(')' | ']' | '}') => depth -= 1,
            Kind::Sign('*') if depth == 1 && expected => break,
            Kind::Sign(',') if depth == 1 => expected = true,
            Kind::Name if depth == 1 && expected => {
                names.push(&token.text);
                expected = false;
            }
            _ => {}
        }
    }
    let mut told = Vec::new();
    if names.first().is_some_and(|first| *first != "dbt") {
        told.push("'dbt' not provided for model as the first argument");
    }
    if names.len() != 2 {
        told.push("model function should have two args, `dbt` and a session to current warehouse");
    }
    told
}

/// Is the last statement of the body `return` with one value?
fn returns_one(tokens: &[Token], def: usize) -> bool {
    let outer = tokens[def].indent.unwrap_or(0);
    let body = body(tokens, def);
    let inside = |token: &&Token| token.indent.is_none_or(|indent| indent > outer);
    let length = body.iter().take_while(inside).count();
    let body = &body[..length];
    let Some(level) = body.iter().find_map(|token| token.indent) else { return is_return(body) };
    let last = body.iter().rposition(|token| token.indent.is_some_and(|indent| indent <= level));
    last.is_some_and(|last| is_return(&body[last..]))
}

/// What follows the colon of a function's head.
fn body(tokens: &[Token], def: usize) -> &[Token] {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(def) {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => depth -= 1,
            Kind::Sign(':') if depth == 0 => return &tokens[at + 1..],
            _ => {}
        }
    }
    &[]
}

/// Does a line end in a return? A statement with lines below it is none.
fn is_return(line: &[Token]) -> bool {
    let is_block = line.iter().skip(1).any(|token| token.indent.is_some());
    let mut statements = line.split(|token| token.kind == Kind::End).filter(|one| !one.is_empty());
    let statement = if is_block { statements.next() } else { statements.next_back() };
    let Some((first, value)) = statement.and_then(|statement| statement.split_first()) else { return false };
    first.text == "return" && !is_tuple(value)
}

/// Values with a comma between them, in round brackets or in none.
fn is_tuple(value: &[Token]) -> bool {
    let mut depth = 0usize;
    let mut wrapped = value.first().is_some_and(|token| token.kind == Kind::Sign('('));
    let (mut bare, mut within) = (false, false);
    for (at, token) in value.iter().enumerate() {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                wrapped &= depth > 0 || at + 1 == value.len();
            }
            Kind::Sign(',') if depth == 0 => bare = true,
            Kind::Sign(',') if depth == 1 => within = true,
            _ => {}
        }
    }
    bare || (wrapped && within)
}
