//! `warn_if` and `error_if` for a number that is known: `!= 0`, `> 10`.

type Comparison = fn(&i64, &i64) -> bool;

/// A comparison with a whole number.
#[derive(Debug, Clone, Copy)]
pub struct Condition {
    holds: Comparison,
    bound: i64,
}

/// Signs of comparison; those that begin with another stand before it.
const SIGNS: [(&str, Comparison); 7] = [
    ("!=", i64::ne),
    ("<>", i64::ne),
    (">=", i64::ge),
    ("<=", i64::le),
    (">", i64::gt),
    ("<", i64::lt),
    ("=", i64::eq),
];

impl Condition {
    /// Reads a condition; `None` for SQL that is more than a comparison.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, holds) = SIGNS.into_iter().find(|(sign, _)| text.starts_with(sign))?;
        let digits = text[sign.len()..].trim();
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten().map(|bound| Condition { holds, bound })
    }

    /// Does it hold for so many failures?
    pub fn holds(&self, failures: i64) -> bool {
        (self.holds)(&failures, &self.bound)
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn comparisons_are_read_and_nothing_else() {
        let check = |text: &str, expect: Option<[bool; 3]>| {
            let found = Condition::parse(text).map(|condition| [0, 10, 11].map(|n| condition.holds(n)));
            assert_eq!(found, expect, "{text}");
        };
        check("!= 0", Some([false, true, true]));
        check("<>10", Some([true, false, true]));
        check(" > 10 ", Some([false, false, true]));
        check(">= 10", Some([false, true, true]));
        check("<= 10", Some([true, true, false]));
        check("< 1", Some([true, false, false]));
        check("=0", Some([true, false, false]));
        check("between 1 and 5", None);
        check("> 1 and true", None);
        check("> -1", None);
        check("> 1.5", None);
        check("", None);
        check("> 99999999999999999999", None);
    }
}
