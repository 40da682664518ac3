//! A config as an object: what `results` of `on-run-end` show of their nodes.

use crate::jinja::value::Outcome;
use minijinja::State;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use std::fmt;
use std::sync::Arc;

/// A dict whose unknown keys are `None`, as dbt's config objects have it.
#[derive(Debug)]
pub struct ConfigView(pub Value);

impl Object for ConfigView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let known = self.0.get_item(key).ok().filter(|value| !value.is_undefined());
        Some(known.unwrap_or_else(super::none))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.try_iter().into_iter().flatten().collect())
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        self.0.call_method(state, method, args)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
