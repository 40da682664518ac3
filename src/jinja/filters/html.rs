//! Filters for HTML: `escape forceescape safe striptags urlencode urlize xmlattr`.

use minijinja::value::{Value, ValueKind};

use super::{Row, urlize};
use crate::jinja::value::{Args, Outcome, iterate, operators, pairs, print, value_error};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("escape", |_, args| escape(args)),
    ("e", |_, args| escape(args)),
    ("forceescape", |_, args| with_text(args, |text| Value::from_safe_string(operators::escape_html(text)))),
    ("safe", |_, args| with_text(args, |text| Value::from_safe_string(text.to_string()))),
    ("striptags", |_, args| with_text(args, |text| Value::from(strip_tags(text)))),
    ("urlencode", |_, args| url_encode(args)),
    ("urlize", |_, args| urlize::urlize(args)),
    ("xmlattr", |_, args| xml_attributes(args)),
];

fn with_text(args: &[Value], change: fn(&str) -> Value) -> Outcome {
    Ok(change(&print::text(Args::bind("filter", &["value"], args)?.need(0)?)))
}

fn escape(args: &[Value]) -> Outcome {
    let args = Args::bind("escape", &["s"], args)?;
    Ok(Value::from_safe_string(operators::escaped(args.need(0)?)))
}

/// Takes tags and comments out, makes one space of white space, and reads character references.
fn strip_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let comment = rest[start..].starts_with("<!--");
        let (from, end) = if comment { (start + 4, "-->") } else { (start, ">") };
        let Some(length) = rest[from..].find(end) else { break };
        out.push_str(&rest[..start]);
        rest = &rest[from + length + end.len()..];
    }
    out.push_str(rest);
    unescape(&out.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The references that turn up in practice; others stay as they are.
const REFERENCES: [(&str, &str); 14] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("copy", "©"),
    ("reg", "®"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("euro", "€"),
];

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = rest.find(';').and_then(|end| Some((reference(&rest[1..end])?, end + 1)));
        let (character, length) = found.unwrap_or_else(|| ("&".to_string(), 1));
        out.push_str(&character);
        rest = &rest[length..];
    }
    out + rest
}

fn reference(name: &str) -> Option<String> {
    if let Some(code) = name.strip_prefix('#') {
        let code = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => code.parse().ok()?,
        };
        return char::from_u32(code).map(String::from);
    }
    REFERENCES.iter().find(|known| known.0 == name).map(|known| known.1.to_string())
}

/// Percent-encodes; `/` stays in paths. In a query, a space is `+`.
fn quoted(value: &Value, in_query: bool) -> String {
    let text = print::text(value);
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(byte as char),
            b'/' if !in_query => out.push('/'),
            b' ' if in_query => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn url_encode(args: &[Value]) -> Outcome {
    let args = Args::bind("urlencode", &["value"], args)?;
    let value = args.need(0)?;
    if value.kind() == ValueKind::String || iterate(value).is_err() {
        return Ok(Value::from(quoted(value, false)));
    }
    let parts = pairs(value)?;
    let parts = parts.iter().map(|(key, value)| format!("{}={}", quoted(key, true), quoted(value, true)));
    Ok(Value::from(parts.collect::<Vec<_>>().join("&")))
}

fn xml_attributes(args: &[Value]) -> Outcome {
    let args = Args::bind("xmlattr", &["d", "autospace"], args)?;
    let mut parts = Vec::new();
    for (key, value) in pairs(args.need(0)?)? {
        if value.is_none() || value.is_undefined() {
            continue;
        }
        if print::text(&key).contains(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=')) {
            return Err(value_error(format!("Invalid character in attribute name: {}", print::repr(&key))));
        }
        parts.push(format!("{}=\"{}\"", operators::escaped(&key), operators::escaped(&value)));
    }
    let space = if args.flag(1, true) && !parts.is_empty() { " " } else { "" };
    Ok(Value::from(format!("{space}{}", parts.join(" "))))
}
