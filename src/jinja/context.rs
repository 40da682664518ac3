//! What one render sees: the macros of its package, then the values of its node.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use minijinja::State;
use minijinja::value::{Enumerator, Object, Value};

use super::engine::Shared;
use super::error::{Frame, raise};
use super::macro_::{Nothing, Render};
use super::namespace::Table;
use super::value::{Outcome, split_args};
use crate::error::{Error, ErrorKind};

/// How many renders may be within one another: a var whose text reads a var, and so on.
const MAX_WITHIN: usize = 24;

/// What a template of a node sees. Made once per node (and phase), rendered with as often as needed.
///
/// A name is looked up among the macros of the package, then the node's own values, then the
/// values shared by many nodes, then the pure functions. Values do not change while a template is
/// rendered, but for what it puts into `context` itself; what must (a store of results) is an object with
/// an inner state.
#[derive(Debug, Default)]
pub struct Context {
    package: String,
    values: Table,
    base: Arc<HashMap<String, Value>>,
    overrides: Table,
    lenient: bool,
    forgiving: bool,
    moments: &'static [&'static str],
    moment: Arc<AtomicBool>,
    stop: Option<Arc<AtomicBool>>,
    /// What templates put into `context` themselves.
    added: OnceLock<Mutex<Table>>,
    called: Mutex<Vec<String>>,
    of_undefined: Mutex<Vec<String>>,
}

impl Context {
    /// A context that sees the macros as a file of `package` does.
    pub fn new(package: impl Into<String>) -> Context {
        Context { package: package.into(), ..Context::default() }
    }

    /// The same values as a file of another package sees them, with its macros.
    pub fn seen_from(&self, package: &str) -> Context {
        Context {
            package: package.to_string(),
            values: self.values.clone(),
            base: self.base.clone(),
            overrides: self.overrides.clone(),
            moment: self.moment.clone(),
            stop: self.stop.clone(),
            ..Context { lenient: self.lenient, moments: self.moments, ..Context::default() }
        }
    }

    /// The same values; calls of what is not there give nothing, and are no errors.
    pub fn forgiving(&self) -> Context {
        Context { forgiving: true, ..self.seen_from(&self.package) }
    }

    /// Adds a value of the node: `this`, `model`, `ref`, ...
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Context {
        self.values.insert(name.into(), value.into());
        self
    }

    /// Gives the values that many nodes share. They come after the node's own.
    pub fn base(mut self, values: Arc<HashMap<String, Value>>) -> Context {
        self.base = values;
        self
    }

    /// Replaces what a call of a macro gives, by the macro's unique id. For unit tests.
    pub fn override_macro(mut self, unique_id: impl Into<String>, value: impl Into<Value>) -> Context {
        self.overrides.insert(unique_id.into(), value.into());
        self
    }

    /// Attributes and method calls of undefined values are undefined again, not errors. dbt parses
    /// models this way; it compiles and runs them without.
    pub fn lenient(mut self) -> Context {
        self.lenient = true;
        self
    }

