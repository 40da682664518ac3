//! Rust functions, and objects with named members, as values.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::Outcome;

type Body = dyn Fn(&mut State<'_, '_>, &[Value]) -> Outcome + Send + Sync;

/// A callable value. `{{ f }}` prints `<function f>`.
pub struct Function {
    name: Cow<'static, str>,
    body: Box<Body>,
}

/// Makes a callable of a closure that takes the raw arguments; split them with
/// [`split_args`](super::split_args) or [`Args`](super::Args).
pub fn function(
    name: impl Into<Cow<'static, str>>,
    body: impl Fn(&mut State<'_, '_>, &[Value]) -> Outcome + Send + Sync + 'static,
) -> Value {
    Value::from_object(Function { name: name.into(), body: Box::new(body) })
}

/// A method as a value: `{{ x.isoformat }}`, which a template may call later or ask after.
pub fn bound(it: Value, name: &str) -> Value {
    let method = name.to_string();
    function(name.to_string(), move |state, args| it.call_method(state, &method, args))
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<function {}>", self.name)
    }
}

impl Object for Function {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        (self.body)(state, args)
    }
}

/// A module or a class: named members, and perhaps a call.
#[derive(Debug)]
struct Members {
    name: &'static str,
    members: IndexMap<&'static str, Value>,
    call: Option<Value>,
}

/// Makes a module or a class of its members. `call` is what happens when the object itself is
/// called (a class's constructor). `{{ it }}` prints `<name>`.
pub fn object_of(
    name: &'static str,
    members: impl IntoIterator<Item = (&'static str, Value)>,
    call: Option<Value>,
) -> Value {
    Value::from_object(Members { name, members: members.into_iter().collect(), call })
}

impl Object for Members {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.members.get(key.as_str()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.members.keys().copied().map(Value::from).collect())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        match &self.call {
            Some(call) => call.call(state, args),
            None => Err(super::type_error("'module' object is not callable")),
        }
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match self.members.get(name) {
            Some(member) => member.call(state, args),
            None => Err(Error::new(
                ErrorKind::UnknownMethod,
                format!("'{}' has no attribute '{name}'", self.name),
            )),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name)
    }
}
