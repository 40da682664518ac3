//! The known word that an unknown one was probably meant to be.

/// Longer words were meant to be none of ours.
const LONGEST: usize = 100;

/// The nearest of `known` by edit distance, if near enough (a third of the word, at least one letter).
pub fn suggestion<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = fold(word);
    let near = known.iter().map(|candidate| (steps(&word, &fold(candidate)), *candidate));
    let (steps, best) = near.min_by_key(|(steps, _)| *steps)?;
    (steps <= (word.len() / 3).max(1)).then_some(best)
}

/// How many letters must be changed for one word to become another.
pub fn distance(a: &str, b: &str) -> usize {
    steps(&fold(a), &fold(b))
}

fn fold(word: &str) -> Vec<char> {
    word.to_lowercase().replace('_', "-").chars().collect()
}

/// How many letters must be put in, taken out, changed or swapped with the next.
fn steps(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["models", "seeds", "model-paths", "on-run-end", "vars"];
        let check = |word: &str, expect: Option<&str>| assert_eq!(suggestion(word, &known), expect, "{word}");
        check("modles", Some("models"));
        check("model_paths", Some("model-paths"));
        check("var", Some("vars"));
        check("on-run-ned", Some("on-run-end"));
        check("elephants", None);
        check("", None);
    }
}
