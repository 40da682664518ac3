//! Python's two ways to format: `'%s' % x` and `'{}'.format(x)`.

use minijinja::Error;
use minijinja::formatting::{FormatStyle, format};
use minijinja::value::{Value, ValueKind};
use rust_decimal::prelude::ToPrimitive;

use super::{datetime, decimal, index_of, iterate, key_error, print, type_error, value_error};

/// A directive pads no further: a template must not be able to fill the memory by one number.
const MOST_WIDE: i64 = 1_000_000;

/// One `%` directive: `%(key)-10.3f`.
struct Directive<'t> {
    key: Option<&'t str>,
    flags: &'t str,
    width: Option<i64>,
    precision: Option<i64>,
    conversion: char,
}

/// The arguments of `%`, taken one after the other or by name.
struct Arguments<'v> {
    whole: &'v Value,
    positional: std::vec::IntoIter<Value>,
}

impl Arguments<'_> {
    fn next(&mut self) -> Result<Value, Error> {
        self.positional.next().ok_or_else(|| type_error("not enough arguments for format string"))
    }

    fn named(&mut self, key: &str) -> Result<Value, Error> {
        if self.whole.kind() != ValueKind::Map {
            return Err(type_error("format requires a mapping"));
        }
        self.positional = Vec::new().into_iter();
        let value = self.whole.get_item(&Value::from(key))?;
        if value.is_undefined() { Err(key_error(&Value::from(key))) } else { Ok(value) }
    }
}

/// `format % arguments`.
///
/// # Errors
/// A format that does not fit its arguments, in Python's words.
pub fn printf(text: &str, arguments: &Value) -> Result<String, Error> {
    let positional = if arguments.is_tuple() { iterate(arguments)? } else { vec![arguments.clone()] };
    let mut arguments = Arguments { whole: arguments, positional: positional.into_iter() };
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (directive, left) = directive(&rest[at + 1..], &mut arguments)?;
        rest = left;
        if directive.conversion == '%' {
            out.push('%');
            continue;
        }
        let value = match directive.key {
            Some(key) => arguments.named(key)?,
            None => arguments.next()?,
        };
        out.push_str(&converted(&directive, &value)?);
    }
    out.push_str(rest);
    let is_map = arguments.whole.kind() == ValueKind::Map;
    match arguments.positional.next() {
        Some(_) if !is_map => Err(type_error("not all arguments converted during string formatting")),
        _ => Ok(out),
    }
}

/// Reads a directive behind its `%`.
fn directive<'t>(text: &'t str, arguments: &mut Arguments<'_>) -> Result<(Directive<'t>, &'t str), Error> {
    let incomplete = || value_error("incomplete format");
    let (key, rest) = match text.strip_prefix('(') {
        Some(inner) => inner.split_once(')').map(|(key, rest)| (Some(key), rest)).ok_or_else(incomplete)?,
        None => (None, text),
    };
    let after = rest.trim_start_matches(['-', '+', ' ', '#', '0']);
    let flags = &rest[..rest.len() - after.len()];
    let (width, rest) = size(after, arguments)?;
    let (precision, rest) = match rest.strip_prefix('.') {
        Some(rest) => size(rest, arguments).map(|(size, rest)| (Some(size.unwrap_or(0)), rest))?,
        None => (None, rest),
    };
    let rest = rest.trim_start_matches(['h', 'l', 'L']);
    let conversion = rest.chars().next().ok_or_else(incomplete)?;
    Ok((Directive { key, flags, width, precision, conversion }, &rest[conversion.len_utf8()..]))
}

fn size<'t>(text: &'t str, arguments: &mut Arguments<'_>) -> Result<(Option<i64>, &'t str), Error> {
    if let Some(rest) = text.strip_prefix('*') {
        return Ok((Some(index_of(&arguments.next()?)?), rest));
    }
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    Ok((text[..text.len() - rest.len()].parse().ok(), rest))
}

fn converted(directive: &Directive<'_>, value: &Value) -> Result<String, Error> {
    let text = match directive.conversion {
        's' => print::text(value),
        'r' => print::repr(value),
        'a' => print::ascii(value),
        'c' if value.as_str().is_some_and(|text| text.chars().count() == 1) => print::text(value),
        _ => return numeric(directive, value),
    };
    let cut = directive.precision.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(0));
    let text: String = text.chars().take(cut).collect();
    let width = directive.width.unwrap_or(0).clamp(-MOST_WIDE, MOST_WIDE);
    let left = directive.flags.contains('-') || width < 0;
    let missing = (width.unsigned_abs() as usize).saturating_sub(text.chars().count());
    let space = " ".repeat(missing);
    Ok(if left { text + &space } else { space + &text })
}

