//! Several specifiers narrowed down to one range, and the versions that lie in it.

use super::{Sign, Specifier};
use std::cmp::Ordering;
use std::fmt;

/// From where to where; an end that is not there is open. Of an exact version both ends are that version.
#[derive(Debug, Clone, Default)]
pub(in crate::packages) struct Range {
    start: Option<Specifier>,
    end: Option<Specifier>,
}

impl Range {
    fn of(specifier: Specifier) -> Self {
        match specifier.sign {
            Sign::Exact => Range { start: Some(specifier.clone()), end: Some(specifier) },
            Sign::Above | Sign::AtLeast => Range { start: Some(specifier), end: None },
            Sign::Below | Sign::AtMost => Range { start: None, end: Some(specifier) },
        }
    }

    /// What lies in both; `None` where nothing does.
    fn meet(self, other: Range) -> Option<Self> {
        let exact = |range: &Range| range.start.as_ref().is_some_and(|start| start.sign == Sign::Exact);
        let (start, end) = if exact(&self) && exact(&other) {
            let same = self.start.as_ref()?.compare(other.start.as_ref()?).is_eq();
            same.then(|| (self.start.clone(), self.start))?
        } else {
            (
                narrower(self.start, other.start, Ordering::Less)?,
                narrower(self.end, other.end, Ordering::Greater)?,
            )
        };
        let crossed = matches!((&start, &end), (Some(start), Some(end)) if start.compare(end).is_gt());
        (!crossed).then_some(Range { start, end })
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends: Vec<String> =
            [&self.start, &self.end].into_iter().flatten().map(|end| end.to_string()).collect();
        f.write_str(if ends.is_empty() { "ANY".to_string() } else { ends.join(", ") }.as_str())
    }
}

/// The narrower of two ends: `wider` is how the wider one compares with the narrower, `Less` for lower
/// ends and `Greater` for upper ones. `None` where an exact version lies beyond the bound.
fn narrower(a: Option<Specifier>, b: Option<Specifier>, wider: Ordering) -> Option<Option<Specifier>> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (one, other) => return Some(one.or(other)),
    };
    let (bound, exact) = match (a.sign, b.sign) {
        (Sign::Exact, _) => (b, a),
        (_, Sign::Exact) => (a, b),
        _ => return Some(Some(if a.compare(&b) == wider { b } else { a })),
    };
    let order = bound.compare(&exact);
    let touches = order.is_eq() && matches!(bound.sign, Sign::AtLeast | Sign::AtMost);
    (order == wider || touches).then_some(Some(exact))
}

/// The range that satisfies all; `None` where there is none.
pub(in crate::packages) fn reduce(specifiers: &[Specifier]) -> Option<Range> {
    let Some((last, others)) = specifiers.split_last() else { return Some(Range::default()) };
    let others = others.iter().cloned().map(Range::of);
    others.into_iter().try_fold(Range::of(last.clone()), Range::meet)
}

/// Does a range take a version?
fn contains(range: &Range, version: &Specifier) -> bool {
    let ends = [&range.start, &range.end].into_iter().flatten().cloned();
    reduce(&std::iter::once(version.clone()).chain(ends).collect::<Vec<_>>()).is_some()
}

/// Do all the requirements of a package (`require_dbt_version`) take a release? One that cannot be read
/// takes none.
pub(in crate::packages) fn takes(requirements: &[String], release: &str) -> bool {
    let texts = requirements.iter().flat_map(|text| text.split(',')).map(str::trim);
    let all: Option<Vec<Specifier>> = std::iter::once(release).chain(texts).map(Specifier::parse).collect();
    all.is_some_and(|all| reduce(&all).is_some())
}

/// The versions that may be installed, oldest first, as they were written.
pub(in crate::packages) fn installable(versions: Vec<String>, prereleases: bool) -> Vec<String> {
    let read = versions.into_iter().filter_map(|text| Some((Specifier::parse(&text)?, text)));
    let mut read: Vec<_> = read.filter(|(version, _)| prereleases || version.prerelease.is_none()).collect();
    read.sort_by(|(a, _), (b, _)| a.compare(b));
    read.into_iter().map(|(_, text)| text).collect()
}

/// The newest version that a range takes.
pub(in crate::packages) fn pick(range: &Range, versions: &[String]) -> Option<String> {
    let read = versions.iter().filter_map(|text| Some((Specifier::parse(text)?, text)));
    let taken = read.filter(|(version, _)| contains(range, version));
    let newest = taken.reduce(|best, next| if best.0.compare(&next.0).is_lt() { next } else { best });
    newest.map(|(_, text)| text.clone())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(texts: &[&str]) -> Vec<Specifier> {
        texts.iter().map(|text| Specifier::parse(text).unwrap()).collect()
    }

    /// The range that dbt Core prints for some specifiers, or nothing where it finds none.
    #[track_caller]
    fn check(texts: &[&str], expect: Option<&str>) {
        assert_eq!(reduce(&read(texts)).map(|range| range.to_string()).as_deref(), expect, "{texts:?}");
    }

    #[test]
    fn narrows_as_dbt_does() {
        check(&[], Some("ANY"));
        check(&[">=1.0.0", "<2.0.0"], Some(">=1.0.0, <2.0.0"));
        check(&[">=1.0.0", "<2.0.0", ">1.0.0", "<=1.5.0"], Some(">1.0.0, <=1.5.0"));
        check(&["1.0.0", ">=1.0.0", "<2.0.0"], Some("=1.0.0, =1.0.0"));
        check(&["1.0.0", "1.0.0"], Some("=1.0.0, =1.0.0"));
        check(&["1.0.0", "1.0.1"], None);
        check(&["1.0.0", ">1.0.0"], None);
        check(&[">=2.0.0", "<2.0.0"], None);
        check(&[">=2.0.0", "<=2.0.0"], Some(">=2.0.0, <=2.0.0"));
        check(&[">1.0.0", "<1.0.0"], None);
    }

    #[test]
    fn picks_the_newest() {
        let all = ["0.2.0", "0.10.0", "1.0.0-rc1", "0.9.0", "1.0.0"].map(String::from).to_vec();
        let check = |texts: &[&str], prereleases, expect: Option<&str>| {
            let versions = installable(all.clone(), prereleases);
            assert_eq!(pick(&reduce(&read(texts)).unwrap(), &versions).as_deref(), expect, "{texts:?}");
        };
        check(&[">=0.2.0", "<1.0.0"], false, Some("0.10.0"));
        check(&[">=0.2.0", "<1.0.0"], true, Some("0.10.0"));
        check(&[">=0.2.0", "<=1.0.0-rc1"], true, Some("1.0.0-rc1"));
        check(&[">=0.2.0"], false, Some("1.0.0"));
        check(&[">1.0.0"], true, None);
        assert_eq!(installable(all.clone(), false), ["0.2.0", "0.9.0", "0.10.0", "1.0.0"]);
        assert!(takes(&[">=1.3.0".into(), "<2.0.0".into()], "1.11.16"));
        assert!(takes(&[], "1.11.16") && takes(&[">=1.0.0,<2.0.0".into()], "1.11.16"));
        assert!(!takes(&[">=2.0.0".into()], "1.11.16"));
    }
}
