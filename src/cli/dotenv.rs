//! `.env` of the working folder: variables for what the shell did not set.

use indexmap::IndexMap;
use std::path::Path;

/// The variables of the process over those of the file. A folder without the file adds nothing.
pub fn over(
    folder: &Path,
    shell: impl Iterator<Item = (String, String)>,
) -> impl Iterator<Item = (String, String)> {
    let shell: IndexMap<String, String> = shell.collect();
    let text = crate::disk::read_text(&folder.join(".env")).unwrap_or_default();
    let mut all = parse(&text, &shell);
    all.extend(shell);
    all.into_iter()
}

/// `NAME=value`, one a line; `export` before it, quotes around the value and `# notes` are taken; a value
/// in double quotes or none may name others: `${NAME}`, `${NAME:-default}`. Other lines are passed over.
fn parse(text: &str, shell: &IndexMap<String, String>) -> IndexMap<String, String> {
    let mut found = IndexMap::new();
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        if name.starts_with('#') || name.is_empty() || name.contains(char::is_whitespace) {
            continue;
        }
        let value = value_of(value.trim(), &|name| shell.get(name).or_else(|| found.get(name)).cloned());
        found.insert(name.to_string(), value);
    }
    found
}

fn value_of(text: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.split(quote).next());
    if let Some(plain) = quoted('\'') {
        return plain.to_string();
    }
    if let Some(inner) = quoted('"') {
        return filled(&inner.replace("\\n", "\n").replace("\\t", "\t"), known);
    }
    let end = text.find(" #").unwrap_or(text.len());
    let bare = if text.starts_with('#') { "" } else { &text[..end] };
    filled(bare.trim_end(), known)
}

/// Puts the values of `${NAME}` in.
fn filled(text: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once("${") {
        out.push_str(before);
        let Some((inner, after)) = tail.split_once('}') else {
            out.push_str("${");
            rest = tail;
            continue;
        };
        let (name, default) = inner.split_once(":-").unwrap_or((inner, ""));
        out.push_str(&known(name).unwrap_or_else(|| default.to_string()));
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_variables() {
        let shell = IndexMap::from([("HOST".to_string(), "db".to_string())]);
        let check = |text: &str, expect: &[(&str, &str)]| {
            let expect: IndexMap<String, String> =
                expect.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
            assert_eq!(parse(text, &shell), expect, "{text}");
        };
        check("A=1\nexport B = two # note", &[("A", "1"), ("B", "two")]);
        check("# A=1\n\nnonsense\nC=", &[("C", "")]);
        check("A='x # ${HOST}'\nB=\"y ${HOST}\"", &[("A", "x # ${HOST}"), ("B", "y db")]);
        check("A=a\nB=${A}-${NO:-z}-${", &[("A", "a"), ("B", "a-z-${")]);
    }
}
