//! Macros as values: binding of arguments as Jinja2 does it, and `return`.
//!
//! A macro object holds no state and is shared by all threads. When it is called, its native
//! macro is imported into the state of the render (once per render) and called there, so that
//! `caller()` works and free names are those of the node, not of the macro's file.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::State;
use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value};

use super::blocks::MacroSource;
use super::context::Root;
use super::desugar::{CallSite, NATIVE_NAME, Parameter, Uses};
use super::error::{Frame, passed_on, raise};
use super::value::{Outcome, dict, split_args, tuple, type_error, value_error};
use crate::error::Error;

/// One macro, ready to be called.
pub struct DbtMacro {
    index: usize,
    unique_id: String,
    source: MacroSource,
    parameters: Vec<Parameter>,
    uses: Uses,
    calls: Vec<CallSite>,
}

/// A macro that was looked up.
pub type MacroRef = Arc<DbtMacro>;

impl DbtMacro {
    pub(crate) fn new(
        index: usize,
        source: MacroSource,
        (parameters, uses): (Vec<Parameter>, Uses),
        calls: Vec<CallSite>,
    ) -> DbtMacro {
        let unique_id = format!("macro.{}.{}", source.package, source.name);
        DbtMacro { index, unique_id, source, parameters, uses, calls }
    }

    /// `macro.package.name`
    pub fn unique_id(&self) -> &str {
        &self.unique_id
    }

    /// The block that it was made of.
    pub fn source(&self) -> &MacroSource {
        &self.source
    }

    /// Its parameters: name and written type.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.parameters.iter().map(|p| (p.name.as_str(), p.annotation.as_deref()))
    }

    pub(crate) fn calls(&self) -> &[CallSite] {
        &self.calls
    }

    /// Imports the native macro into this render.
    fn import(&self, state: &mut State<'_, '_>) -> Outcome {
        let import = Render::of(state)?.import.clone();
        let import = import.ok_or_else(|| raise(Error::internal("the render was not begun")))?;
        import.call(state, &[Value::from(self.unique_id.as_str())])?;
        let module = Render::of(state)?.stash.take().unwrap_or_default();
        let native = module.get_attr(NATIVE_NAME)?;
        Render::of(state)?.loaded.insert(self.index, native.clone());
        Ok(native)
    }

    /// Arguments in the order of the native macro's parameters, bound as Jinja2 binds them.
    fn bind(&self, missing: &Value, args: &[Value]) -> Result<Vec<Value>, minijinja::Error> {
        let plain = args.len() <= self.parameters.len() && !args.last().is_some_and(Value::is_kwargs);
        if !plain || self.uses.varargs || self.uses.kwargs {
            return self.bind_all(missing, args);
        }
        let mut bound = Vec::with_capacity(self.parameters.len());
        bound.extend_from_slice(args);
        bound.extend(self.parameters[args.len()..].iter().map(|parameter| parameter.absent(missing)));
        Ok(bound)
    }

    /// [`bind`](DbtMacro::bind) where arguments are named, or more than the parameters.
    fn bind_all(&self, missing: &Value, args: &[Value]) -> Result<Vec<Value>, minijinja::Error> {
        let (positional, mut named) = split_args(args)?;
        let count = self.parameters.len();
        let mut bound: Vec<Value> = positional.iter().take(count).cloned().collect();
        for parameter in &self.parameters[bound.len()..] {
            let given = named.shift_remove(&parameter.name);
            bound.push(given.unwrap_or_else(|| parameter.absent(missing)));
        }
        let caller = if self.uses.caller { named.shift_remove("caller") } else { None };
        self.check_surplus(&positional, &named)?;
        if self.uses.varargs {
            bound.push(tuple(positional.into_iter().skip(count).collect()));
        }
        if self.uses.kwargs {
            bound.push(dict(named.into_iter().map(|(name, value)| (Value::from(name), value)).collect()));
        }
        bound.extend(caller.map(|caller| Value::from(Kwargs::from_iter([("caller", caller)]))));
        Ok(bound)
    }

    /// What is left over is an error, unless the body takes it as `varargs` or `kwargs`.
    fn check_surplus(
        &self,
        positional: &[Value],
        named: &IndexMap<String, Value>,
    ) -> Result<(), minijinja::Error> {
        let (name, count) = (&self.source.name, self.parameters.len());
        if let (false, Some(first)) = (self.uses.kwargs, named.keys().next()) {
            return Err(self.refuse(if named.contains_key("caller") {
                format!(
                    "macro 'dbt_macro__{name}' was invoked with two values for the special caller argument. \
                     This is most likely a bug."
                )
            } else {
                format!("macro 'dbt_macro__{name}' takes no keyword argument '{first}'")
            }));
        }
        if !self.uses.varargs && positional.len() > count {
            return Err(
                self.refuse(format!("macro 'dbt_macro__{name}' takes not more than {count} argument(s)"))
            );
        }
        Ok(())
    }

    fn refuse(&self, message: String) -> minijinja::Error {
        let names: Vec<&str> = self.parameters.iter().map(|p| p.name.as_str()).collect();
        let help =
            format!("`{}` is defined as `{}({})`", self.source.name, self.source.name, names.join(", "));
        raise(Error::compilation(message).help(help))
    }

    fn run(&self, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        let render = Render::of(state)?;
        let (root, depth, loaded) = (render.root(), render.depth, render.loaded.get(&self.index).cloned());
        root.context.check_stop()?;
        if depth == 0 {
            root.context.note_call(&self.unique_id);
        }
        if let Some(value) = root.context.overridden(&self.unique_id) {
            return Ok(value);
        }
        let bound = self.bind(&root.shared.missing, args)?;
        let native = loaded.map_or_else(|| self.import(state), Ok)?;
        Render::of(state)?.depth = depth + 1;
        let result = native.call(state, &bound);
        Render::of(state)?.depth = depth;
        result.or_else(|error| match returned(&error) {
            Some(value) => Ok(value),
            None => {
                root.note_fault(Frame { depth, index: self.index });
                Err(passed_on(error))
            }
        })
    }
}

