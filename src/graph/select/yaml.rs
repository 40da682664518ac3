//! selectors.yml: named selections, as texts, as `method: value`, in full, joined, inherited.
//!
//! [`normalized`] brings the file into the shape that manifest.json shows; [`Selectors`] reads that
//! shape, and the shapes that users write, into [`Spec`]s. Both follow dbt's graph/cli.py and
//! config/selectors.py.

use super::criterion::{Criterion, clash, parse_method};
use super::methods::Method;
use super::spec::{IndirectSelection, SetOperation, Spec};
use crate::error::{Error, Location, Result};
use crate::manifest::Map;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

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
                Err(error) => errors.extend(error.iter().map(|error| about(error.clone(), name))),
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

    /// A selector by name.
    ///
    /// # Errors
    /// No selector has that name.
    pub fn get(&self, name: &str) -> Result<&Spec> {
        self.specs.get(name).ok_or_else(|| {
            let names: Vec<_> = self.specs.keys().map(|name| format!("'{name}'")).collect();
            let names = names.join(", ");
            Error::runtime(format!("Could not find selector named {name}, expected one of [{names}]"))
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
            indirect: indirect.map_or(Ok(self.indirect), IndirectSelection::parse)?,
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

/// Brings the content of selectors.yml (`{selectors: [{name, definition, ...}]}`) into the shape that
/// manifest.json shows: entries by name, each definition written out in full.
///
/// # Errors
/// An entry without name or definition, or one that [`Selectors`] cannot read.
pub fn normalized(file: &Json) -> Result<Map> {
    let entries = file.get("selectors").and_then(Json::as_array);
    let entries = entries.ok_or_else(|| malformed("it has no list `selectors`"))?;
    let mut written = Map::new();
    for entry in entries {
        let name = entry.get("name").and_then(Json::as_str);
        let name = name.ok_or_else(|| malformed("a selector has no `name`"))?;
        let definition = entry.get("definition");
        let definition = definition.ok_or_else(|| malformed(&format!("`{name}` has no `definition`")))?;
        let mut entry = entry.as_object().cloned().unwrap_or_default();
        entry.insert("definition".into(), definition.clone());
        written.insert(name.to_string(), Json::Object(entry));
    }
    Selectors::new(&written)?;
    let mut shown = Map::new();
    for (name, mut entry) in written {
        entry["definition"] = in_full(&entry["definition"], &shown);
        shown.insert(name, entry);
    }
    Ok(shown)
}

fn malformed(why: &str) -> Error {
    Error::runtime(format!("selectors.yml is malformed: {why}"))
        .located(Location::file("selectors.yml"))
        .help("it holds `selectors:`, a list of `name` and `definition`")
}

fn in_full(definition: &Json, known: &Map) -> Json {
    let each = |list: &[Json]| Json::Array(list.iter().map(|part| in_full(part, known)).collect());
    match definition {
        Json::String(text) => criterion_in_full(text),
        Json::Object(map) => {
            if let Some((key, Json::Array(parts))) =
                map.iter().find(|(key, _)| ["union", "intersection", "exclude"].contains(&key.as_str()))
                && !map.contains_key("method")
            {
                return json!({ key: each(parts) });
            }
            match (map.len(), map.iter().next()) {
                (1, Some((key, value))) => {
                    inherited(key, value, known).unwrap_or_else(|| json!({ "method": key, "value": value }))
                }
                _ => map
                    .get("method")
                    .and_then(Json::as_str)
                    .zip(map.get("value"))
                    .and_then(|(method, value)| inherited(method, value, known))
                    .unwrap_or_else(|| definition.clone()),
            }
        }
        other => other.clone(),
    }
}

fn inherited(method: &str, value: &Json, known: &Map) -> Option<Json> {
    (method == "selector").then(|| known.get(value.as_str()?)?.get("definition").cloned()).flatten()
}

fn criterion_in_full(text: &str) -> Json {
    let Ok(criterion) = Criterion::parse(text, IndirectSelection::Eager) else { return json!(text) };
    let mut shown = Map::new();
    let mut put = |key: &str, value: Json| drop(shown.insert(key.into(), value));
    if criterion.childrens_parents {
        put("childrens_parents", json!(true));
    }
    if let Some(depth) = criterion.parents {
        put("parents", json!(true));
        if let Some(depth) = depth {
            put("parents_depth", json!(depth.to_string()));
        }
    }
    let method = [vec![criterion.method.name().to_string()], criterion.arguments.clone()].concat();
    put("method", json!(method.join(".")));
    put("value", criterion.value.clone());
    if let Some(depth) = criterion.children {
        put("children", json!(true));
        if let Some(depth) = depth {
            put("children_depth", json!(depth.to_string()));
        }
    }
    Json::Object(shown)
}
