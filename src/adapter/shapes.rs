//! The shapes of what a profile's output nests: which keys a mapping has, and of which kinds.

use super::keys::{KEY, Keys, fault};
use serde_json::{Map, Value as Json};

/// What a key holds. Numbers pass for texts, texts of digits for numbers, and words for truth values, since
/// `env_var` gives texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A truth value.
    Truth,
    /// A number.
    Number,
    /// A list of texts.
    Texts,
    /// A mapping of anything.
    Mapping,
}

/// The keys of one mapping. The first is required where `first_is_required`.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Its keys.
    pub fields: &'static [(&'static str, Kind)],
    /// Must the first key be there?
    pub first_is_required: bool,
}

impl Kind {
    fn takes(self, value: &Json) -> bool {
        let word =
            |words: &[&str]| value.as_str().is_some_and(|text| words.contains(&text.to_lowercase().as_str()));
        match self {
            Kind::Text => value.is_string() || value.is_number(),
            Kind::Truth => value.is_boolean() || word(&["true", "false"]),
            Kind::Number => {
                value.is_number() || value.as_str().is_some_and(|text| text.trim().parse::<f64>().is_ok())
            }
            Kind::Texts => value.as_array().is_some_and(|items| items.iter().all(Json::is_string)),
            Kind::Mapping => value.is_object(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Kind::Text => "a text",
            Kind::Truth => "true or false",
            Kind::Number => "a number",
            Kind::Texts => "a list of texts",
            Kind::Mapping => "a mapping",
        }
    }
}

impl Shape {
    /// Holds the mapping under a key to the shape.
    pub fn check(&self, keys: &Keys<'_>, key: &str) {
        if let Some(map) = keys.mapping(key) {
            self.check_map(keys, key, (&format!("`{key}`"), map));
        }
    }

    /// Holds each mapping of the list under a key to the shape.
    pub fn check_each(&self, keys: &Keys<'_>, key: &str) {
        let place = format!("an item of `{key}`");
        for item in keys.list(key) {
            match item {
                Json::Object(map) => self.check_map(keys, key, (&place, map)),
                _ => keys.blame(told(key, format!("{place} in the profile's output must be a mapping"))),
            }
        }
    }

    fn check_map(&self, keys: &Keys<'_>, key: &str, (place, map): (&str, &Map<String, Json>)) {
        let first = self.fields.first().filter(|_| self.first_is_required).map(|(name, _)| *name);
        if let Some(first) = first.filter(|first| map.get(*first).is_none_or(Json::is_null)) {
            keys.blame(told(key, format!("{place} in the profile's output lacks its `{first}`")));
        }
        for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
            match self.fields.iter().find(|(known, _)| known == name) {
                None => {
                    let known: Vec<_> = self.fields.iter().map(|(name, _)| *name).collect();
                    let said = format!("{place} in the profile's output has an unknown key `{name}`");
                    keys.blame(told(key, said).help(format!("the keys are: {}", known.join(", "))));
                }
                Some((_, kind)) if !kind.takes(value) => {
                    let said =
                        format!("`{name}` of {place} in the profile's output must be {}", kind.words());
                    keys.blame(told(key, said));
                }
                Some(_) => {}
            }
        }
    }
}

fn told(key: &str, said: String) -> crate::error::Error {
    fault(said).with_field(KEY, key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SHAPE: Shape = Shape {
        fields: &[("path", Kind::Text), ("count", Kind::Number), ("on", Kind::Truth), ("names", Kind::Texts)],
        first_is_required: true,
    };

    fn check(items: &str, expect: &[&str]) {
        let map: Map<String, Json> = serde_json::from_str(&format!(r#"{{"x": {items}}}"#)).unwrap();
        let keys = Keys::new(&map, &["x"]);
        SHAPE.check_each(&keys, "x");
        let told = keys
            .finish(())
            .map_or_else(|all| all.iter().map(|e| e.message().to_string()).collect(), |()| vec![]);
        let expect: Vec<_> =
            expect.iter().map(|text| text.replace('@', "an item of `x` in the profile's output")).collect();
        assert_eq!(told, expect, "{items}");
    }

    #[test]
    fn items_are_held_to_their_shape() {
        check(r#"[{"path": "a", "count": "3", "on": "True", "names": ["b"]}, {"path": 7, "on": null}]"#, &[]);
        check(r#"[1, {"path": null}]"#, &["@ must be a mapping", "@ lacks its `path`"]);
        check(
            r#"[{"path": "a", "count": "x", "names": "b", "z": 1}]"#,
            &[
                "`count` of @ must be a number",
                "`names` of @ must be a list of texts",
                "@ has an unknown key `z`",
            ],
        );
    }
}
