//! Python models: their `dbt.ref`, `dbt.source` and `dbt.config` calls as a template, since these take
//! literals only, which Python and Jinja write alike.

/// A template with the calls of a Python text, one on each line.
pub(super) fn calls(text: &str) -> String {
    let mut calls = String::new();
    for callee in ["ref", "source", "config"] {
        let marker = format!("dbt.{callee}(");
        for (at, _) in text.match_indices(&marker) {
            if let Some(arguments) = balanced(&text[at + marker.len()..]) {
                calls += &format!("{{{{ {callee}({arguments}) }}}}\n");
            }
        }
    }
    calls
}

/// The text up to the bracket that closes it; quotes are skipped.
fn balanced(text: &str) -> Option<&str> {
    let (mut depth, mut quote) = (0usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => return Some(&text[..at]),
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_calls_with_their_arguments() {
        let text = "def model(dbt, session):\n  dbt.config(materialized='table', x=[1, (2)])\n  \
                    a = dbt.ref(\"a)\")\n  return dbt.source('s', 't')";
        let expect =
            "{{ ref(\"a)\") }}\n{{ source('s', 't') }}\n{{ config(materialized='table', x=[1, (2)]) }}\n";
        assert_eq!(calls(text), expect);
    }
}
