//! `var(...)`: a callable that knows the package of the node that asks.

use super::objects::{no_method, none};
use crate::jinja::value::{Args, Outcome, from_json};
use crate::jinja::{Value, raise};
use crate::project::Vars;
use minijinja::State;
use minijinja::value::{Object, ObjectRepr};
use std::sync::Arc;

/// `var` for a node.
#[derive(Debug)]
pub struct VarObject {
    vars: Vars,
    package: String,
    node: String,
    parsing: bool,
}

impl VarObject {
    /// While parsing, a var that nobody gave is `None` (dbt's rule); later it is an error.
    pub fn value(vars: Vars, package: &str, node: &str, parsing: bool) -> Value {
        let (package, node) = (package.to_string(), node.to_string());
        Value::from_object(VarObject { vars, package, node, parsing })
    }

    fn read(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("var", &["var_name", "default"], args)?;
        let name = args.text(0)?;
        if let Some(value) = self.vars.get(&self.package, name) {
            return Ok(from_json(value));
        }
        match args.get(1) {
            Some(default) => Ok(default.clone()),
            None if self.parsing => Ok(none()),
            None => Err(raise(self.vars.missing(&self.package, name, Some(&self.node)))),
        }
    }
}

impl Object for VarObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        self.read(args)
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        match method {
            "has_var" => {
                let args = Args::bind("has_var", &["var_name"], args)?;
                Ok(Value::from(self.vars.get(&self.package, args.text(0)?).is_some()))
            }
            _ => Err(no_method("Var", method)),
        }
    }
}
