//! `modules`: the parts of Python's standard library that dbt gives to templates.

mod datetime;
mod itertools;
mod itertools_endless;
mod pytz;
mod re;

use minijinja::Value;
use std::sync::Arc;

use super::{Row, members};
use crate::jinja::value::dict_of;

/// The object that is called `modules` in templates: a dict of modules.
pub fn modules() -> Value {
    with(itertools::module())
}

/// The same, telling of every call of `itertools`, which dbt means to take away.
pub fn watched_modules(told: Arc<dyn Fn() + Send + Sync>) -> Value {
    with(itertools::watched(&told))
}

fn with(itertools: Value) -> Value {
    dict_of([
        ("pytz", pytz::module()),
        ("datetime", datetime::module()),
        ("re", re::module()),
        ("itertools", itertools),
    ])
}
