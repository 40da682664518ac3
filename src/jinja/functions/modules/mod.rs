//! `modules`: the parts of Python's standard library that dbt gives to templates.

mod datetime;
mod itertools;
mod itertools_endless;
mod pytz;
mod re;

use minijinja::Value;

use super::{Row, members};
use crate::jinja::value::dict_of;

/// The object that is called `modules` in templates: a dict of modules.
pub fn modules() -> Value {
    dict_of([
        ("pytz", pytz::module()),
        ("datetime", datetime::module()),
        ("re", re::module()),
        ("itertools", itertools::module()),
    ])
}
