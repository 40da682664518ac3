//! Reads the keys of a profile's output: one typed question a key, all faults told together.

use crate::error::{Error, ErrorKind, Result};
use serde_json::{Map, Value as Json};
use std::cell::RefCell;

/// The field of a fault that names the key at fault: who read the file finds its place by it.
pub const KEY: &str = "key";

/// The keys that every output may carry besides the engine's own.
const SHARED: &[&str] = &["type", "threads", "schema", "database"];

/// A profile's output on its way into credentials.
pub struct Keys<'a> {
    map: &'a Map<String, Json>,
    unknown: Vec<&'a str>,
    known: Vec<&'a str>,
    faults: RefCell<Vec<Error>>,
}

impl<'a> Keys<'a> {
    /// Looks at an output. A key that is neither shared nor in `known` has no effect, and is told of.
    pub fn new(map: &'a Map<String, Json>, known: &[&'a str]) -> Self {
        let known: Vec<_> = known.iter().chain(SHARED).copied().collect();
        let unknown = map.keys().map(String::as_str).filter(|key| !known.contains(key)).collect();
        Keys { map, unknown, known, faults: RefCell::default() }
    }

    /// What the user should know of the keys that nobody reads.
    pub fn warnings(&self) -> Vec<String> {
        let told = |key: &&str| {
            let near = self.known.iter().find(|known| close(known, key));
            let hint = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            format!("`{key}` in the profile's output is no key of this adapter and has no effect{hint}")
        };
        self.unknown.iter().map(told).collect()
    }

    /// Two names of one thing are a fault.
    pub fn only_one(&self, names: [&str; 2]) {
        if names.iter().all(|name| self.map.contains_key(*name)) {
            let [first, second] = names;
            let said = format!("`{first}` and `{second}` in the profile's output are the same key");
            self.blame(fault(said).with_field(KEY, second).help("leave one of them out"));
        }
    }

    /// The value as it stands; `None` for an absent key and for null.
    pub fn json(&self, key: &str) -> Option<&'a Json> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// A text; numbers are taken as they are written.
    pub fn text(&self, key: &str) -> Option<String> {
        match self.json(key)? {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            other => self.wrong(key, "a text", other),
        }
    }

    /// The text under the first of several names that is given; a fault where none is.
    pub fn required(&self, names: &[&str]) -> String {
        let found = names.iter().find(|name| self.json(name).is_some()).and_then(|name| self.text(name));
        found.unwrap_or_else(|| {
            if names.iter().all(|name| self.json(name).is_none()) {
                let first = names.first().copied().unwrap_or_default();
                let lacks = fault(format!("the profile's output lacks the key `{}`", names.join("` or `")));
                let near = self.unknown.iter().find(|key| names.iter().any(|name| close(name, key)));
                self.blame(match near {
                    Some(near) => lacks
                        .with_field(KEY, *near)
                        .help(format!("`{near}` is none: did you mean `{first}`?")),
                    None => lacks.help(format!("add `{first}: ...` to the output in profiles.yml")),
                });
            }
            String::new()
        })
    }

    /// A whole number within bounds; a text of digits counts, since `env_var` gives texts.
    pub fn integer(&self, key: &str, least: u64, most: u64) -> Option<u64> {
        let value = self.json(key)?;
        let number = match value {
            Json::Number(number) => number.as_u64(),
            Json::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number.filter(|n| (least..=most).contains(n)) {
            Some(number) => Some(number),
            None => self.wrong(key, &format!("a whole number from {least} to {most}"), value),
        }
    }

    /// A truth value, or its word.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        match self.json(key)? {
            Json::Bool(truth) => Some(*truth),
            Json::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Json::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            other => self.wrong(key, "true or false", other),
        }
    }

    /// A mapping.
    #[cfg(feature = "duckdb")]
    pub fn mapping(&self, key: &str) -> Option<&'a Map<String, Json>> {
        match self.json(key)? {
            Json::Object(map) => Some(map),
            other => self.wrong(key, "a mapping", other),
        }
    }

    /// A list; empty where it is absent.
    #[cfg(feature = "duckdb")]
    pub fn list(&self, key: &str) -> &'a [Json] {
        match self.json(key) {
            None => &[],
            Some(Json::Array(items)) => items,
            Some(other) => self.wrong::<&[Json]>(key, "a list", other).unwrap_or_default(),
        }
    }

    /// Adds a fault that only the engine's own rules can find.
    pub fn blame(&self, fault: Error) {
        self.faults.borrow_mut().push(fault);
    }

    /// The credentials, if all went well.
    pub fn finish<T>(self, credentials: T) -> Result<T> {
        Error::all(self.faults.into_inner()).map_or(Ok(credentials), Err)
    }

    fn wrong<T>(&self, key: &str, expected: &str, found: &Json) -> Option<T> {
        let found = match found {
            _ if is_secret(key) => "another type",
            Json::String(_) => "a text",
            Json::Number(_) => "a number",
            Json::Bool(_) => "true or false",
            Json::Array(_) => "a list",
            Json::Object(_) => "a mapping",
            Json::Null => "null",
        };
        let said = format!("`{key}` in the profile's output must be {expected}, but it is {found}");
        self.blame(fault(said).with_field(KEY, key));
        None
    }
}