fn numeric(directive: &Directive<'_>, value: &Value) -> Result<String, Error> {
    let Directive { flags, width, precision, conversion, .. } = directive;
    let mut number = plain_number(value);
    if matches!(conversion, 'd' | 'i' | 'u') {
        if !matches!(number.kind(), ValueKind::Number | ValueKind::Bool) {
            let kind = super::python_type_name(value);
            return Err(type_error(format!("%{conversion} format: a real number is required, not {kind}")));
        }
        if !number.is_integer() {
            number = super::number_of(&number).map_or(number, |float| Value::from(float.trunc() as i128));
        }
    }
    let conversion = if *conversion == 'u' { 'd' } else { *conversion };
    for size in [*width, *precision].into_iter().flatten() {
        not_too_wide(&size.to_string())?;
    }
    let width = width.map(|width| width.to_string()).unwrap_or_default();
    let precision = precision.map(|precision| format!(".{precision}")).unwrap_or_default();
    format(FormatStyle::Printf, &format!("%{flags}{width}{precision}{conversion}"), &[number])
}

/// Refuses a format with a number that would fill the memory.
fn not_too_wide(spec: &str) -> Result<(), Error> {
    let numbers = spec.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    match numbers
        .map(|number| number.parse::<i64>())
        .all(|number| number.is_ok_and(|number| number <= MOST_WIDE))
    {
        true => Ok(()),
        false => Err(value_error("Too many decimal digits in format string")),
    }
}

/// A decimal as a float; everything else as it is.
fn plain_number(value: &Value) -> Value {
    decimal::of(value).and_then(|number| number.to_f64()).map_or_else(|| value.clone(), Value::from)
}

/// How a named field of `str.format` is found.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Result<Value, Error>;

/// `text.format(*positional, **named)`.
///
/// # Errors
/// Fields that are not there, formats that do not fit, in Python's words.
pub fn str_format(text: &str, positional: &[Value], named: Lookup<'_>) -> Result<String, Error> {
    fill(text, &mut Fields { positional, named, next: Some(0) }, 2)
}

struct Fields<'a> {
    positional: &'a [Value],
    named: Lookup<'a>,
    /// The next unnumbered field; `None` once a field had a number.
    next: Option<usize>,
}

/// Fills the fields of a text. A format may hold fields itself, one level deep.
fn fill(text: &str, fields: &mut Fields<'_>, depth: u8) -> Result<String, Error> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err(value_error("Single '}' encountered in format string"));
        }
        let end = closing(after).ok_or_else(|| value_error("expected '}' before end of string"))?;
        if depth == 0 {
            return Err(value_error("Max string recursion exceeded"));
        }
        out.push_str(&fields.field(&after[..end], depth)?);
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        None
    })
}

impl Fields<'_> {
    /// `name.attr[0]!r:>10`.
    fn field(&mut self, field: &str, depth: u8) -> Result<String, Error> {
        let cut = field.find(['!', ':']).unwrap_or(field.len());
        let (path, rest) = field.split_at(cut);
        let value = self.value(path)?;
        let (conversion, spec) = match rest.strip_prefix('!') {
            Some(rest) => rest.split_once(':').unwrap_or((rest, "")),
            None => ("", rest.strip_prefix(':').unwrap_or("")),
        };
        let value = match conversion {
            "" => value,
            "s" => Value::from(print::text(&value)),
            "r" => Value::from(print::repr(&value)),
            "a" => Value::from(print::ascii(&value)),
            _ => return Err(value_error(format!("Unknown conversion specifier '{conversion}'"))),
        };
        format_value(&value, &fill(spec, self, depth - 1)?)
    }

    fn value(&mut self, path: &str) -> Result<Value, Error> {
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let mut value = match &path[..end] {
            "" => {
                let at = self
                    .next
                    .ok_or_else(|| mixed("manual field specification to automatic field numbering"))?;
                self.next = Some(at + 1);
                self.at(at)?
            }
            name => match name.parse() {
                Ok(_) if self.next.is_some_and(|next| next > 0) => {
                    return Err(mixed("automatic field numbering to manual field specification"));
                }
                Ok(at) => {
                    self.next = None;
                    self.at(at)?
                }
                Err(_) => (self.named)(name)?,
            },
        };
        for step in path[end..].split(['.', '[']).skip(1) {
            let step = step.strip_suffix(']').unwrap_or(step);
            let key = step.parse::<i64>().map_or_else(|_| Value::from(step), Value::from);
            value = value.get_item(&key)?;
        }
        Ok(value)
    }

    fn at(&self, at: usize) -> Result<Value, Error> {
        let message = || format!("Replacement index {at} out of range for positional args tuple");
        self.positional.get(at).cloned().ok_or_else(|| value_error(message()))
    }
}

fn mixed(switch: &str) -> Error {
    value_error(format!("cannot switch from {switch}"))
}

