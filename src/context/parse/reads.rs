//! What templates ask while they are parsed that another invocation may answer otherwise: flags, the moment.
//! A parse that is to be used again depends on it.

use crate::context::base::flag_values;
use crate::jinja::Value;
use crate::jinja::value::{Outcome, from_json};
use crate::project::Flags;
use minijinja::State;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Values that no two invocations share.
pub(super) const MOMENTS: &[&str] =
    &["invocation_id", "run_started_at", "invocation_args_dict", "dbt_metadata_envs"];

/// Stands for all flags at once.
const ALL: &str = "*";

/// What the templates of a parse have read.
#[derive(Debug, Default)]
pub struct Reads {
    flags: Mutex<BTreeMap<String, u64>>,
    moment: Arc<AtomicBool>,
}

impl Reads {
    /// Has a template that is no node's own read what no two invocations share?
    pub fn moment(&self) -> bool {
        self.moment.load(Ordering::Relaxed)
    }

    /// What is set by such a reading.
    pub(super) fn moment_flag(&self) -> Arc<AtomicBool> {
        self.moment.clone()
    }

    /// Notes such a reading.
    pub fn note_moment(&self) {
        self.moment.store(true, Ordering::Relaxed);
    }

    /// The flags that were read, each with a hash of its value.
    pub fn flags(&self) -> BTreeMap<String, u64> {
        self.flags.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The hash of a flag's value, as [`Reads::flags`] has it.
pub fn flag_hash(flags: &serde_json::Map<String, Json>, name: &str) -> u64 {
    let written = match name {
        ALL => serde_json::to_string(flags),
        name => serde_json::to_string(&flags.get(name)),
    };
    crate::packed::hash(written.unwrap_or_default().as_bytes())
}

/// `flags` while parsing: remembers what is read of it.
pub(super) fn flags(flags: &Flags, reads: &Arc<Reads>) -> Value {
    let values = flag_values(flags);
    let shown = from_json(&Json::Object(values.clone()));
    Value::from_object(WatchedFlags { shown, values, reads: reads.clone() })
}

#[derive(Debug)]
struct WatchedFlags {
    shown: Value,
    values: serde_json::Map<String, Json>,
    reads: Arc<Reads>,
}

impl WatchedFlags {
    fn note(&self, name: &str) {
        let hash = flag_hash(&self.values, name);
        let mut flags = self.reads.flags.lock().unwrap_or_else(PoisonError::into_inner);
        flags.insert(name.to_string(), hash);
    }
}

impl Object for WatchedFlags {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.note(key);
        self.shown.as_object()?.get_value_by_str(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.note(ALL);
        self.shown.try_iter().map_or(Enumerator::NonEnumerable, |keys| Enumerator::Values(keys.collect()))
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        match (method, args.first().and_then(Value::as_str)) {
            ("get", Some(name)) => self.note(name),
            _ => self.note(ALL),
        }
        self.shown.call_method(state, method, args)
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.note(ALL);
        std::fmt::Display::fmt(&self.shown, f)
    }
}
