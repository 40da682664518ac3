//! The replacement of `sub`: `\1`, `\g<name>` and escapes.

use minijinja::{Error, Value};

use super::found::Found;
use crate::jinja::value::value_error;

/// Writes the replacement for one match.
///
/// # Errors
/// Groups that are not there.
pub fn expand(template: &str, found: &Found) -> Result<String, Error> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let c = rest.chars().next().ok_or_else(|| value_error("bad escape (end of pattern)"))?;
        let length = match c {
            'g' => {
                let end = rest.find('>').filter(|_| rest[1..].starts_with('<'));
                let end = end.ok_or_else(|| value_error("missing <"))?;
                let name = &rest[2..end];
                let key = name.parse::<i64>().map_or_else(|_| Value::from(name), Value::from);
                out.push_str(found.group(&key)?.as_str().unwrap_or_default());
                end + 1
            }
            '1'..='9' => {
                let two = rest.get(..2).filter(|two| two.bytes().all(|byte| byte.is_ascii_digit()));
                let number = two.unwrap_or(&rest[..1]);
                let key = Value::from(number.parse::<i64>().unwrap_or(0));
                out.push_str(found.group(&key)?.as_str().unwrap_or_default());
                number.len()
            }
            _ => {
                out.push_str(escape(c).ok_or_else(|| value_error(format!("bad escape \\{c}")))?);
                if !c.is_ascii_alphanumeric() && c != '\\' {
                    out.push(c);
                }
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Ok(out + rest)
}

/// What an escape stands for. Before other signs than letters the backslash stays.
fn escape(c: char) -> Option<&'static str> {
    match c {
        'n' => Some("\n"),
        't' => Some("\t"),
        'r' => Some("\r"),
        'a' => Some("\x07"),
        'b' => Some("\x08"),
        'f' => Some("\x0c"),
        'v' => Some("\x0b"),
        '0' => Some("\0"),
        '\\' => Some("\\"),
        _ if c.is_ascii_alphabetic() => None,
        _ => Some("\\"),
    }
}
