//! `config(...)` while parsing: the arguments are recorded; whatever is asked of it is empty.

use super::calls::Recorder;
use crate::context::objects::{no_method, nothing};
use crate::error::Error;
use crate::jinja::value::{Args, Outcome, pairs, print, split_args, to_json};
use crate::jinja::{Value, raise};
use crate::manifest::Map;
use minijinja::State;
use minijinja::value::{Object, ObjectRepr, ValueKind};
use serde_json::Value as Json;
use std::sync::Arc;

/// `config` of a node that is being parsed.
#[derive(Debug)]
struct ConfigObject(Arc<Recorder>);

/// Makes it.
pub(super) fn value(recorder: &Arc<Recorder>) -> Value {
    Value::from_object(ConfigObject(recorder.clone()))
}

impl ConfigObject {
    fn record(&self, args: &[Value]) -> Outcome {
        let (positional, named) = split_args(args)?;
        let given: Vec<(String, Value)> = match (&positional[..], named.is_empty()) {
            ([], _) => named.into_iter().collect(),
            ([one], true) if one.kind() == ValueKind::Map => {
                pairs(one)?.into_iter().map(|(key, value)| (key.to_string(), value)).collect()
            }
            _ => {
                return Err(raise(
                    Error::compilation("Invalid inline model config")
                        .help("write `config(key='value')` or `config({'key': 'value'})`"),
                ));
            }
        };
        let call: Map =
            given.into_iter().map(|(key, value)| (key.trim().to_string(), json(&value))).collect();
        for (old, new) in [("pre_hook", "pre-hook"), ("post_hook", "post-hook")] {
            if call.contains_key(old) && call.contains_key(new) {
                let message = format!("Invalid config, has conflicting keys \"{old}\" and \"{new}\"");
                return Err(raise(Error::compilation(message)));
            }
        }
        self.0.configure(&call).map_err(raise)?;
        nothing()
    }
}

/// A value as the manifest keeps it; what has no JSON form (a date, a relation) is kept as its text.
fn json(value: &Value) -> Json {
    match to_json(value) {
        Ok(json) => json,
        Err(_) if value.is_undefined() => Json::Null,
        Err(_) => Json::String(print::text(value)),
    }
}

impl Object for ConfigObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        self.record(args)
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        match method {
            "get" | "meta_get" | "require" | "meta_require" => nothing(),
            "persist_relation_docs" | "persist_column_docs" => Ok(Value::from(false)),
            "set" => {
                let args = Args::bind("set", &["name", "value"], args)?;
                let call = Map::from_iter([(args.text(0)?.to_string(), json(args.need(1)?))]);
                self.0.configure(&call).map_err(raise)?;
                nothing()
            }
            _ => Err(no_method("ParseConfigObject", method)),
        }
    }
}