/// `format(value, spec)`.
///
/// # Errors
/// A format that the value does not know.
pub fn format_value(value: &Value, spec: &str) -> Result<String, Error> {
    if spec.is_empty() {
        return Ok(print::text(value));
    }
    not_too_wide(spec)?;
    if let Some(moment) = datetime::of(value) {
        return datetime::formatted(moment, spec);
    }
    if !matches!(value.kind(), ValueKind::Number | ValueKind::Bool | ValueKind::String)
        && decimal::of(value).is_none()
    {
        let kind = super::python_type_name(value);
        return Err(type_error(format!("unsupported format string passed to {kind}.__format__")));
    }
    if let Some(text) = value.as_str() {
        return padded(text, spec);
    }
    let number = plain_number(value);
    if let (Some((fill, rest)), true) = (padding(spec), number.is_number()) {
        return behind_sign(&number, fill, rest);
    }
    let general = spec.strip_suffix('n').filter(|_| number.is_number());
    let spec = general
        .map_or(spec.to_string(), |spec| format!("{spec}{}", if number.is_integer() { 'd' } else { 'g' }));
    match (spec.strip_suffix('%'), super::number_of(&number)) {
        (Some(start), Some(share)) => percent(share, start),
        _ => format(FormatStyle::StrFormat, &format!("{{:{spec}}}"), &[number]),
    }
}

/// `{:.1%}`: a hundred times the number, and the sign behind it, within the width.
fn percent(share: f64, spec: &str) -> Result<String, Error> {
    let head = spec.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (width, precision) = spec[head.len()..].split_once('.').unwrap_or((&spec[head.len()..], "6"));
    let (zero, width) = width.strip_prefix('0').map_or(("", width), |width| ("0", width));
    let width =
        width.parse::<usize>().map_or_else(|_| String::new(), |width| width.saturating_sub(1).to_string());
    let spec = format!("{{:{head}{zero}{width}.{precision}f}}");
    format(FormatStyle::StrFormat, &spec, &[Value::from(share * 100.0)]).map(|text| {
        // Blanks that fill up to the right stay behind the sign.
        let number = text.trim_end_matches(' ');
        format!("{number}%{}", &text[number.len()..])
    })
}

/// The fill and the rest of a spec that pads between the sign and the digits: `*=+8d`.
fn padding(spec: &str) -> Option<(char, &str)> {
    let mut chars = spec.chars();
    match (chars.next()?, chars.as_str()) {
        ('=', rest) => Some((' ', rest)),
        (fill, rest) => rest.strip_prefix('=').map(|rest| (fill, rest)),
    }
}

fn behind_sign(number: &Value, fill: char, spec: &str) -> Result<String, Error> {
    let after = spec.trim_start_matches(['+', '-', ' ', '#']);
    let digits = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let width: usize = after[..after.len() - digits.len()].parse().unwrap_or(0);
    let text = format_value(number, &format!("{}{digits}", &spec[..spec.len() - after.len()]))?;
    let (sign, body) = text.split_at(usize::from(text.starts_with(['+', '-', ' '])));
    let missing = width.saturating_sub(text.chars().count());
    Ok([sign, &fill.to_string().repeat(missing), body].concat())
}

/// A text by `*^10.3s`: fill, side, width, most characters. The engine's own counts bytes.
fn padded(text: &str, spec: &str) -> Result<String, Error> {
    let chars: Vec<char> = spec.chars().collect();
    let side = |at: usize| chars.get(at).copied().filter(|c| matches!(c, '<' | '>' | '^'));
    let (fill, side, from) = match (side(1), side(0)) {
        (Some(side), _) => (chars[0], side, 2),
        (None, Some(side)) => (' ', side, 1),
        (None, None) => (' ', '<', 0),
    };
    let rest: String = chars[from..].iter().collect();
    let rest = rest.strip_suffix('s').unwrap_or(&rest);
    let (width, most) = rest.split_once('.').map_or((rest, None), |(width, most)| (width, Some(most)));
    let number = |text: &str| {
        let wrong = || value_error(format!("Invalid format specifier '{spec}' for object of type 'str'"));
        text.parse::<usize>().map_err(|_| wrong())
    };
    let fill = if width.len() > 1 && width.starts_with('0') && from == 0 { '0' } else { fill };
    let width = if width.is_empty() { 0 } else { number(width)? };
    let text: String = text.chars().take(most.map_or(Ok(usize::MAX), number)?).collect();
    let missing = width.saturating_sub(text.chars().count());
    let left = match side {
        '>' => missing,
        '^' => missing / 2,
        _ => 0,
    };
    let space = |count: usize| fill.to_string().repeat(count);
    Ok([space(left), text, space(missing - left)].concat())
}
