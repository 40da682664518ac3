//! How much a container holds, all the way down, counting what it holds twice two times: what printing or comparing it
//! costs. Ten lines of a template can nest lists of which no machine sees the end.

use super::super::{PyDict, PyList};
use super::beyond;
use minijinja::Error;
use minijinja::value::{Value, ValueKind};
use std::sync::atomic::{AtomicU64, Ordering};

/// More than this is refused: parts, and texts by sixteen letters.
const MOST: u64 = 20_000_000;
/// More tuples within one tuple are refused.
const FARTHEST: u64 = 1_000_000;
/// Deeper nesting is refused, about as Python does.
const DEEPEST: u64 = 1_000;

/// The extent of a container, as far as its own methods made it grow. What is taken out again still counts.
#[derive(Debug, Default)]
pub struct Extent {
    parts: AtomicU64,
    depth: AtomicU64,
}

impl Extent {
    /// Of a new container.
    pub fn of<'v>(items: impl IntoIterator<Item = &'v Value>) -> Self {
        let extent = Extent::default();
        items.into_iter().for_each(|item| extent.note(item));
        extent
    }

    fn note(&self, item: &Value) {
        let (parts, depth) = measured(item);
        let known = self.parts.load(Ordering::Relaxed);
        self.parts.store(known.saturating_add(parts), Ordering::Relaxed);
        self.depth.fetch_max(depth + 1, Ordering::Relaxed);
    }

    /// Counts an item that is put in.
    ///
    /// # Errors
    /// The container holds too much, or too deeply.
    pub fn grow(&self, item: &Value) -> Result<(), Error> {
        self.note(item);
        self.fits()
    }

    /// Begins anew, for a container that was emptied.
    pub fn clear(&self) {
        self.parts.store(0, Ordering::Relaxed);
        self.depth.store(0, Ordering::Relaxed);
    }

    fn fits(&self) -> Result<(), Error> {
        if self.parts.load(Ordering::Relaxed) > MOST {
            return Err(beyond("lists and dicts hold each other too many times"));
        }
        match self.depth.load(Ordering::Relaxed) {
            depth if depth > DEEPEST => Err(beyond("lists and dicts are nested too deeply")),
            _ => Ok(()),
        }
    }

    fn told(&self) -> (u64, u64) {
        (self.parts.load(Ordering::Relaxed), self.depth.load(Ordering::Relaxed))
    }

    /// Checks a value that was just made.
    ///
    /// # Errors
    /// As [`Extent::grow`].
    pub fn check(made: Value) -> Result<Value, Error> {
        Extent::check_ref(&made).map(|()| made)
    }

    /// The same, of a value that somebody else holds.
    ///
    /// # Errors
    /// As [`Extent::grow`].
    pub fn check_ref(value: &Value) -> Result<(), Error> {
        let (parts, depth) = measured(value);
        Extent { parts: parts.into(), depth: depth.into() }.fits()
    }
}

/// Parts and depth of a value. Containers know their own; tuples are looked through, until it is enough.
fn measured(value: &Value) -> (u64, u64) {
    let (mut parts, mut walked) = (0, 0);
    let depth = measure(value, 0, (&mut parts, &mut walked));
    (if walked > FARTHEST { u64::MAX } else { parts }, depth)
}

fn measure(value: &Value, level: u64, (parts, walked): (&mut u64, &mut u64)) -> u64 {
    let mut add = |more: u64| *parts = parts.saturating_add(more);
    if let Some(text) = value.as_str() {
        add(1 + text.len() as u64 / 16);
        return 0;
    }
    let list = value.downcast_object_ref::<PyList>().map(PyList::extent);
    if let Some(extent) = list.or_else(|| value.downcast_object_ref::<PyDict>().map(PyDict::extent)) {
        let (more, depth) = extent.told();
        add(more);
        return depth;
    }
    add(1);
    if value.kind() != ValueKind::Seq || !value.is_tuple() {
        return 0;
    }
    *walked += 1;
    if level > DEEPEST || *walked > FARTHEST {
        return DEEPEST;
    }
    let items = value.try_iter().into_iter().flatten();
    items.fold(0, |depth, item| depth.max(measure(&item, level + 1, (&mut *parts, &mut *walked)) + 1))
}