impl Parameter {
    /// What stands for it where it is not given.
    fn absent(&self, missing: &Value) -> Value {
        if self.has_default() { missing.clone() } else { Value::UNDEFINED }
    }
}

impl fmt::Debug for DbtMacro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<macro {}.{}>", self.source.package, self.source.name)
    }
}

impl Object for DbtMacro {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        self.run(state, args)
    }
}

/// What is kept for the time of one render, in minijinja's state.
#[derive(Debug)]
pub(crate) struct Render {
    root: Arc<Root>,
    /// The function of the prelude that imports a macro's template.
    import: Option<Value>,
    /// The module that was imported last.
    stash: Option<Value>,
    /// The native macros imported so far, by the index of their macro.
    loaded: HashMap<usize, Value, foldhash::fast::RandomState>,
    /// How many macros are being called.
    depth: usize,
    /// The values printed so far, in native renders.
    pub emitted: Vec<(Value, String)>,
    /// How much text was printed.
    written: usize,
}

/// More text than this no template prints.
const MOST_WRITTEN: usize = 300_000_000;

impl Render {
    /// Counts text that is printed.
    ///
    /// # Errors
    /// It is too much.
    pub fn wrote(&mut self, length: usize) -> Result<(), minijinja::Error> {
        self.written = self.written.saturating_add(length);
        match self.written > MOST_WRITTEN {
            true => Err(value_error("the template prints more than 300 MB")),
            false => Ok(()),
        }
    }

    /// The render that a state belongs to.
    pub fn of<'a>(state: &'a mut State<'_, '_>) -> Result<&'a mut Render, minijinja::Error> {
        let begun = state.get_extension::<Render>().is_some();
        let root = match begun {
            true => None,
            false => state.lookup(Root::NAME).and_then(|value| value.downcast_object::<Root>()),
        };
        if let Some(root) = root {
            let fresh = Render {
                root,
                import: None,
                stash: None,
                loaded: HashMap::default(),
                depth: 0,
                emitted: Vec::new(),
                written: 0,
            };
            return Ok(state.get_or_insert_extension(fresh));
        }
        let missing = || raise(Error::internal("a macro was called outside of a render"));
        state.get_extension_mut::<Render>().ok_or_else(missing)
    }

    pub fn root(&self) -> Arc<Root> {
        self.root.clone()
    }

    /// `__karat_boot(import)`
    pub fn boot(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        Render::of(state)?.import = args.first().cloned();
        Ok(Value::from(""))
    }

    /// `__karat_stash(module)`
    pub fn stash(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        Render::of(state)?.stash = args.first().cloned();
        Ok(Value::from(""))
    }

    /// `__karat_emit(value, marker)`
    pub fn emit(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        let value = args.first().cloned().unwrap_or_default();
        let marker = args.get(1).and_then(|marker| marker.as_str()).unwrap_or("").to_string();
        Render::of(state)?.emitted.push((value.clone(), marker));
        Ok(value)
    }
}

/// The value that stands for an argument that was left out and has a default.
#[derive(Debug)]
pub(crate) struct Missing;

impl Object for Missing {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// What is not there, where that is forgiven: its attributes, items and calls are nothing again.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Object for Nothing {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Value::from_dyn_object(self.clone()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Empty
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Outcome {
        Ok(Value::from_dyn_object(self.clone()))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, _: &str, _: &[Value]) -> Outcome {
        Ok(Value::from_dyn_object(self.clone()))
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// `return(value)` on its way out of a macro.
#[derive(Debug)]
pub(crate) struct MacroReturn(Value);

impl fmt::Display for MacroReturn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`return` was called outside of a macro")
    }
}

impl std::error::Error for MacroReturn {}

/// `return(value)`: ends the macro that is being called, from within loops, set blocks and call
/// bodies too.
pub(crate) fn return_value(_: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let (positional, named) = split_args(args)?;
    let value = positional.into_iter().next().or_else(|| named.get("data").cloned());
    let Some(value) = value else {
        return Err(type_error("return() missing 1 required positional argument: 'data'"));
    };
    let source = MacroReturn(value);
    Err(minijinja::Error::new(
        minijinja::ErrorKind::InvalidOperation,
        "`return` was called outside of a macro",
    )
    .with_source(source))
}

/// The value of a `return`, if that is what this error is.
pub(crate) fn returned(error: &minijinja::Error) -> Option<Value> {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(MacroReturn(value)) = inner.downcast_ref::<MacroReturn>() {
            return Some(value.clone());
        }
        source = inner.source();
    }
    None
}
