//! What one operation of a template may make: a text, a list or a nesting that would fill the memory is refused
//! before it is made.

mod extent;

pub use extent::Extent;

use crate::error::Error as Fault;
use crate::jinja::{BEYOND, raise};
use minijinja::Error;

/// The longest text, in bytes.
pub const MOST_TEXT: usize = 100_000_000;
/// The longest list.
pub const MOST_ITEMS: usize = 10_000_000;

/// The fault of what is too much.
fn beyond(message: &str) -> Error {
    raise(Fault::compilation(message).with_code(BEYOND))
}

/// Will a text of so many bytes do? `None` is more than can be counted.
///
/// # Errors
/// It is too long.
pub fn text_fits(length: Option<usize>) -> Result<(), Error> {
    match length {
        Some(length) if length <= MOST_TEXT => Ok(()),
        _ => Err(beyond("the text would be longer than 100 MB")),
    }
}

/// Will a list of so many items do?
///
/// # Errors
/// It is too long.
pub fn items_fit(count: Option<usize>) -> Result<(), Error> {
    match count {
        Some(count) if count <= MOST_ITEMS => Ok(()),
        _ => Err(beyond("the list would have more than 10 million items")),
    }
}

/// A width to fill up to.
///
/// # Errors
/// It is too wide.
pub fn width(wanted: i64) -> Result<usize, Error> {
    let width = usize::try_from(wanted.max(0)).ok();
    text_fits(width)?;
    Ok(width.unwrap_or_default())
}

/// `text.replace(old, new)`, so many times at most.
///
/// # Errors
/// The text would be too long.
pub fn replaced(text: &str, (old, new): (&str, &str), most: Option<usize>) -> Result<String, Error> {
    let times = text.matches(old).take(most.unwrap_or(usize::MAX)).count();
    let grown = new.len().saturating_sub(old.len()).checked_mul(times);
    text_fits(grown.and_then(|grown| grown.checked_add(text.len())))?;
    Ok(most.map_or_else(|| text.replace(old, new), |most| text.replacen(old, new, most)))
}

/// `separator.join(parts)`.
///
/// # Errors
/// The text would be too long.
pub fn joined<T: AsRef<str>>(parts: &[T], separator: &str) -> Result<String, Error> {
    let texts = parts.iter().try_fold(0usize, |sum, part| sum.checked_add(part.as_ref().len()));
    let between = separator.len().checked_mul(parts.len().saturating_sub(1));
    text_fits(texts.zip(between).and_then(|(texts, between)| texts.checked_add(between)))?;
    let mut out = String::with_capacity(texts.unwrap_or_default());
    for (at, part) in parts.iter().enumerate() {
        out.push_str(if at > 0 { separator } else { "" });
        out.push_str(part.as_ref());
    }
    Ok(out)
}
