//! Configs of `config()` calls that look like a slip of the pen.

use super::ParsedNode;
use crate::error::Error;
use crate::parse::findings::Findings;
use crate::parse::stage::Stage;
use crate::project::config_keys::{config_meant, unknown};
use std::collections::HashMap;

/// Warns of each config of the project's own nodes that is nearly a known one, where its text shows it.
pub(super) fn slips(stage: &Stage<'_>, nodes: &[ParsedNode], findings: &mut Findings) {
    let mut meant: HashMap<&str, Option<&'static str>> = HashMap::new();
    for parsed in nodes.iter().filter(|parsed| parsed.node.package_name == stage.project.name()) {
        for key in parsed.node.unrendered_config.keys() {
            let Some(near) = *meant.entry(key).or_insert_with(|| config_meant(key)) else { continue };
            let Some((line, column)) = place(&parsed.origin.text, key) else { continue };
            let fault = Error::compilation(unknown(key)).at(&parsed.origin.path, line, column);
            let fault = fault.with_source(&parsed.origin.text).help(format!("did you mean `{near}`?"));
            findings.warn("CustomKeyInConfigDeprecation", fault);
        }
    }
}

/// Where a key of a call stands: followed by `=`, or by `:` after its quotes.
fn place(text: &str, key: &str) -> Option<(usize, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_key = |at: &usize| {
        let after = text[at + key.len()..].trim_start_matches(['\'', '"']).trim_start();
        !text[..*at].ends_with(is_word) && (after.starts_with('=') || after.starts_with(':'))
    };
    let at = text.match_indices(key).map(|(at, _)| at).find(is_key)?;
    let line = text[..at].matches('\n').count() + 1;
    Some((line, text[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_key_is_found_where_it_is_given() {
        assert_eq!(place("-- abc\n{{ config(xabc=1, é='', abc = 2) }}", "abc"), Some((2, 25)));
        assert_eq!(place("{{ config({'abc': 1}) }}", "abc"), Some((1, 13)));
        assert_eq!(place("select abc", "abc"), None);
    }
}
