//! `where` and `group_by` of metrics and saved queries: calls such as `Dimension('order__kind').grain('day')`
//! within a template, read by rendering it.

use crate::manifest::Manifest;
use crate::parse::documents::GRANULARITIES;
use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Rest};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

const DATE_PARTS: [&str; 6] = ["year", "quarter", "month", "day", "dow", "doy"];

/// The time that every metric has.
const METRIC_TIME: &str = "metric_time";

/// What a call may name.
pub(super) struct Names<'m> {
    metrics: HashSet<&'m str>,
    elements: HashSet<&'m str>,
    /// Grains that the project's time spines add.
    grains: HashSet<&'m str>,
}

impl<'m> Names<'m> {
    pub(super) fn of(manifest: &'m Manifest) -> Self {
        let name = |entry: &'m Json| entry.get("name").and_then(Json::as_str);
        let elements = manifest.semantic_models.values().flat_map(|model| {
            let lists = ["dimensions", "entities"].into_iter().filter_map(|key| model.get(key)?.as_array());
            lists.flatten().filter_map(name)
        });
        let spines = manifest.nodes.values().filter_map(|node| match &node.kind {
            crate::manifest::NodeKind::Model { time_spine, .. } => time_spine.as_ref(),
            _ => None,
        });
        let own = spines.filter_map(|spine| spine.get("custom_granularities")?.as_array());
        Names {
            metrics: manifest.metrics.values().filter_map(name).collect(),
            elements: elements.collect(),
            grains: own.flatten().filter_map(name).collect(),
        }
    }

    /// Is it one of the grains of every engine, or one that a time spine adds?
    pub(super) fn is_grain(&self, word: &str) -> bool {
        self.is_standard(word) || self.grains.contains(word)
    }

    /// Is it one of the grains of every engine?
    pub(super) fn is_standard(&self, word: &str) -> bool {
        GRANULARITIES.contains(&word)
    }
}

/// Every filter within an entry, wherever it stands: its fault, or the grains in it that nobody knows.
pub(super) fn of_filters(entry: &Json, names: &Names<'_>) -> Vec<Result<Vec<String>, String>> {
    let mut templates = Vec::new();
    collect(entry, &mut templates);
    let unknown = |calls: Vec<Call>| {
        let grains = calls.into_iter().filter_map(|call| call.grain);
        grains.filter(|grain| !names.is_grain(&grain.to_ascii_lowercase())).collect()
    };
    templates.into_iter().map(|template| calls(template, names).map(unknown)).collect()
}

fn collect<'e>(value: &'e Json, into: &mut Vec<&'e str>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Json::Object(fields) => {
            for (key, value) in fields {
                match value.as_str().filter(|_| key == "where_sql_template") {
                    Some(template) => into.push(template),
                    None => collect(value, into),
                }
            }
        }
        _ => {}
    }
}

/// The faults of what a saved query groups and orders by, and of its limit.
pub(super) fn of_query(query: &Json, names: &Names<'_>) -> Vec<String> {
    let texts = |key: &str| {
        let list = query.pointer(&format!("/query_params/{key}")).and_then(Json::as_array);
        list.into_iter().flatten().filter_map(Json::as_str)
    };
    let mut faults = Vec::new();
    let mut known = Vec::new();
    for item in texts("group_by") {
        match calls(&format!("{{{{ {item} }}}}"), names) {
            Err(fault) => faults.push(fault),
            Ok(found) => match &found[..] {
                [one] if one.is_known(names) => known.push(one.plain()),
                _ => faults.push(format!("`{item}` is not a valid group-by name.")),
            },
        }
    }
    known.extend(texts("metrics").map(Call::metric));
    if faults.is_empty() {
        for item in texts("order_by") {
            match ordered(item, names) {
                Err(fault) => faults.push(fault),
                Ok(found) if found.len() == 1 && known.contains(&found[0].plain()) => {}
                Ok(_) => {
                    faults.push(format!("{item} does not match any of the listed metrics or group-by items."))
                }
            }
        }
    }
    let limit = query.pointer("/query_params/limit").and_then(Json::as_i64);
    faults.extend(limit.filter(|it| *it < 0).map(|it| format!("Invalid limit value: {it} (should be >= 0)")));
    faults
}

/// One call, with what its methods add.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    kind: &'static str,
    name: String,
    path: Vec<String>,
    grain: Option<String>,
    part: Option<String>,
    group_by: Vec<String>,
    descending: Option<bool>,
}

impl Call {
    fn metric(name: &str) -> Self {
        let (path, group_by) = (Vec::new(), Vec::new());
        Call { kind: "Metric", name: name.into(), path, grain: None, part: None, group_by, descending: None }
    }

    /// Without its direction, as it stands among the items of a query.
    fn plain(&self) -> Call {
        Call { descending: None, ..self.clone() }
    }

    /// The links of its name, its element, and the grain that the name ends with.
    fn parts(&self, names: &Names<'_>) -> (Vec<&str>, &str, Option<&str>) {
        let mut parts: Vec<&str> = self.name.split("__").collect();
        let own = self.kind == "TimeDimension" || self.grain.is_some() || self.part.is_some();
        let is_grain = |word: &str| if own { names.is_grain(word) } else { GRANULARITIES.contains(&word) };
        let grain =
            if parts.len() > 1 && parts.last().is_some_and(|it| is_grain(it)) { parts.pop() } else { None };
        let element = parts.pop().unwrap_or_default();
        (parts, element, grain)
    }

    fn is_known(&self, names: &Names<'_>) -> bool {
        let element = self.parts(names).1;
        element == METRIC_TIME || names.elements.contains(element) || names.metrics.contains(element)
    }

