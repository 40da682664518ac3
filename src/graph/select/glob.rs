//! Shell patterns as Python's `fnmatch` reads them: `*`, `?`, `[seq]`, `[!seq]`; case matters.

/// Does a whole text match a pattern? A `[` that is never closed stands for itself.
pub(super) fn matches(text: &str, pattern: &str) -> bool {
    if !pattern.contains(['*', '?', '[']) {
        return text == pattern;
    }
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    matches_chars(&text, &pattern)
}

/// Goes forward, and back to the last `*` where a match fails.
fn matches_chars(text: &[char], pattern: &[char]) -> bool {
    let (mut t, mut p) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(_) => {
                let (fits, after) = one(text[t], pattern, p);
                if fits {
                    (t, p) = (t + 1, after);
                    continue;
                }
            }
            None => {}
        }
        let Some((at, from)) = star else { return false };
        star = Some((at, from + 1));
        (p, t) = (at + 1, from + 1);
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Does one character fit the pattern's element at `p`, and where does the next element begin?
fn one(c: char, pattern: &[char], p: usize) -> (bool, usize) {
    match pattern[p] {
        '?' => (true, p + 1),
        '[' => match set_end(pattern, p) {
            Some(end) => (in_set(c, &pattern[p + 1..end]), end + 1),
            None => (c == '[', p + 1),
        },
        own => (c == own, p + 1),
    }
}

/// Where a set's `]` stands; one right after `[` or `[!` belongs to the set.
fn set_end(pattern: &[char], open: usize) -> Option<usize> {
    let mut at = open + 1;
    at += usize::from(pattern.get(at) == Some(&'!'));
    at += usize::from(pattern.get(at) == Some(&']'));
    (at..pattern.len()).find(|i| pattern[*i] == ']')
}

fn in_set(c: char, set: &[char]) -> bool {
    let (negated, set) = match set {
        ['!', rest @ ..] => (true, rest),
        set => (false, set),
    };
    let (mut i, mut found) = (0, false);
    while i < set.len() {
        match set[i..] {
            [low, '-', high, ..] => {
                found |= (low..=high).contains(&c);
                i += 3;
            }
            _ => {
                found |= set[i] == c;
                i += 1;
            }
        }
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::matches;

    fn check(text: &str, pattern: &str, expect: bool) {
        assert_eq!(matches(text, pattern), expect, "{text} against {pattern}");
    }

    #[test]
    fn reads_patterns_as_fnmatch() {
        for (text, pattern, expect) in [
            ("stg_orders", "stg_orders", true),
            ("stg_orders", "stg_*", true),
            ("stg_orders", "*", true),
            ("", "*", true),
            ("", "", true),
            ("a", "", false),
            ("stg_orders", "*_ord*s", true),
            ("stg_orders", "*ord", false),
            ("a.b.c", "a.*.c", true),
            ("dim_v1", "dim_v?", true),
            ("dim_v10", "dim_v?", false),
            ("dim_v1", "dim_v[12]", true),
            ("dim_v3", "dim_v[1-2]", false),
            ("dim_v3", "dim_v[!1-2]", true),
            ("a]", "a[]]", true),
            ("a[", "a[", true),
            ("A", "a", false),
            ("aab", "*ab", true),
            ("größe", "gr??e", true),
            ("a-", "a[a-]", true),
        ] {
            check(text, pattern, expect);
        }
    }
}
