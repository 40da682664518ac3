//! A dict that is made when a template first looks at it: `model`, `graph`, the `node` of a result. What is
//! asked of it most can be told without making it.

use crate::jinja::value::Outcome;
use crate::manifest::{Node, NodeKind};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Behaves as the dict that `make` gives; costs nothing until it is used.
pub struct LazyDict {
    make: Make,
    /// What `to_dict()` gives: plain values all the way down. Only objects of dbt's have that method.
    plain: Option<Make>,
    of_node: Option<Arc<Node>>,
    made: OnceLock<Value>,
}

type Make = Box<dyn Fn() -> Value + Send + Sync>;

impl LazyDict {
    /// A dict to be made on first use.
    pub fn value(make: impl Fn() -> Value + Send + Sync + 'static) -> Value {
        LazyDict { make: Box::new(make), plain: None, of_node: None, made: OnceLock::new() }.into()
    }

    /// As [`LazyDict::value`], of a node: its names are told without making the dict of it all.
    pub fn of_node(node: Arc<Node>, make: impl Fn() -> Value + Send + Sync + 'static) -> Value {
        LazyDict { make: Box::new(make), plain: None, of_node: Some(node), made: OnceLock::new() }.into()
    }

    /// As [`LazyDict::value`], for what is an object in dbt and becomes a dict by `to_dict()`.
    pub fn record(
        make: impl Fn() -> Value + Send + Sync + 'static,
        plain: impl Fn() -> Value + Send + Sync + 'static,
    ) -> Value {
        LazyDict { make: Box::new(make), plain: Some(Box::new(plain)), of_node: None, made: OnceLock::new() }
            .into()
    }

    fn inner(&self) -> &Value {
        self.made.get_or_init(|| (self.make)())
    }
}

impl From<LazyDict> for Value {
    fn from(dict: LazyDict) -> Value {
        Value::from_object(dict)
    }
}

impl fmt::Debug for LazyDict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.inner())
    }
}

impl Object for LazyDict {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let node = self.of_node.as_ref().filter(|_| self.made.get().is_none());
        match node.map_or(Told::Unknown, |node| told(node, key)) {
            Told::Value(value) => Some(value),
            Told::Absent => None,
            Told::Unknown => self.inner().as_object()?.get_value_by_str(key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match self.inner().try_iter() {
            Ok(keys) => Enumerator::Values(keys.collect()),
            Err(_) => Enumerator::NonEnumerable,
        }
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        if let ("to_dict", Some(plain)) = (method, &self.plain) {
            return Ok(plain());
        }
        match self.inner().call_method(state, method, args) {
            Err(error) if error.kind() == ErrorKind::UnknownMethod => {
                let detail = format!("'dict object' has no attribute '{method}'");
                Err(Error::new(ErrorKind::UnknownMethod, detail))
            }
            outcome => outcome,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.inner(), f)
    }
}

/// What can be said of a key without making the dict.
enum Told {
    Value(Value),
    /// The node has no such key.
    Absent,
    Unknown,
}

/// What names a node and tells where it is from.
fn told(node: &Node, key: &str) -> Told {
    let text = match key {
        "name" => &node.name,
        "alias" => &node.alias,
        "schema" => &node.schema,
        "package_name" => &node.package_name,
        "path" => &node.path,
        "original_file_path" => &node.original_file_path,
        "unique_id" => node.unique_id.as_str(),
        "resource_type" => node.resource_type.as_str(),
        "database" => return Told::Value(Value::from(node.database.clone())),
        "version" => return unversioned(node),
        _ => return Told::Unknown,
    };
    Told::Value(Value::from(text))
}

/// Only models have versions.
fn unversioned(node: &Node) -> Told {
    match node.kind {
        NodeKind::Model { version: None, .. } => Told::Value(Value::from(())),
        NodeKind::Model { .. } => Told::Unknown,
        _ => Told::Absent,
    }
}
