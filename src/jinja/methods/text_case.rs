//! `str`: upper and lower case, and the questions that begin with `is`.

use minijinja::Value;

use super::text_split::is_space;
use crate::jinja::value::{Args, Outcome, print::is_printable};

/// `text.name()`; `None` if there is no such method.
pub fn call(text: &str, name: &str, args: &[Value]) -> Option<Outcome> {
    let result = changed(text, name).map(Value::from).or_else(|| holds(text, name).map(Value::from))?;
    Some(Args::bind("str method", &[], args).map(|_| result))
}

fn changed(text: &str, name: &str) -> Option<String> {
    Some(match name {
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "casefold" => text.replace(['ß', 'ẞ'], "ss").to_lowercase().replace('ς', "σ"),
        "capitalize" => capitalized(text),
        "title" => titled(text),
        "swapcase" => text.chars().map(swapped).collect(),
        _ => return None,
    })
}

/// The first character in upper case, the others in lower case.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase()
    })
}

/// Every run of letters begins in upper case: `they're` becomes `They'Re`.
fn titled(text: &str) -> String {
    let mut inside = false;
    let mut out = String::new();
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = is_cased(c);
    }
    out
}

fn swapped(c: char) -> String {
    if c.is_uppercase() { c.to_lowercase().collect() } else { c.to_uppercase().collect() }
}

fn is_cased(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}

fn holds(text: &str, name: &str) -> Option<bool> {
    let all = |holds: fn(char) -> bool| !text.is_empty() && text.chars().all(holds);
    Some(match name {
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isdecimal" => all(|c| c.is_numeric() && decimal_digit(c)),
        "isdigit" => all(|c| {
            decimal_digit(c) || matches!(c, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '₀'..='₉' | '①'..='⑨')
        }),
        "isnumeric" => all(char::is_numeric),
        "isspace" => all(is_space),
        "isascii" => text.is_ascii(),
        "isprintable" => text.chars().all(is_printable),
        "isupper" => text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        "islower" => text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        "istitle" => text.chars().any(is_cased) && text == titled(text),
        "isidentifier" => is_identifier(text),
        _ => return None,
    })
}

/// A digit of a decimal system. Outside ASCII the common blocks are known.
fn decimal_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '٠'..='٩' | '۰'..='۹' | '०'..='९' | '০'..='৯' | '๐'..='๙' | '０'..='９')
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}
