//! `.dbtignore`: lines as in .gitignore that keep files out of the project.

use crate::error::{Error, ErrorKind, Location, Result};
use globset::{GlobBuilder, GlobMatcher};
use std::path::Path;

/// The lines of a .dbtignore; the last one that matches decides.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    file: GlobMatcher,
    below: GlobMatcher,
    /// `folder/` matches what is below, not a file of that name.
    folder_only: bool,
    /// `!pattern` takes files back in.
    back: bool,
}

impl Ignore {
    /// The file of a package's root; none ignores nothing.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let path = root.join(".dbtignore");
        if !path.is_file() {
            return Ok(Ignore::default());
        }
        let text = crate::disk::read(&path)
            .map_err(|why| Error::new(ErrorKind::Project, format!("cannot read `.dbtignore`: {why}")))?;
        Ignore::parse(&String::from_utf8_lossy(&text))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut rules = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let rule = Rule::parse(line).map_err(|why| {
                Error::new(ErrorKind::Project, format!("not a pattern: {why}"))
                    .located(Location::line(".dbtignore", index + 1))
                    .with_source(text)
                    .help("patterns are those of .gitignore")
            })?;
            rules.extend(rule);
        }
        Ok(Ignore { rules })
    }

    /// Is a file kept out? `path` is below the root, with `/`.
    pub(super) fn ignores(&self, path: &str) -> bool {
        let decides =
            |rule: &&Rule| rule.below.is_match(path) || !rule.folder_only && rule.file.is_match(path);
        self.rules.iter().rev().find(decides).is_some_and(|rule| !rule.back)
    }
}

impl Rule {
    fn parse(line: &str) -> Result<Option<Self>, globset::Error> {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let (back, pattern) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line.strip_prefix('\\').unwrap_or(line)),
        };
        let folder_only = pattern.ends_with('/');
        let pattern = pattern.trim_end_matches('/');
        let pattern = match pattern.strip_prefix('/') {
            Some(anchored) => anchored.to_string(),
            None if pattern.contains('/') => pattern.to_string(),
            None => format!("**/{pattern}"),
        };
        let below = if pattern.ends_with("/**") { pattern.clone() } else { format!("{pattern}/**") };
        Ok(Some(Rule { file: glob(&pattern)?, below: glob(&below)?, folder_only, back }))
    }
}

fn glob(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    Ok(GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build()?.compile_matcher())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(lines: &str, path: &str, expect: bool) {
        assert_eq!(Ignore::parse(lines).unwrap().ignores(path), expect, "{lines:?} {path}");
    }

    #[test]
    fn matches_as_gitignore() {
        check("", "models/a.sql", false);
        check("# models\n", "models/a.sql", false);
        check("a.sql", "models/x/a.sql", true);
        check("*.md", "models/x/readme.md", true);
        check("/a.sql", "models/a.sql", false);
        check("models/*.sql", "models/a.sql", true);
        check("models/*.sql", "models/x/a.sql", false);
        check("models/**/a.sql", "models/x/y/a.sql", true);
        check("old", "models/old/a.sql", true);
        check("old/", "models/old/a.sql", true);
        check("old/", "models/old", false);
        check("models/old/**", "models/old/a.sql", true);
        check("*.sql\n!keep.sql", "models/keep.sql", false);
        check("!keep.sql\n*.sql", "models/keep.sql", true);
    }

    #[test]
    fn says_which_line_is_no_pattern() {
        let fault = Ignore::parse("ok\n[z-\n").unwrap_err();
        assert_eq!(fault.location().unwrap().to_string(), ".dbtignore:2");
    }
}