    /// What is wrong with it, apart from its methods.
    fn fault(&self, names: &Names<'_>, ordering: bool) -> Option<String> {
        let (links, element, grain) = self.parts(names);
        let name = &self.name;
        match self.kind {
            "Metric" => (self.group_by.is_empty() && !ordering)
                .then(|| format!("`Metric('{name}')` needs `group_by`: what it is added up and joined by")),
            "Entity" => grain.map(|_| {
                format!(
                    "Name is in an incorrect format: '{name}'. It should not contain a time grain suffix."
                )
            }),
            _ if links.len() != 1 && element != METRIC_TIME => Some(format!(
                "Name is in an incorrect format: '{name}'. It should be of the form: <primary entity name>__<dimension_name>"
            )),
            _ => match (grain, &self.grain, &self.part) {
                (Some(said), Some(other), _) if said != other => Some(format!(
                    "'{name}' ends with the grain `{said}`, but `{other}` is asked for: leave one of them out"
                )),
                (_, _, Some(part)) if !DATE_PARTS.contains(&part.to_ascii_lowercase().as_str()) => {
                    Some(format!("`{part}` is no part of a date: {}", DATE_PARTS.join(", ")))
                }
                _ => None,
            },
        }
    }
}

type Found = Arc<Mutex<Vec<Call>>>;

/// A call while its methods are called; its place among those that were found.
#[derive(Debug)]
struct Builder {
    found: Found,
    at: usize,
    ordering: bool,
}

impl Object for Builder {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(call) = found.get_mut(self.at) else { return Ok(Value::UNDEFINED) };
        let known = match (method, call.kind) {
            ("grain" | "date_part", kind) => kind == "Dimension",
            ("descending", kind) => self.ordering || kind == "Dimension",
            _ => return Err(wrong(format!("`{}` has no method `{method}`", call.kind))),
        };
        if !known {
            return Err(wrong(format!("`{method}` can't be used with `{}` in this context.", call.kind)));
        }
        let [argument] = args else { return Err(wrong(format!("`{method}` takes one argument"))) };
        match method {
            "grain" => call.grain = Some(argument.to_string()),
            "date_part" => call.part = Some(argument.to_string()),
            _ => call.descending = Some(argument.is_true()),
        }
        Ok(Value::from_dyn_object(self.clone()))
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("_")
    }
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// The functions of a template, with their arguments by place.
const FUNCTIONS: [(&str, &[&str]); 4] = [
    ("Dimension", &["name", "entity_path"]),
    (
        "TimeDimension",
        &["time_dimension_name", "time_granularity_name", "entity_path", "descending", "date_part_name"],
    ),
    ("Entity", &["entity_name", "entity_path"]),
    ("Metric", &["metric_name", "group_by"]),
];

fn calls(template: &str, names: &Names<'_>) -> Result<Vec<Call>, String> {
    rendered(template, names, false)
}

fn ordered(item: &str, names: &Names<'_>) -> Result<Vec<Call>, String> {
    rendered(&format!("{{{{ {item} }}}}"), names, true)
}

/// The calls of a template, in their order.
fn rendered(template: &str, names: &Names<'_>, ordering: bool) -> Result<Vec<Call>, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let found = Found::default();
    for (kind, arguments) in FUNCTIONS {
        let found = found.clone();
        let make = move |args: Rest<Value>, named: Kwargs| {
            begin(kind, arguments, (&args, &named), (&found, ordering))
        };
        environment.add_function(kind, make);
    }
    let told = |why: &str| format!("Error while parsing Jinja template:\n{template}\n{why}");
    let outcome = environment.render_str(template, ());
    outcome.map_err(|fault| told(fault.detail().unwrap_or(&fault.kind().to_string())))?;
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    match found.iter().find_map(|call| call.fault(names, ordering)) {
        Some(fault) => Err(told(&fault)),
        None => Ok(found),
    }
}

fn begin(
    kind: &'static str,
    arguments: &[&str],
    (args, named): (&[Value], &Kwargs),
    (found, ordering): (&Found, bool),
) -> Result<Value, Error> {
    if args.len() > arguments.len() {
        return Err(wrong(format!("`{kind}` takes {} arguments at most", arguments.len())));
    }
    let take = |name: &str| -> Result<Option<Value>, Error> {
        let at = arguments.iter().position(|it| *it == name);
        match at.and_then(|at| args.get(at)) {
            Some(value) => Ok(Some(value.clone()).filter(|it| !it.is_none())),
            None => {
                named.get::<Option<Value>>(name).map(|it| it.filter(|it| !it.is_none() && !it.is_undefined()))
            }
        }
    };
    let text = |name: &str| take(name).map(|it| it.map(|it| it.to_string()));
    let texts = |name: &str| -> Result<Vec<String>, Error> {
        let list =
            take(name)?.map(|it| it.try_iter().map(|items| items.map(|item| item.to_string()).collect()));
        list.unwrap_or_else(|| Ok(Vec::new()))
    };
    let Some(name) = text(arguments[0])? else { return Err(wrong(format!("`{kind}` needs a name"))) };
    let call = Call {
        kind,
        name,
        path: texts("entity_path")?,
        grain: text("time_granularity_name")?,
        part: text("date_part_name")?,
        group_by: texts("group_by")?,
        descending: take("descending")?.map(|it| it.is_true()),
    };
    named.assert_all_used()?;
    let mut all = found.lock().unwrap_or_else(PoisonError::into_inner);
    all.push(call);
    Ok(Value::from_object(Builder { found: found.clone(), at: all.len() - 1, ordering }))
}
