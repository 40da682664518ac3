//! Versions of packages and comparisons with them, by dbt's own rules rather than any registry's.
//!
//! A [`Specifier`] is `1.2.3`, `>=1.0.0`, `<2.0.0-rc1`; several narrow down to a [`Range`], and the range
//! picks from the versions that there are. A dash before a prerelease may be missing (`1.0.0b1`), build
//! metadata is kept and not compared, and `<2.0.0` keeps out the prereleases of 2.0.0.

mod range;

pub(super) use range::{installable, pick, reduce, takes};

use std::cmp::Ordering;
use std::fmt;

/// How a specifier compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `=`, or nothing.
    Exact,
    /// `>`.
    Above,
    /// `>=`.
    AtLeast,
    /// `<`.
    Below,
    /// `<=`.
    AtMost,
}

impl Sign {
    fn text(self) -> &'static str {
        match self {
            Sign::Exact => "=",
            Sign::Above => ">",
            Sign::AtLeast => ">=",
            Sign::Below => "<",
            Sign::AtMost => "<=",
        }
    }

    fn is_lower(self) -> bool {
        matches!(self, Sign::Above | Sign::AtLeast)
    }

    fn is_upper(self) -> bool {
        matches!(self, Sign::Below | Sign::AtMost)
    }
}

/// One comparison with one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Specifier {
    pub(super) sign: Sign,
    numbers: [u64; 3],
    pub(super) prerelease: Option<String>,
    build: Option<String>,
}

impl Specifier {
    /// Reads one; `None` where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = sign(text);
        let (major, rest) = number(rest)?;
        let (minor, rest) = number(rest.strip_prefix('.')?)?;
        let (patch, rest) = number(rest.strip_prefix('.')?)?;
        let (prerelease, build) = match rest.split_once('+') {
            Some((before, build)) => (before, Some(build)),
            None => (rest, None),
        };
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if build.is_some_and(|build| !build.chars().all(word)) {
            return None;
        }
        let build = build.filter(|build| !build.is_empty()).map(str::to_string);
        Some(Specifier { sign, numbers: [major, minor, patch], prerelease: dashed(prerelease)?, build })
    }

    /// The version without its sign.
    pub(super) fn version(&self) -> String {
        let [major, minor, patch] = self.numbers;
        let prerelease = self.prerelease.iter().map(|text| format!("-{text}")).collect::<String>();
        let build = self.build.iter().map(|text| format!("+{text}")).collect::<String>();
        format!("{major}.{minor}.{patch}{prerelease}{build}")
    }

    /// Where this stands to another; of one version, the signs decide.
    pub(super) fn compare(&self, other: &Specifier) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| self.compare_prerelease(other))
            .then_with(|| self.compare_sign(other))
    }

    fn compare_prerelease(&self, other: &Specifier) -> Ordering {
        match (&self.prerelease, &other.prerelease) {
            (None, None) => Ordering::Equal,
            // A stable upper bound also keeps out the prereleases of its own version.
            (None, Some(_)) if self.sign == Sign::Below => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => compare_parts(a, b),
        }
    }

    fn compare_sign(&self, other: &Specifier) -> Ordering {
        let (a, b) = (self.sign, other.sign);
        match (a, b) {
            (Sign::AtLeast, Sign::AtMost) | (Sign::AtMost, Sign::AtLeast) => Ordering::Equal,
            (Sign::Below, Sign::AtMost) | (Sign::AtLeast, Sign::Above) => Ordering::Less,
            (Sign::AtMost, Sign::Below) | (Sign::Above, Sign::AtLeast) => Ordering::Greater,
            _ if a.is_upper() && b.is_lower() => Ordering::Less,
            _ if a.is_lower() && b.is_upper() => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }
}

impl fmt::Display for Specifier {
    /// With its sign: `>=1.0.0`, `=1.2.3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.sign.text(), self.version())
    }
}

fn sign(text: &str) -> (Sign, &str) {
    let signs = [Sign::AtLeast, Sign::AtMost, Sign::Above, Sign::Below, Sign::Exact];
    let found = signs.into_iter().find_map(|sign| Some((sign, text.strip_prefix(sign.text())?)));
    found.unwrap_or((Sign::Exact, text))
}

/// A number without leading zeros, and what follows it: of `01` that is `0` and `1`.
fn number(text: &str) -> Option<(u64, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = if text.starts_with('0') { 1 } else { digits };
    Some((text.get(..end)?.parse().ok()?, &text[end..]))
}

/// A prerelease with its dash or, as was once usual, without.
fn dashed(text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    let bare = text.strip_prefix('-').unwrap_or(text);
    [bare, text].into_iter().find(|text| text.split('.').all(is_part)).map(|text| Some(text.to_string()))
}

fn is_part(part: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let numeric = part.chars().all(|c| c.is_ascii_digit());
    !part.is_empty() && part.chars().all(word) && !(numeric && part.len() > 1 && part.starts_with('0'))
}

/// Part by part; a number comes before a word, and fewer parts before more.
fn compare_parts(a: &str, b: &str) -> Ordering {
    let pairs = a.split('.').zip(b.split('.'));
    let differs = pairs.map(|(a, b)| match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    });
    differs.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What dbt Core makes of a text: the specifier printed, or nothing where it refuses.
    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(Specifier::parse(text).map(|s| s.to_string()).as_deref(), expect, "{text}");
    }

    #[test]
    fn reads_what_dbt_reads() {
        check("1.2.3", Some("=1.2.3"));
        check("=1.2.3", Some("=1.2.3"));
        check("<=0.1.0", Some("<=0.1.0"));
        check(">=1.0.0-rc.1+b.7", Some(">=1.0.0-rc.1+b.7"));
        check("1.0.0b1", Some("=1.0.0-b1"));
        check("1.0.0--a", Some("=1.0.0--a"));
        check("1.0.01", Some("=1.0.0-1"));
        check("1.0.0-01", Some("=1.0.0--01"));
        check("1.0.0-", Some("=1.0.0--"));
        for wrong in
            ["1.0", "v1.0.0", "01.0.0", "==1.0.0", "> 1.0.0", ">=1.0.0,<2.0.0", "", "1.0.0+ü", "1.0.0 "]
        {
            check(wrong, None);
        }
    }

    #[test]
    fn orders_as_dbt_does() {
        let order = |a: &str, b: &str| Specifier::parse(a).unwrap().compare(&Specifier::parse(b).unwrap());
        assert_eq!(order("1.10.0", "1.9.0"), Ordering::Greater);
        assert_eq!(order("1.0.0-rc1", "1.0.0"), Ordering::Less);
        assert_eq!(order("1.0.0-rc.2", "1.0.0-rc.10"), Ordering::Less);
        assert_eq!(order("1.0.0-1", "1.0.0-a"), Ordering::Less);
        assert_eq!(order("<1.0.0", "1.0.0-rc1"), Ordering::Less);
        assert_eq!(order(">1.0.0", ">=1.0.0"), Ordering::Greater);
        assert_eq!(order("<1.0.0", ">1.0.0"), Ordering::Less);
        assert_eq!(order("1.0.0+a", "1.0.0+b"), Ordering::Equal);
    }
}
