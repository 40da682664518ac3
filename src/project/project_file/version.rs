//! `require-dbt-version`: which releases of dbt a project wants, against the one that is offered.

use super::DBT_VERSION;
use std::cmp::Ordering;

/// One comparison: `>=1.6.0`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    sign: String,
    version: semver::Version,
}

impl Comparison {
    /// Reads `>=1.6.0`, `<2.0.0-b1`, `1.11.16`; `None` where it is no such thing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = text.find(|c: char| c.is_ascii_digit())?;
        let sign = text[..number].trim_end();
        if !["", "=", ">", ">=", "<", "<="].contains(&sign) {
            return None;
        }
        let version = semver::Version::parse(&dashed(&text[number..])).ok()?;
        Some(Comparison { sign: if sign.is_empty() { "=" } else { sign }.to_string(), version })
    }

    /// Does a release satisfy it? A stable upper bound also keeps out the betas of its own release.
    fn holds(&self, release: &semver::Version) -> bool {
        let order = release.cmp_precedence(&self.version);
        let beta_of_bound = self.version.pre.is_empty()
            && !release.pre.is_empty()
            && (release.major, release.minor, release.patch)
                == (self.version.major, self.version.minor, self.version.patch);
        match self.sign.as_str() {
            ">" => order == Ordering::Greater,
            ">=" => order != Ordering::Less,
            "<" => order == Ordering::Less && !beta_of_bound,
            "<=" => order != Ordering::Greater,
            _ => order == Ordering::Equal,
        }
    }

    /// As dbt writes it: `>=1.6.0`.
    pub(super) fn text(&self) -> String {
        format!("{}{}", self.sign, self.version)
    }
}

/// `1.0.0b1`, once usual, means `1.0.0-b1`.
fn dashed(version: &str) -> String {
    let Some(at) = version.find(|c: char| !c.is_ascii_digit() && c != '.') else {
        return version.to_string();
    };
    let (number, rest) = version.split_at(at);
    if rest.starts_with(['-', '+']) { version.to_string() } else { format!("{number}-{rest}") }
}

/// dbt's message where a package does not take this release; `None` where it does.
pub(super) fn refused(package: &str, wanted: &[Comparison]) -> Option<String> {
    let offered = semver::Version::parse(DBT_VERSION).ok()?;
    if wanted.iter().all(|comparison| comparison.holds(&offered)) {
        return None;
    }
    let list: Vec<String> = wanted.iter().map(|comparison| format!("'{}'", comparison.text())).collect();
    let list = format!("[{}]", list.join(", "));
    if impossible(wanted) {
        return Some(format!(
            "The package version requirement can never be satisfied for the '{package}' package.\n\
             Required versions of dbt for '{package}': {list}"
        ));
    }
    Some(format!(
        "This version of dbt is not supported with the '{package}' package.\n\
         Installed version of dbt: ={DBT_VERSION}\n\
         Required version of dbt for '{package}': {list}"
    ))
}

/// Can no release satisfy all? Then none of the releases next to a bound does.
fn impossible(wanted: &[Comparison]) -> bool {
    let near = wanted.iter().flat_map(|comparison| {
        let at = &comparison.version;
        let before = match (at.major, at.minor, at.patch) {
            (major, minor, patch @ 1..) => semver::Version::new(major, minor, patch - 1),
            (major, minor @ 1.., _) => semver::Version::new(major, minor - 1, u64::MAX),
            (major @ 1.., ..) => semver::Version::new(major - 1, u64::MAX, u64::MAX),
            _ => at.clone(),
        };
        [at.clone(), semver::Version::new(at.major, at.minor, at.patch.saturating_add(1)), before]
    });
    !near.into_iter().any(|release| wanted.iter().all(|comparison| comparison.holds(&release)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(wanted: &[&str], expect: &str) {
        let wanted: Vec<_> = wanted.iter().map(|text| Comparison::parse(text).unwrap()).collect();
        let message = refused("shop", &wanted).unwrap_or_default();
        assert_eq!(message.lines().next().unwrap_or_default(), expect);
    }

    #[test]
    fn compares_with_what_is_offered() {
        let not_this = "This version of dbt is not supported with the 'shop' package.";
        let never = "The package version requirement can never be satisfied for the 'shop' package.";
        check(&[], "");
        check(&[">=1.0.0", "<2.0.0"], "");
        check(&[">=1.11.16"], "");
        check(&["1.11.16"], "");
        check(&[">=1.3.0b1"], "");
        check(&["<1.11.0"], not_this);
        check(&[">1.11.16"], not_this);
        check(&["=1.11.15"], not_this);
        check(&[">=2.0.0", "<1.0.0"], never);
        check(&[">1.0.0", "<1.0.0"], never);
    }

    #[test]
    fn refuses_what_is_no_version() {
        for text in ["", "abc", ">=1.0", "~1.0.0", ">=1.0.0.0", "=>1.0.0"] {
            assert!(Comparison::parse(text).is_none(), "{text}");
        }
    }
}
