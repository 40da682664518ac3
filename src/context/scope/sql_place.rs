//! From a line of the SQL that was sent to the line of the user's file that it came from.

use super::Compiled;
use crate::error::{Error, Location};
use crate::manifest::Node;
use crate::sql::{Token, tokens};
use std::sync::Arc;

/// The code of a statement that is no SQL.
const SYNTAX: &str = "42601";

/// Gives a database error the place in the model's file, where that can be known: the line that the
/// engine names is found again in the compiled SQL and, if it stands there once and unchanged, in the
/// source. Otherwise the file alone is named.
pub fn locate(error: Error, sent: &str, node: Option<&Arc<Node>>, compiled: Option<&Compiled>) -> Error {
    let Some(node) = node else { return error };
    // A hook is sent without the node's own text.
    let own = compiled.filter(|it| sent.contains(&it.sql));
    let error = told_of_nothing(error.about(node.described()), node, own);
    let line = error.location().and_then(|place| place.line);
    let text =
        line.and_then(|line| sent.lines().nth(line - 1)).map(str::trim).filter(|text| !text.is_empty());
    let column = error.location().and_then(|place| place.column);
    let Some(text) = text else { return error.located(Location::file(&node.original_file_path)) };
    if let Some(at) = only_line(&node.raw_code, text) {
        let shift = column.and_then(|column| shifted(column, sent, line.unwrap_or(1), &node.raw_code, at));
        let mut place = Location::line(&node.original_file_path, at);
        place.column = shift;
        return error.located(place).with_source(&node.raw_code);
    }
    let in_compiled = compiled.and_then(|it| Some((it.path.clone()?, only_line(&it.sql, text)?, &it.sql)));
    match in_compiled {
        Some((path, at, sql)) => error.located(Location::line(path, at)).with_source(sql),
        None => error.located(Location::file(&node.original_file_path)),
    }
}

/// Says so where a syntax error comes from a template, the node's own or that of an ephemeral model it reads, of
/// which nothing is left after rendering: the engine only tells what stands behind it.
fn told_of_nothing(error: Error, node: &Node, compiled: Option<&Compiled>) -> Error {
    let Some(compiled) = compiled.filter(|_| error.code() == Some(SYNTAX)) else { return error };
    let is_nothing = |sql: &str| !tokens(sql).any(|token| Token::speaks(&token));
    let of_cte = compiled.ctes.iter().find(|(_, sql)| is_nothing(sql));
    let subject = match of_cte {
        _ if is_nothing(&compiled.sql) => format!("the {}", node.resource_type.as_str()),
        Some((id, _)) => format!("the ephemeral model `{id}`"),
        None => return error,
    };
    let message = format!("{subject} holds no SELECT after rendering\n{}", error.message());
    error
        .with_message(message)
        .help("there is nothing but white space and comments: write a query, or disable it")
}

/// The line of `text` that is `wanted` but for the white space around it, if there is just one.
fn only_line(text: &str, wanted: &str) -> Option<usize> {
    let mut found = text.lines().enumerate().filter(|(_, line)| line.trim() == wanted).map(|(at, _)| at + 1);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The column in the source's line that matches a column of the sent line.
fn shifted(column: usize, sent: &str, line: usize, source: &str, at: usize) -> Option<usize> {
    let indent = |text: &str, n: usize| {
        let line = text.lines().nth(n - 1)?;
        Some(line.chars().take_while(|c| c.is_whitespace()).count())
    };
    (column + indent(source, at)?).checked_sub(indent(sent, line)?)
}
