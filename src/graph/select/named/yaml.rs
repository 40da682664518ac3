//! selectors.yml: named selections, as texts, as `method: value`, in full, joined, inherited.
//!
//! [`Selectors`] reads the shapes that users write, and the one that manifest.json shows, into
//! [`Spec`]s, by the rules of dbt's graph/cli.py.

use super::super::criterion::{Criterion, clash, parse_method};
use super::super::methods::Method;
use super::super::spec::{SetOperation, Spec};
use crate::error::{Error, Location, Result};
use crate::manifest::Map;
use crate::project::flags::IndirectSelection;
use crate::project::yaml::suggestion;
use indexmap::IndexMap;
use serde_json::Value as Json;

/// The selectors of a project, read.
#[derive(Debug, Clone, Default)]
pub struct Selectors {
    specs: IndexMap<String, Spec>,
    default: Option<String>,
}

impl Selectors {
    /// Reads `Manifest::selectors`: by name, `{name, definition, default, description}`, with
    /// `--indirect-selection` being eager.
    ///
    /// # Errors
    /// Every definition that makes no sense; two selectors with `default: true`.
    pub fn new(selectors: &Map) -> Result<Selectors> {
        Selectors::with_mode(selectors, IndirectSelection::Eager)
    }

    /// As [`Selectors::new`], under an `--indirect-selection`.
    ///
    /// # Errors
    /// As [`Selectors::new`].
    pub fn with_mode(selectors: &Map, indirect: IndirectSelection) -> Result<Selectors> {
        let mut read = Reader { specs: IndexMap::new(), indirect };
        let mut errors = Vec::new();
        for (name, entry) in selectors {
            let definition = entry.get("definition").unwrap_or(entry);
            match read.root(definition) {
                Ok(spec) => drop(read.specs.insert(name.clone(), spec)),
                Err(error) => errors.extend(error.apart().into_iter().map(|error| about(error, name))),
            }
        }
        let chosen = |entry: &Json| entry.get("default").and_then(Json::as_bool) == Some(true);
        let defaults: Vec<_> = selectors.iter().filter(|(_, e)| chosen(e)).map(|(name, _)| name).collect();
        if let [one, two, ..] = defaults[..] {
            let said = format!("found multiple selectors with `default: true`: `{one}` and `{two}`");
            errors.push(about(Error::runtime(said), two));
        }
        let default = defaults.first().map(|name| name.to_string());
        Error::all(errors).map_or(Ok(Selectors { specs: read.specs, default }), Err)
    }

    /// Takes in one that was read.
    pub(super) fn keep(&mut self, name: &str, spec: Spec) {
        self.specs.insert(name.to_string(), spec);
    }

    /// A selector by name.
    ///
    /// # Errors
    /// No selector has that name.
    pub fn get(&self, name: &str) -> Result<&Spec> {
        self.specs.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.specs.keys().map(String::as_str).collect();
            let names = known.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            let said = format!("Could not find selector named {name}, expected one of [{names}]");
            let near = suggestion(name, &known).map(|near| format!("did you mean `{near}`?"));
            near.into_iter().fold(Error::runtime(said), Error::help)
        })
    }

    /// The one with `default: true`: what a command takes where nothing is selected or excluded.
    pub fn default_selector(&self) -> Option<(&str, &Spec)> {
        let name = self.default.as_deref()?;
        Some((name, self.specs.get(name)?))
    }
}

fn about(error: Error, name: &str) -> Error {
    error.about(format!("selector {name}")).located(Location::file("selectors.yml"))
}

/// Reads one definition after those above it: those that it may inherit from.
pub(super) fn definition(of: &Json, above: &Selectors) -> Result<Spec> {
    Reader { specs: above.specs.clone(), indirect: IndirectSelection::Eager }.root(of)
}

/// Reads definitions one after the other; later ones may inherit from earlier ones.
struct Reader {
    specs: IndexMap<String, Spec>,
    indirect: IndirectSelection,
}

impl Reader {
    fn root(&self, definition: &Json) -> Result<Spec> {
        if let Some(map) = definition.as_object()
            && (map.contains_key("union") || map.contains_key("intersection"))
            && map.len() > 1
        {
            let keys: Vec<_> = map.keys().map(String::as_str).collect();
            return Err(Error::runtime(format!(
                "only a single `union` or `intersection` key is allowed at the root of a selector; found {}",
                keys.join(", ")
            )));
        }
        self.definition(definition)
    }

