//! A dict that is made when a template first looks at it: `model`, `graph`, the `node` of a result.

use crate::jinja::value::Outcome;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Behaves as the dict that `make` gives; costs nothing until it is used.
pub struct LazyDict {
    make: Make,
    /// What `to_dict()` gives: plain values all the way down. Only objects of dbt's have that method.
    plain: Option<Make>,
    made: OnceLock<Value>,
}

type Make = Box<dyn Fn() -> Value + Send + Sync>;

impl LazyDict {
    /// A dict to be made on first use.
    pub fn value(make: impl Fn() -> Value + Send + Sync + 'static) -> Value {
        Value::from_object(LazyDict { make: Box::new(make), plain: None, made: OnceLock::new() })
    }

    /// As [`LazyDict::value`], for what is an object in dbt and becomes a dict by `to_dict()`.
    pub fn record(
        make: impl Fn() -> Value + Send + Sync + 'static,
        plain: impl Fn() -> Value + Send + Sync + 'static,
    ) -> Value {
        let (make, plain): (Make, Make) = (Box::new(make), Box::new(plain));
        Value::from_object(LazyDict { make, plain: Some(plain), made: OnceLock::new() })
    }

    fn inner(&self) -> &Value {
        self.made.get_or_init(|| (self.make)())
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
        self.inner().get_item_opt(key)
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

/// Reading a key without an error where there is none.
trait GetItem {
    fn get_item_opt(&self, key: &Value) -> Option<Value>;
}

impl GetItem for Value {
    fn get_item_opt(&self, key: &Value) -> Option<Value> {
        self.as_object()?.get_value(key)
    }
}