/// A fault of the profile.
pub fn fault(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Profile, message)
}

/// Does a key's name say that its value is not to be shown?
pub fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["pass", "secret", "token", "key_id", "access_key", "credential", "connection_string"]
        .iter()
        .any(|part| key.contains(part))
}

/// One edit apart, or one within the other.
fn close(known: &str, given: &str) -> bool {
    let common = known.chars().zip(given.chars()).take_while(|(a, b)| a == b).count();
    let (a, b) = (known.chars().count(), given.chars().count());
    let tail = known.chars().rev().zip(given.chars().rev()).take_while(|(a, b)| a == b).count();
    let swapped = a == b && common + tail + 2 == a && {
        let pair = |word: &str| word.chars().skip(common).take(2).collect::<Vec<_>>();
        pair(known).into_iter().eq(pair(given).into_iter().rev())
    };
    swapped || a.abs_diff(b) <= 1 && common + tail + 1 >= a.max(b)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(profile: &str, expect: &str) {
        let map: Map<String, Json> = serde_json::from_str(profile).unwrap();
        let keys = Keys::new(&map, &["host", "port", "password", "pass"]);
        let (host, port) = (keys.required(&["host"]), keys.integer("port", 1, 65535));
        let told = match keys.finish((host, port)) {
            Ok((host, port)) => format!("{host}:{port:?}"),
            Err(error) => error.iter().map(Error::message).collect::<Vec<_>>().join("; "),
        };
        assert_eq!(told, expect);
    }

    #[test]
    fn keys_are_typed_and_faults_told_together() {
        check(r#"{"type": "x", "host": "h", "port": "5432"}"#, "h:Some(5432)");
        check(r#"{"host": 7}"#, "7:None");
        check(
            r#"{"prt": 1, "port": "abc"}"#,
            "the profile's output lacks the key `host`; `port` in the profile's output must be a whole number from 1 to 65535, but it is a text",
        );
    }

    #[test]
    fn unknown_keys_are_told() {
        let map: Map<String, Json> = serde_json::from_str(r#"{"prot": 1, "x_y_z": 2, "host": ""}"#).unwrap();
        let keys = Keys::new(&map, &["host", "port"]);
        let told = "is no key of this adapter and has no effect";
        assert_eq!(
            keys.warnings(),
            [
                format!("`prot` in the profile's output {told}: did you mean `port`?"),
                format!("`x_y_z` in the profile's output {told}"),
            ]
        );
    }

    #[test]
    fn near_names_are_found() {
        assert!(close("host", "hst") && close("port", "prot") && close("schema", "schemas"));
        assert!(!close("host", "role") && !close("port", "pwtt"));
    }
}