    /// Sets the flag when a template reads what is another at each moment: one of these shared values, the time
    /// of day, a random number.
    pub fn watch(mut self, moments: &'static [&'static str], flag: Arc<AtomicBool>) -> Context {
        (self.moments, self.moment) = (moments, flag);
        self
    }

    /// A flag that, once set, ends the render with [`ErrorKind::Interrupted`] at the next macro
    /// call or loop.
    pub fn stop_flag(mut self, flag: Arc<AtomicBool>) -> Context {
        self.stop = Some(flag);
        self
    }

    /// The package whose macros come first.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// A value of the node, or a shared one.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let of_node = self.values.get(name);
        if of_node.is_none() && self.moments.contains(&name) {
            self.note_moment();
        }
        of_node.or_else(|| self.base.get(name))
    }

    /// What a template put into `context` under a name.
    fn added(&self, name: &str) -> Option<Value> {
        let added = self.added.get()?.lock().unwrap_or_else(PoisonError::into_inner);
        added.get(name).cloned()
    }

    /// `context.update({..})`: the names are there for all that this context renders from now on.
    fn add(&self, name: &str, value: Value) {
        let added = self.added.get_or_init(Mutex::default);
        added.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_string(), value);
    }

    /// Unique ids of the macros that templates called directly (not those that macros called), in
    /// the order of their first calls: dbt's `depends_on.macros` of a node.
    pub fn called_macros(&self) -> Vec<String> {
        self.called.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn is_lenient(&self) -> bool {
        self.lenient
    }

    pub(crate) fn is_forgiving(&self) -> bool {
        self.forgiving
    }

    pub(crate) fn overridden(&self, unique_id: &str) -> Option<Value> {
        if self.overrides.is_empty() { None } else { self.overrides.get(unique_id).cloned() }
    }

    pub(crate) fn note_call(&self, unique_id: &str) {
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        if !called.iter().any(|known| known == unique_id) {
            called.push(unique_id.to_string());
        }
    }

    /// A method was called of a value that is not there.
    pub(crate) fn note_undefined(&self, method: &str) {
        let mut methods = self.of_undefined.lock().unwrap_or_else(PoisonError::into_inner);
        methods.push(method.to_string());
    }

    /// The methods that were called of values that are not there; forgotten by asking.
    pub(crate) fn take_undefined(&self) -> Vec<String> {
        std::mem::take(&mut *self.of_undefined.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The template read what is another at each moment.
    pub(crate) fn note_moment(&self) {
        self.moment.store(true, Ordering::Relaxed);
    }

    pub(crate) fn check_stop(&self) -> Result<(), minijinja::Error> {
        match &self.stop {
            Some(flag) if flag.load(Ordering::Relaxed) => {
                Err(raise(Error::new(ErrorKind::Interrupted, "the run was interrupted")))
            }
            _ => Ok(()),
        }
    }
}

/// The context of the render that a function is called from.
pub fn context_of(state: &State<'_, '_>) -> Option<Arc<Context>> {
    Some(root_of(state)?.context.clone())
}

/// Notes that the render that a function is called from depends on the moment.
pub(crate) fn note_moment(state: &State<'_, '_>) {
    if let Some(root) = root_of(state) {
        root.context.note_moment();
    }
}

/// The root of the render that a function is called from.
pub(crate) fn root_of(state: &State<'_, '_>) -> Option<Arc<Root>> {
    match state.get_extension::<Render>() {
        Some(render) => Some(render.root()),
        None => state.lookup(Root::NAME)?.downcast_object::<Root>(),
    }
}

/// The root of one render: how names are found, and the chain of macros at fault.
#[derive(Debug)]
pub(crate) struct Root {
    pub context: Arc<Context>,
    pub shared: Arc<Shared>,
    names: Arc<Table>,
    trace: Mutex<Vec<Frame>>,
    /// How many renders this one is within.
    depth: usize,
}

impl Root {
    /// The name under which a root finds itself.
    pub const NAME: &'static str = "__karat_root";

    pub fn new(context: &Arc<Context>, shared: &Arc<Shared>) -> Arc<Root> {
        let names = shared.namespaces.seen_from(&context.package);
        Arc::new(Root {
            context: context.clone(),
            shared: shared.clone(),
            names,
            trace: Mutex::new(Vec::new()),
            depth: 0,
        })
    }

    /// The root of a render within this one; none where there are too many already.
    pub fn within(&self) -> Option<Arc<Root>> {
        let depth = self.depth + 1;
        let (context, shared, names) = (self.context.clone(), self.shared.clone(), self.names.clone());
        let root = Root { context, shared, names, trace: Mutex::new(Vec::new()), depth };
        (depth <= MAX_WITHIN).then(|| Arc::new(root))
    }

    /// Does the name mean anything to this render?
    pub fn is_known(&self, name: &str) -> bool {
        self.find(name, true).is_some() || matches!(name, "context" | "builtins" | "loop" | "caller" | "self")
    }

    /// Notes that an error left a macro. An error that was caught on its way is forgotten.
    pub fn note_fault(&self, frame: Frame) {
        let mut trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        if trace.last().is_some_and(|last| last.depth != frame.depth + 1) {
            trace.clear();
        }
        trace.push(frame);
    }

    /// The macros that the error went through, innermost first.
    pub fn take_trace(&self) -> Vec<Frame> {
        std::mem::take(&mut *self.trace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All that a name can mean but for the template's own variables.
    fn find(&self, name: &str, with_macros: bool) -> Option<Value> {
        let found = if with_macros { self.names.get(name) } else { None };
        let known = || found.or_else(|| self.context.get(name)).or_else(|| self.shared.globals.get(name));
        self.context.added(name).or_else(|| known().cloned())
    }

    /// All names that a template may use, for suggestions.
    pub fn known_names(&self) -> Vec<String> {
        self.all_names(true).iter().map(Value::to_string).collect()
    }

    fn all_names(&self, with_macros: bool) -> Vec<Value> {
        let macros = with_macros.then(|| self.names.keys()).into_iter().flatten();
        let values = self.context.values.keys().chain(self.context.base.keys());
        let globals = self.shared.globals.keys().filter(|name| !name.starts_with("__karat_"));
        let mut names: Vec<&String> = macros.chain(values).chain(globals).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| Value::from(name.as_str())).collect()
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        if name.starts_with("__karat_") {
            return (name == Root::NAME).then(|| Value::from_dyn_object(self.clone()));
        }
        if let Some(value) = self.context.added(name) {
            return Some(value);
        }
        if let Some(value) = self.names.get(name).or_else(|| self.context.get(name)) {
            return Some(value.clone());
        }
        match name {
            "context" => Some(Value::from_object(View { root: self.clone(), with_macros: true })),
            "builtins" => Some(Value::from_object(View { root: self.clone(), with_macros: false })),
            _ if self.context.forgiving && !self.shared.globals.contains_key(name) => {
                Some(Value::from_object(Nothing))
            }
            _ => None,
        }
    }
}

/// `context` (all names) and `builtins` (all but the macros), as dicts.
#[derive(Debug)]
struct View {
    root: Arc<Root>,
    with_macros: bool,
}

impl View {
    /// dbt's `context` is the dict of all names itself, so packages keep things in it between macros.
    fn update(&self, args: &[Value]) -> Outcome {
        let (positional, named) = split_args(args)?;
        if let Some(given) = positional.first() {
            for key in given.try_iter()? {
                let value = given.get_item(&key)?;
                self.root.context.add(&key.to_string(), value);
            }
        }
        named.into_iter().for_each(|(name, value)| self.root.context.add(&name, value));
        Ok(Value::from(()))
    }
}

impl Object for View {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        let own = || match name {
            "context" | "builtins" => self.root.get_value_by_str(name),
            _ => None,
        };
        self.root.find(name, self.with_macros).or_else(own)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.root.all_names(self.with_macros))
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        if method == "get" {
            let (positional, _) = split_args(args)?;
            let name = positional.first().and_then(|name| name.as_str().map(str::to_string));
            let found = name.and_then(|name| self.get_value_by_str(&name));
            return Ok(found.or_else(|| positional.get(1).cloned()).unwrap_or(Value::from(())));
        }
        if method == "update" {
            return self.update(args);
        }
        match self.get_value_by_str(method) {
            Some(function) => function.call(state, args),
            None => Err(minijinja::Error::from(minijinja::ErrorKind::UnknownMethod)),
        }
    }
}
