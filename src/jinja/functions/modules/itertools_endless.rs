//! `count`, `cycle` and `repeat` without an end.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use crate::jinja::value::operators;

/// A sequence without an end: something else must stop it (`zip`, `islice`, `{% break %}`).
#[derive(Debug, Clone)]
pub enum Endless {
    /// `count(start, step)`.
    Count(Value, Value),
    /// `cycle(items)`.
    Cycle(Vec<Value>),
    /// `repeat(item)`.
    Repeat(Value),
}

impl Object for Endless {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Iter(match (**self).clone() {
            Endless::Repeat(item) => Box::new(std::iter::repeat(item)),
            Endless::Cycle(items) => Box::new(items.into_iter().cycle()),
            Endless::Count(start, step) => {
                Box::new(std::iter::successors(Some(start), move |last| operators::add(last, &step).ok()))
            }
        })
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        None
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<itertools object>")
    }
}
