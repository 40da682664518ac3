//! `re.Pattern`: a compiled pattern and what it can do.

use std::fmt;
use std::sync::Arc;

use fancy_regex::{Captures, Regex};
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::found::Found;
use super::{syntax, template};
use crate::jinja::value::{Args, Outcome, bounds, dict, list, print, tuple, value_error};

/// A compiled pattern, as it stands and anchored at both ends.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    flags: i64,
    search: Regex,
    start: Regex,
    full: Regex,
    names: Arc<Vec<(String, usize)>>,
}

const TEXT: &[&str] = &["string", "pos", "endpos"];

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// The pattern is no regular expression.
    pub fn new(source: &str, flags: i64) -> Result<Self, Error> {
        let body = syntax::translate(source, flags);
        let compile = |pattern: &str| {
            Regex::new(pattern)
                .map_err(|error| value_error(format!("bad regular expression '{source}': {error}")))
        };
        let search = compile(&body)?;
        // A line break ends a comment of a verbose pattern.
        let end = if flags & syntax::VERBOSE != 0 { "\n" } else { "" };
        let names = search.capture_names().enumerate();
        let names = names.filter_map(|(at, name)| Some((name?.to_string(), at))).collect();
        Ok(Pattern {
            source: source.to_string(),
            flags: flags | syntax::UNICODE,
            start: compile(&format!("\\A(?:{body}{end})"))?,
            full: compile(&format!("\\A(?:{body}{end})\\z"))?,
            search,
            names: Arc::new(names),
        })
    }

    fn found(&self, text: &Arc<str>, captures: &Captures<'_>) -> Found {
        let groups = (0..captures.len()).map(|at| captures.get(at).map(|part| part.range())).collect();
        Found { text: text.clone(), groups, names: self.names.clone() }
    }

    fn first(&self, regex: &Regex, args: &[Value]) -> Outcome {
        let args = Args::bind("match", TEXT, args)?;
        let whole = args.text(0)?;
        let at = usize::try_from(args.whole_or(1, 0)?).unwrap_or(0);
        let end = usize::try_from(args.whole_or(2, i64::MAX)?).unwrap_or(0);
        let byte = |at: usize| whole.char_indices().nth(at).map_or(whole.len(), |(byte, _)| byte);
        let text: Arc<str> = Arc::from(&whole[..byte(end)]);
        let start = byte(at).min(text.len());
        let anchored = !std::ptr::eq(regex, &self.search);
        let found = match anchored && start > 0 {
            true => regex.captures(&text[start..]),
            false => regex.captures_from_pos(&text, start),
        };
        let found = found.map_err(too_hard)?.map(|captures| {
            let mut found = self.found(&text, &captures);
            if anchored && start > 0 {
                let shift = |range: std::ops::Range<usize>| range.start + start..range.end + start;
                found.groups = found.groups.into_iter().map(|group| group.map(shift)).collect();
            }
            Value::from_object(found)
        });
        Ok(found.unwrap_or_else(|| Value::from(())))
    }

    /// All matches, one behind the other. Unlike the engine's own, an empty one may follow right
    /// behind another.
    fn all(&self, text: &str, most: usize) -> Result<Vec<Found>, Error> {
        let text: Arc<str> = Arc::from(text);
        let (mut all, mut at) = (Vec::new(), 0);
        while at <= text.len() && all.len() < most {
            let Some(captures) = self.search.captures_from_pos(&text, at).map_err(too_hard)? else { break };
            let found = self.found(&text, &captures);
            let range = found.whole();
            at = match range.is_empty() {
                true => range.end + text[range.end..].chars().next().map_or(1, char::len_utf8),
                false => range.end,
            };
            all.push(found);
        }
        Ok(all)
    }

    fn find_all(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("findall", TEXT, args)?;
        let item = |found: Found| {
            let mut texts = found.texts(&Value::from(""));
            match texts.len() {
                0 => Value::from(&found.text[found.whole()]),
                1 => texts.remove(0),
                _ => tuple(texts),
            }
        };
        Ok(list(self.all(args.text(0)?, usize::MAX)?.into_iter().map(item).collect()))
    }

    fn split(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("split", &["string", "maxsplit"], args)?;
        let (text, most) = (args.text(0)?, args.whole_or(1, 0)?);
        let most = if most > 0 { most as usize } else { usize::MAX };
        let (mut parts, mut last) = (Vec::new(), 0);
        for found in self.all(text, most)? {
            let range = found.whole();
            parts.push(Value::from(&text[last..range.start]));
            parts.extend(found.texts(&Value::from(())));
            last = range.end;
        }
        parts.push(Value::from(&text[last..]));
        Ok(list(parts))
    }

    /// The text with the replacements, and how many there were.
    fn replaced(&self, state: &mut State<'_, '_>, args: &[Value]) -> Result<(Value, usize), Error> {
        let args = Args::bind("sub", &["repl", "string", "count"], args)?;
        let (replacement, text) = (args.need(0)?, args.text(1)?);
        let most = usize::try_from(args.whole_or(2, 0)?).ok().filter(|most| *most > 0);
        let all = self.all(text, most.unwrap_or(usize::MAX))?;
        let (mut out, mut last) = (String::new(), 0);
        for found in &all {
            bounds::text_fits(Some(out.len() + text.len()))?;
            let range = found.whole();
            out.push_str(&text[last..range.start]);
            match replacement.as_str() {
                Some(template) => out.push_str(&template::expand(template, found)?),
                None => out
                    .push_str(&print::text(&replacement.call(state, &[Value::from_object(found.clone())])?)),
            }
            last = range.end;
        }
        out.push_str(&text[last..]);
        Ok((Value::from(out), all.len()))
    }

    /// `pattern.name(args)`.
    ///
    /// # Errors
    /// There is no such method, or its arguments do not fit.
    pub fn method(&self, state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match name {
            "match" => self.first(&self.start, args),
            "search" => self.first(&self.search, args),
            "fullmatch" => self.first(&self.full, args),
            "findall" => self.find_all(args),
            "finditer" => {
                let args = Args::bind("finditer", TEXT, args)?;
                Ok(list(self.all(args.text(0)?, usize::MAX)?.into_iter().map(Value::from_object).collect()))
            }
            "split" => self.split(args),
            "sub" => self.replaced(state, args).map(|(text, _)| text),
            "subn" => self.replaced(state, args).map(|(text, count)| tuple(vec![text, Value::from(count)])),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

fn too_hard(error: fancy_regex::Error) -> Error {
    value_error(format!("the regular expression gave up: {error}"))
}

impl Object for Pattern {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "pattern" => Some(Value::from(self.source.as_str())),
            "flags" => Some(Value::from(self.flags)),
            "groups" => Some(Value::from(self.search.captures_len() - 1)),
            "groupindex" => Some(dict(
                self.names.iter().map(|(name, at)| (Value::from(name.as_str()), Value::from(*at))).collect(),
            )),
            _ => None,
        }
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        self.method(state, name, args)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "re.compile({})", print::repr(&Value::from(self.source.as_str())))
    }
}
