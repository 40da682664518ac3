//! `lipsum`: filler text.

use std::hash::{BuildHasher, Hasher, RandomState};

use minijinja::Value;

use super::Row;
use crate::jinja::context::note_moment;
use crate::jinja::value::{Args, Outcome};

/// The family's table.
pub const ROWS: &[Row] = &[("lipsum", |state, args| {
    note_moment(state);
    lipsum(args)
})];

const WORDS: [&str; 32] = [
    "a",
    "ac",
    "accumsan",
    "aenean",
    "aliquam",
    "amet",
    "ante",
    "at",
    "commodo",
    "consequat",
    "cras",
    "dolor",
    "elit",
    "enim",
    "et",
    "fusce",
    "iaculis",
    "in",
    "ipsum",
    "justo",
    "lorem",
    "magna",
    "mi",
    "nec",
    "nulla",
    "odio",
    "purus",
    "quam",
    "sed",
    "sit",
    "ut",
    "velit",
];

/// Draws numbers; the keys of each new hasher are random.
struct Dice;

impl Dice {
    fn below(&self, bound: usize) -> usize {
        RandomState::new().build_hasher().finish() as usize % bound.max(1)
    }

    fn between(&self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low))
    }
}

fn lipsum(args: &[Value]) -> Outcome {
    let args = Args::bind("lipsum", &["n", "html", "min", "max"], args)?;
    let size = |number: i64| usize::try_from(number).unwrap_or(0).min(10_000);
    let (count, low, high) =
        (size(args.whole_or(0, 5)?), size(args.whole_or(2, 20)?), size(args.whole_or(3, 100)?));
    let paragraphs: Vec<String> = (0..count).map(|_| paragraph(Dice.between(low, high))).collect();
    if args.flag(1, true) {
        let marked: Vec<String> = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
        return Ok(Value::from_safe_string(marked.join("\n")));
    }
    Ok(Value::from(paragraphs.join("\n\n")))
}

/// So many words in sentences of three to twenty, with commas.
fn paragraph(words: usize) -> String {
    let mut text = String::new();
    let (mut begins, mut left) = (true, Dice.between(3, 20));
    for at in 0..words {
        let word = WORDS[Dice.below(WORDS.len())];
        match begins {
            true => text.extend([word[..1].to_uppercase().as_str(), &word[1..]]),
            false => text.push_str(word),
        }
        left -= 1;
        begins = left == 0;
        if at + 1 == words || begins {
            text.push('.');
            left = Dice.between(3, 20);
        } else if Dice.below(6) == 0 {
            text.push(',');
        }
        if at + 1 < words {
            text.push(' ');
        }
    }
    text
}
