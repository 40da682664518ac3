//! `ref`, `source`, `metric` and `function` while parsing: each call is noted and gives the node's own
//! relation, as dbt does.

use crate::error::{Error, Result};
use crate::jinja::value::{Outcome, dict_of, function, split_args, to_json};
use crate::jinja::{NO_ATTRIBUTE, UNDEFINED, Value, raise};
use crate::manifest::{Map, RefArgs};
use crate::project::config_merge::{canonical, merge_call};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a node's templates have called, in the order of the calls.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// `ref` calls.
    pub refs: Vec<RefArgs>,
    /// `source` calls: `[source, table]`.
    pub sources: Vec<Vec<String>>,
    /// `metric` calls: `[name]` or `[package, name]`.
    pub metrics: Vec<Vec<String>>,
    /// `function` calls: `[name]` or `[package, name]`.
    pub functions: Vec<Vec<String>>,
    /// All `config` calls, merged.
    pub config: Map,
    /// A macro that is not there. dbt forgives it until the node is compiled.
    pub unknown: Option<Error>,
}

/// Records the calls of one node; shared by the functions of its context.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Recorded>, Arc<AtomicBool>);

impl Recorder {
    fn note(&self, note: impl FnOnce(&mut Recorded)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Merges the arguments of one `config` call into those before it.
    ///
    /// # Errors
    /// A value of a type that its key cannot have.
    pub fn configure(&self, call: &Map) -> Result<()> {
        let mut outcome = Ok(());
        self.note(|recorded| match recorded.config.is_empty() {
            // dbt keeps a lone call as it is written.
            true => {
                recorded.config =
                    call.iter().map(|(key, value)| (canonical(key).into(), value.clone())).collect()
            }
            false => outcome = merge_call(&mut recorded.config, call),
        });
        outcome
    }

    /// Forgives a name that does not exist, and remembers it; forgives what a value has not, which is told where
    /// the node is compiled. Any other fault stays one.
    ///
    /// # Errors
    /// The fault itself.
    pub fn forgive<T>(&self, outcome: Result<T>) -> Result<Option<T>> {
        match outcome {
            Err(error) if error.code() == Some(UNDEFINED) => {
                self.note(|recorded| {
                    recorded.unknown.get_or_insert(error);
                });
                Ok(None)
            }
            Err(error) if error.code() == Some(NO_ATTRIBUTE) => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Keeps the fault of an earlier reading.
    pub fn remember(&self, unknown: Option<Error>) {
        self.note(|recorded| recorded.unknown = unknown);
    }

    /// What is set when the node's templates read what no two invocations share.
    pub(super) fn moment_flag(&self) -> Arc<AtomicBool> {
        self.1.clone()
    }

    /// Did the node's templates read what no two invocations share?
    pub fn moment(&self) -> bool {
        self.1.load(Ordering::Relaxed)
    }

    /// What was recorded so far.
    pub fn take(&self) -> Recorded {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The recording functions, by name. `this` is what they give.
pub(super) fn functions(recorder: &Arc<Recorder>, this: &Value) -> [(&'static str, Value); 4] {
    let make = |name: &'static str, note: fn(&Recorder, &[Value]) -> Result<(), minijinja::Error>| {
        let (recorder, this) = (recorder.clone(), this.clone());
        let body = move |_: &mut minijinja::State<'_, '_>, args: &[Value]| -> Outcome {
            note(&recorder, args)?;
            Ok(this.clone())
        };
        (name, function(name, body))
    };
    let metric = ("metric", {
        let recorder = recorder.clone();
        function("metric", move |_, args| {
            let names = one_or_two("metric", args)?;
            let reference = dict_of([("metric_name", Value::from(names.last().map_or("", String::as_str)))]);
            recorder.note(|recorded| recorded.metrics.push(names));
            Ok(reference)
        })
    });
    [
        make("ref", |recorder, args| {
            let call = ref_call(args)?;
            recorder.note(|recorded| recorded.refs.push(call));
            Ok(())
        }),
        make("source", |recorder, args| {
            let call = source_call(args)?;
            recorder.note(|recorded| recorded.sources.push(call));
            Ok(())
        }),
        make("function", |recorder, args| {
            let call = one_or_two("function", args)?;
            recorder.note(|recorded| recorded.functions.push(call));
            Ok(())
        }),
        metric,
    ]
}

fn ref_call(args: &[Value]) -> Result<RefArgs, minijinja::Error> {
    let (positional, named) = split_args(args)?;
    let version =
        named.get("version").filter(|v| v.is_true()).or_else(|| named.get("v")).filter(|v| v.is_true());
    let version = version.map(to_json).transpose()?;
    match &positional[..] {
        [name] => Ok(RefArgs { name: text("name", "ref", name)?, package: None, version }),
        [package, name] => {
            let package = if package.is_none() { None } else { Some(text("package", "ref", package)?) };
            Ok(RefArgs { name: text("name", "ref", name)?, package, version })
        }
        other => Err(raise(
            Error::compilation(format!("ref() takes at most two arguments ({} given)", other.len()))
                .help("write `ref('model')` or `ref('package', 'model')`"),
        )),
    }
}

fn source_call(args: &[Value]) -> Result<Vec<String>, minijinja::Error> {
    let (positional, named) = split_args(args)?;
    match &positional[..] {
        [source, table] if named.is_empty() => Ok(vec![
            text("source name (first)", "source", source)?,
            text("table name (second)", "source", table)?,
        ]),
        other => Err(raise(
            Error::compilation(format!(
                "source() takes exactly two arguments ({} given)",
                other.len() + named.len()
            ))
            .help("write `source('source', 'table')`"),
        )),
    }
}

fn one_or_two(callee: &'static str, args: &[Value]) -> Result<Vec<String>, minijinja::Error> {
    let (positional, _) = split_args(args)?;
    if positional.is_empty() || positional.len() > 2 {
        let message = format!("{callee}() takes at most two arguments ({} given)", positional.len());
        return Err(raise(Error::compilation(message)));
    }
    positional.iter().map(|value| text("name", callee, value)).collect()
}

fn text(what: &str, callee: &str, value: &Value) -> Result<String, minijinja::Error> {
    value.as_str().map(str::to_string).ok_or_else(|| {
        let kind = crate::jinja::value::python_type_name(value);
        let message = format!("The {what} argument to {callee}() must be a string, got <class '{kind}'>");
        raise(Error::compilation(message))
    })
}
