//! `var(...)`: a callable that knows the package of the node that asks. A var whose text is Jinja is
//! rendered with all that the asking template sees, so that `{{ ref('x') }}` in dbt_project.yml works.

use super::objects::{no_method, none};
use crate::jinja::value::{Args, Outcome, from_json, function};
use crate::jinja::{Value, raise, render_within};
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

    fn read(&self, state: &State<'_, '_>, args: &[Value]) -> Outcome {
        let args = Args::bind("var", &["var_name", "default"], args)?;
        let name = args.text(0)?;
        if let Some(value) = self.vars.get(&self.package, name) {
            return match value.as_str().filter(|text| text.contains('{')) {
                Some(text) => render_within(state, &format!("the var `{name}`"), text),
                None => Ok(from_json(value)),
            };
        }
        match args.get(1) {
            Some(default) => Ok(default.clone()),
            None if self.parsing => Ok(none()),
            None => Err(raise(self.vars.missing(&self.package, name, Some(&self.node)))),
        }
    }
}

/// `render(text)`: a template within a template, as hooks need it.
pub fn render_function() -> Value {
    function("render", |state, args| {
        let args = Args::bind("render", &["string"], args)?;
        render_within(state, "the text given to `render`", &args.need(0)?.to_string())
    })
}

impl Object for VarObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        self.read(state, args)
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
