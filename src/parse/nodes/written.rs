//! The config of a model's file as it is written, before rendering: so that a value of `env_var()` or
//! `var()` is no change where states are compared.

use crate::manifest::Map;
use serde_json::Value as Json;

/// The keyword arguments of the first `config()` of a template, each as its text; strings without quotes.
pub(super) fn config(code: &str) -> Map {
    let Some(inside) = arguments(code) else { return Map::new() };
    let pairs = split(inside).into_iter().filter_map(|argument| argument.split_once('='));
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let pairs = pairs.map(|(name, value)| (name.trim(), value.trim())).filter(|(name, _)| is_name(name));
    pairs.map(|(name, value)| (name.to_string(), Json::from(unquoted(value)))).collect()
}

/// What stands between the parentheses of `{{ config(...) }}`.
fn arguments(code: &str) -> Option<&str> {
    let mut rest = code;
    while let Some((_, after)) = rest.split_once("{{") {
        let call = after.trim_start_matches('-').trim_start();
        if let Some(open) =
            call.strip_prefix("config").map(str::trim_start).and_then(|it| it.strip_prefix('('))
        {
            return Some(&open[..end(open, |c, depth| c == ')' && depth == 0)]);
        }
        rest = after;
    }
    None
}

/// Where a condition first holds outside of strings; depth counts open brackets.
fn end(text: &str, stop: impl Fn(char, usize) -> bool) -> usize {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if stop(c, depth) => return at,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if matches!(c, '(' | '[' | '{') => depth += 1,
            None if matches!(c, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            None => {}
        }
    }
    text.len()
}

fn split(inside: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = inside;
    loop {
        let at = end(rest, |c, depth| c == ',' && depth == 0);
        parts.push(&rest[..at]);
        match rest.get(at + 1..) {
            Some(after) => rest = after,
            None => return parts,
        }
    }
}

fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote).filter(|it| !it.contains(quote));
    inner('\'').or_else(|| inner('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_are_kept_as_text() {
        let check = |code: &str, expect: Json| assert_eq!(Json::Object(config(code)), expect, "{code}");
        check("select 1", json!({}));
        check(
            "{{ config(materialized='table', tags=['a', 'b']) }}",
            json!({"materialized": "table", "tags": "['a', 'b']"}),
        );
        check(
            "{{- config(\n  materialized = env_var('X, (') ,\n) -}} x",
            json!({"materialized": "env_var('X, (')"}),
        );
        check("{{ ref('a') }}{{ config(enabled=var(\"a\")) }}", json!({"enabled": "var(\"a\")"}));
    }
}
