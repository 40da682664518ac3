//! One node of a YAML file, with its place.

use serde_json::{Number, Value as Json};

/// How a text was written; only a plain one can be anything but text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A block: `|` or `>`.
    Block,
}

/// What a node holds. Dates stay text: that is how templates and JSON show them.
#[derive(Debug, Clone, PartialEq)]
pub enum YamlValue {
    /// `null`, `~` or nothing.
    Null,
    /// `true yes on`, `false no off`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a point.
    Float(f64),
    /// A text, and how it was written.
    String(String, ScalarStyle),
    /// A list.
    List(Vec<Yaml>),
    /// A mapping in the order of the file, merge keys resolved.
    Map(Vec<(Yaml, Yaml)>),
}

/// A node and where it begins; line and column count from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Yaml {
    /// What it holds.
    pub value: YamlValue,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Yaml {
    /// The value of a key; `None` where this is no mapping or lacks it.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key's own node and its value.
    pub fn entry(&self, key: &str) -> Option<(&Yaml, &Yaml)> {
        self.entries().iter().find(|(name, _)| name.as_str() == Some(key)).map(|(name, value)| (name, value))
    }

    /// The pairs of a mapping; none for anything else.
    pub fn entries(&self) -> &[(Yaml, Yaml)] {
        match &self.value {
            YamlValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Yaml] {
        match &self.value {
            YamlValue::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            YamlValue::String(text, _) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            YamlValue::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self.value {
            YamlValue::Int(number) => Some(number),
            _ => None,
        }
    }

    /// Is it null?
    pub fn is_null(&self) -> bool {
        self.value == YamlValue::Null
    }

    /// Is it a mapping?
    pub fn is_map(&self) -> bool {
        matches!(self.value, YamlValue::Map(_))
    }

    /// Is it a list?
    pub fn is_list(&self) -> bool {
        matches!(self.value, YamlValue::List(_))
    }

    /// What it is, for messages: `a list`, `the text "x"`.
    pub fn kind_name(&self) -> String {
        match &self.value {
            YamlValue::Null => "nothing".into(),
            YamlValue::Bool(flag) => format!("the truth value `{flag}`"),
            YamlValue::Int(number) => format!("the number `{number}`"),
            YamlValue::Float(number) => format!("the number `{number}`"),
            YamlValue::String(text, _) if text.chars().count() > 40 || text.contains('\n') => "a text".into(),
            YamlValue::String(text, _) => format!("the text `{text}`"),
            YamlValue::List(_) => "a list".into(),
            YamlValue::Map(_) => "a mapping".into(),
        }
    }

    /// The node as JSON. Keys become text as Python's `json` writes them; infinities become text.
    pub fn to_json(&self) -> Json {
        match &self.value {
            YamlValue::Null => Json::Null,
            YamlValue::Bool(flag) => Json::Bool(*flag),
            YamlValue::Int(number) => Json::from(*number),
            YamlValue::Float(number) => {
                Number::from_f64(*number).map_or_else(|| Json::String(number.to_string()), Json::Number)
            }
            YamlValue::String(text, _) => Json::String(text.clone()),
            YamlValue::List(items) => items.iter().map(Yaml::to_json).collect(),
            YamlValue::Map(entries) => {
                Json::Object(entries.iter().map(|(key, value)| (key.key_text(), value.to_json())).collect())
            }
        }
    }

    /// A JSON value at the place of this node: what a template in it gave.
    pub fn replaced_by(&self, json: Json) -> Yaml {
        let value = match json {
            Json::Null => YamlValue::Null,
            Json::Bool(flag) => YamlValue::Bool(flag),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => YamlValue::Int(whole),
                None => YamlValue::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => YamlValue::String(text, ScalarStyle::Quoted),
            Json::Array(items) => {
                YamlValue::List(items.into_iter().map(|item| self.replaced_by(item)).collect())
            }
            Json::Object(entries) => {
                let pair = |(key, value)| (self.replaced_by(Json::String(key)), self.replaced_by(value));
                YamlValue::Map(entries.into_iter().map(pair).collect())
            }
        };
        self.with(value)
    }

    /// Another value at the same place.
    pub fn with(&self, value: YamlValue) -> Yaml {
        Yaml { value, line: self.line, column: self.column }
    }

    /// The node as a key's text: `true`, `null`, `1`, `a`.
    pub fn key_text(&self) -> String {
        match &self.value {
            YamlValue::Null => "null".into(),
            YamlValue::String(text, _) => text.clone(),
            _ => self.to_json().to_string(),
        }
    }
}