    fn definition(&self, definition: &Json) -> Result<Spec> {
        match definition {
            Json::String(text) => self.criterion(Criterion::parse(text, self.indirect)?),
            Json::Object(map) if map.contains_key("union") => self.joined(map, "union", SetOperation::Union),
            Json::Object(map) if map.contains_key("intersection") => {
                self.joined(map, "intersection", SetOperation::Intersection)
            }
            Json::Object(map) => self.full(map),
            other => Err(Error::runtime(format!(
                "a selector's definition must be a text or a mapping, not `{other}`"
            ))
            .help("write `method: value`, `union:`, `intersection:`, or a text as for `--select`")),
        }
    }

    /// `union` and `intersection`: parts, and at most one `exclude` among them.
    fn joined(&self, map: &Map, key: &str, operation: SetOperation) -> Result<Spec> {
        let (mut parts, mut excluded) = (Vec::new(), None);
        for part in list(map, key)? {
            match part.as_object() {
                Some(part) if part.contains_key("exclude") && !part.contains_key("method") => {
                    if excluded.is_some() {
                        return Err(Error::runtime(format!(
                            "one `{key}` cannot have several `exclude` keys"
                        ))
                        .help("put them into one list"));
                    }
                    excluded = self.exclusion(part)?;
                }
                _ => parts.push(self.definition(part)?),
            }
        }
        Ok(less(Spec::group(operation, parts), excluded))
    }

    fn exclusion(&self, map: &Map) -> Result<Option<Spec>> {
        let mut parts =
            list(map, "exclude")?.iter().map(|part| self.definition(part)).collect::<Result<Vec<_>>>()?;
        Ok(match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Spec::group(SetOperation::Union, parts)),
        })
    }

    /// `tag: nightly`, or `{method: tag, value: nightly, parents: true, ...}`.
    fn full(&self, map: &Map) -> Result<Spec> {
        if let (1, Some((method, value))) = (map.len(), map.iter().next()) {
            return self.criterion(self.found_by(method, value.clone(), &Map::new())?);
        }
        let (Some(method), Some(value)) = (map.get("method").and_then(Json::as_str), map.get("value")) else {
            let keys: Vec<_> = map.keys().map(String::as_str).collect();
            let said = "expected one key, or `method` and `value`, but got";
            return Err(Error::runtime(format!("{said} {}", keys.join(", "))));
        };
        let spec = self.criterion(self.found_by(method, value.clone(), map)?)?;
        let excluded = if map.contains_key("exclude") { self.exclusion(map)? } else { None };
        Ok(less(spec, excluded))
    }

    fn found_by(&self, method: &str, value: Json, map: &Map) -> Result<Criterion> {
        let flag = |key: &str| map.get(key).is_some_and(truthy);
        let depth = |key: &str| map.get(key).map(depth).transpose().map(Option::flatten);
        let relatives = |on: &str, deep: &str| Ok::<_, Error>(flag(on).then_some(depth(deep)?));
        let (method, arguments) = parse_method(method)?;
        let raw = Json::Object(map.clone()).to_string();
        let indirect = map.get("indirect_selection").and_then(Json::as_str);
        let criterion = Criterion {
            method,
            arguments,
            value,
            childrens_parents: flag("childrens_parents"),
            parents: relatives("parents", "parents_depth")?,
            children: relatives("children", "children_depth")?,
            indirect: indirect.map_or(Ok(self.indirect), mode)?,
            raw,
        };
        if criterion.childrens_parents && criterion.children.is_some() {
            return Err(clash(&criterion.raw));
        }
        Ok(criterion)
    }

    /// A criterion stands for itself; `selector` for what was defined under that name before.
    fn criterion(&self, criterion: Criterion) -> Result<Spec> {
        if criterion.method != Method::Selector {
            return Ok(Spec::Criterion(criterion));
        }
        let name = criterion.text();
        self.specs.get(&name).cloned().ok_or_else(|| {
            Error::runtime(format!("Existing selector definition for {name} not found."))
                .help("a selector can inherit from one that stands above it")
        })
    }
}

