//! Python's two ways to format: `'%s' % x` and `'{}'.format(x)`.

use minijinja::Error;
use minijinja::formatting::{FormatStyle, format};
use minijinja::value::Value;

use super::iterate;

/// `format % arguments`.
///
/// # Errors
/// A format that does not fit its arguments.
pub fn printf(text: &str, arguments: &Value) -> Result<String, Error> {
    let arguments = if arguments.is_tuple() { iterate(arguments)? } else { vec![arguments.clone()] };
    format(FormatStyle::Printf, text, &arguments)
}