fn less(spec: Spec, excluded: Option<Spec>) -> Spec {
    match excluded {
        Some(excluded) => Spec::minus(spec, excluded),
        None => spec,
    }
}

fn list<'a>(map: &'a Map, key: &str) -> Result<&'a Vec<Json>> {
    map.get(key).and_then(Json::as_array).ok_or_else(|| Error::runtime(format!("`{key}` expects a list")))
}

fn truthy(value: &Json) -> bool {
    !matches!(value, Json::Null | Json::Bool(false))
        && value.as_i64() != Some(0)
        && value.as_str() != Some("")
}

fn depth(value: &Json) -> Result<Option<usize>> {
    let number = match value {
        Json::Null => return Ok(None),
        Json::String(text) if text.is_empty() => return Ok(None),
        Json::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|n| usize::try_from(n).ok()),
    };
    number.map(Some).ok_or_else(|| Error::runtime(format!("a depth must be a whole number, not `{value}`")))
}

/// The mode that a word of dbt names.
fn mode(word: &str) -> Result<IndirectSelection> {
    IndirectSelection::parse(word).ok_or_else(|| {
        Error::runtime(format!("'{word}' is not a valid IndirectSelection"))
            .help(format!("the modes are {}", IndirectSelection::WORDS.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Selectors;
    use serde_json::{Value as Json, json};

    /// Definitions named `a`, `b`, ...; the message of each error.
    fn check(definitions: &[Json], expect: &[&str]) {
        let entry = |(n, definition): (usize, &Json)| {
            let name = char::from(b'a' + n as u8).to_string();
            (name.clone(), json!({ "name": name, "definition": definition }))
        };
        let selectors = definitions.iter().enumerate().map(entry).collect();
        let told = match Selectors::new(&selectors) {
            Ok(_) => Vec::new(),
            Err(error) => error.iter().map(|e| e.message().to_string()).collect(),
        };
        assert_eq!(told, expect, "{definitions:?}");
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        check(&[json!("tag:a"), json!({ "method": "selector", "value": "a" })], &[]);
        check(&[json!("+a+,b"), json!({ "union": [{ "tag": "x", }, { "exclude": [] }] })], &[]);
        check(
            &[json!("nope:a"), json!("@a+")],
            &[
                "'nope' is not a valid method name",
                "Invalid node spec @a+ - \"@\" prefix and \"+\" suffix are incompatible",
            ],
        );
        check(
            &[json!({ "method": "selector", "value": "b" }), json!("x")],
            &["Existing selector definition for b not found."],
        );
        check(&[json!("selector:a")], &["Existing selector definition for a not found."]);
        check(
            &[json!({ "union": ["a"], "exclude": ["b"] })],
            &[
                "only a single `union` or `intersection` key is allowed at the root of a selector; found union, exclude",
            ],
        );
        check(
            &[json!({ "union": [{ "exclude": ["a"] }, { "exclude": ["b"] }] })],
            &["one `union` cannot have several `exclude` keys"],
        );
        check(&[json!({ "union": "a" })], &["`union` expects a list"]);
        check(&[json!(["a"])], &["a selector's definition must be a text or a mapping, not `[\"a\"]`"]);
        check(
            &[json!({ "value": "a", "tag": "b" })],
            &["expected one key, or `method` and `value`, but got value, tag"],
        );
        check(
            &[json!({ "method": "fqn", "value": "a", "parents": true, "parents_depth": "x" })],
            &["a depth must be a whole number, not `\"x\"`"],
        );
        check(
            &[json!({ "method": "fqn", "value": "a", "indirect_selection": "x" })],
            &["'x' is not a valid IndirectSelection"],
        );
    }

    #[test]
    fn one_selector_may_be_the_default() {
        let of = |second: bool| {
            let json = json!({ "a": { "definition": "x", "default": true }, "b": { "definition": "y", "default": second } });
            Selectors::new(json.as_object().unwrap())
        };
        assert_eq!(of(false).unwrap().default_selector().unwrap().0, "a");
        let error = of(true).unwrap_err();
        assert_eq!(error.message(), "found multiple selectors with `default: true`: `a` and `b`");
        assert_eq!(error.location().unwrap().to_string(), "selectors.yml");
    }
}
