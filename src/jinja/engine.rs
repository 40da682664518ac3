//! The engine: all macros of a project compiled once, and templates rendered with them.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, State, UndefinedBehavior};

use super::blocks::MacroSource;
use super::context::{Context, Root, root_of};
use super::desugar::{self, CallSite, Mode, PRELUDE};
use super::error::{explain, explain_macro, no_attribute, raise, undefined};
use super::macro_::{DbtMacro, MacroRef, Missing, Nothing, Render, return_value, returned};
use super::namespace::{Lookup, Namespaces, Table};
use super::value::{Outcome, function, python_type_name};
use super::{builtins, methods, native, normalize_newlines};
use crate::error::{Error, Location, Result};

/// How deep minijinja may go; a macro call costs about four, so a thousand macros may be nested.
const RECURSION_LIMIT: usize = 4000;
/// Steps of one render, beyond which it counts as endless: minutes of dbt's own Jinja.
const MOST_STEPS: u64 = 200_000_000;

/// The template that holds the prelude alone, for calls without a template.
const BARE: &str = "karat";

/// All macros of a project, ready to render. Cheap to clone: each worker thread takes its own, so
/// that no lock is shared while templates are rendered.
#[derive(Debug, Clone)]
pub struct Engine {
    /// Where an attribute of an undefined value is an error, as dbt compiles and runs.
    strict: Environment<'static>,
    /// Where it is undefined again, as dbt parses.
    lenient: Environment<'static>,
    shared: Arc<Shared>,
}

/// What all clones of an engine and all renders share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub namespaces: Namespaces,
    pub macros: Vec<MacroRef>,
    pub globals: Table,
    pub missing: Value,
    by_id: HashMap<String, usize>,
}

impl Shared {
    pub fn macro_by_id(&self, unique_id: &str) -> Option<&MacroRef> {
        self.by_id.get(unique_id).map(|index| &self.macros[*index])
    }
}

/// What is known of a macro without calling it.
#[derive(Debug, Clone)]
pub struct MacroInfo<'a> {
    /// The macro.
    pub found: &'a MacroRef,
    /// Unique ids of the macros that it calls by name or by literal dispatch.
    pub depends_on: Vec<String>,
}

/// A text that has been read and can be rendered many times.
#[derive(Debug, Clone)]
pub struct Template {
    file: String,
    source: String,
    /// The rewritten text; none if there is no Jinja in the source.
    text: Option<String>,
    /// The calls `package.name(..)` in it.
    of_packages: Vec<(String, String)>,
    origin: (usize, usize),
    mode: Mode,
}

impl Template {
    fn new(file: &str, origin: (usize, usize), source: &str, mode: Mode) -> Result<Template> {
        let mut source = normalize_newlines(source).into_owned();
        let (source_text, of_packages) = (String::new(), Vec::new());
        let mut template =
            Template { file: file.into(), source: source_text, text: None, of_packages, origin, mode };
        if has_jinja(&source) {
            source.truncate(source.strip_suffix('\n').unwrap_or(&source).len());
            let done = desugar::template(&source, mode).map_err(|fault| {
                let lead = format!("{}{}", "\n".repeat(origin.0 - 1), " ".repeat(origin.1 - 1));
                let offset = fault.offset + lead.len();
                super::scan::Fault { offset, ..fault }.locate(file, &(lead + &source))
            })?;
            template.text = Some(done.output.text);
            template.of_packages = done.calls.into_iter().filter_map(CallSite::of_package).collect();
        }
        template.source = source;
        Ok(template)
    }

    /// The file, as it is shown to users.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text as it was written, line ends made `\n`.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The name by which minijinja's errors call it.
    pub(crate) fn name(&self) -> &str {
        &self.file
    }

    pub(crate) fn origin(&self) -> (usize, usize) {
        self.origin
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }
}

/// Whether a text is more than text; dbt leaves all other text as it is, its last line end too.
fn has_jinja(source: &str) -> bool {
    ["{{", "{%", "{#", "}}", "%}", "#}"].iter().any(|mark| source.contains(mark))
}

impl Engine {
    /// Compiles all macros.
    ///
    /// # Errors
    /// Every macro that does not compile and every name given twice, all at once.
    pub fn new(macros: Vec<MacroSource>, lookup: Lookup) -> Result<Engine> {
        let mut env = environment();
        let mut errors = Vec::new();
        let mut made: Vec<MacroRef> = Vec::with_capacity(macros.len());
        for source in macros {
            match compile_macro(&mut env, made.len(), source) {
                Ok(one) => made.push(Arc::new(one)),
                Err(error) => errors.push(error),
            }
        }
        if let Some(error) = Error::all(errors) {
            return Err(error);
        }
        let shared = Arc::new(Shared {
            namespaces: Namespaces::new(lookup, &made)?,
            by_id: made.iter().enumerate().map(|(i, one)| (one.unique_id().to_string(), i)).collect(),
            macros: made,
            globals: env.globals().map(|(name, value)| (name.to_string(), value)).collect(),
            missing: Value::from_object(Missing),
        });
        let mut lenient = env.clone();
        env.set_undefined_behavior(UndefinedBehavior::Lenient);
        lenient.set_undefined_behavior(UndefinedBehavior::Chainable);
        Ok(Engine { strict: env, lenient, shared })
    }

    /// Reads a template: a model, a test, a hook.
    ///
    /// # Errors
    /// Its syntax is wrong; with file, line and column.
    pub fn compile(&self, file: &str, source: &str) -> Result<Template> {
        self.compile_at(file, (1, 1), source)
    }

    /// Reads a template that begins at some line and column of its file, as a snapshot's body does.
    ///
    /// # Errors
    /// As [`compile`](Engine::compile).
    pub fn compile_at(&self, file: &str, origin: (usize, usize), source: &str) -> Result<Template> {
        Template::new(file, (origin.0.max(1), origin.1.max(1)), source, Mode::Text)
    }

    /// Renders a template to text.
    ///
    /// # Errors
    /// Whatever goes wrong, with the place in the template or in the macro where it did, and the
    /// chain of macros.
    pub fn render(&self, template: &Template, context: &Arc<Context>) -> Result<String> {
        let Some(text) = &template.text else { return Ok(template.source.clone()) };
        let root = Root::new(context, &self.shared);
        self.environment(context)
            .render_named_str(template.name(), text, Value::from_dyn_object(root.clone()))
            .map_err(|error| explain(&error, &root, Some(template)))
            .and_then(|rendered| match unknown_package(template, &root) {
                Some(error) => Err(error),
                None => Ok(rendered),
            })
    }

    /// Reads and renders a text.
    ///
    /// # Errors
    /// As [`compile`](Engine::compile) and [`render`](Engine::render).
    pub fn render_str(&self, file: &str, source: &str, context: &Arc<Context>) -> Result<String> {
        self.render(&self.compile(file, source)?, context)
    }

    /// Renders a text that may end with a `return`, as if it were the body of a macro: a query comment.
    ///
    /// # Errors
    /// As [`render_str`](Engine::render_str).
    pub fn render_returning(&self, file: &str, source: &str, context: &Arc<Context>) -> Result<String> {
        let template = self.compile(file, source)?;
        let Some(text) = &template.text else { return Ok(template.source) };
        let root = Root::new(context, &self.shared);
        let seen = Value::from_dyn_object(root.clone());
        let rendered = self.environment(context).render_named_str(template.name(), text, seen);
        rendered.or_else(|error| match returned(&error) {
            Some(value) => Ok(value.to_string()),
            None => Err(explain(&error, &root, Some(&template))),
        })
    }

    /// Renders a text as dbt renders values of YAML: a lone `{{ expression }}` keeps its type, all
    /// else is text; `as_bool`, `as_number`, `as_native` and `as_text` say what it shall be.
    ///
    /// # Errors
    /// As [`render_str`](Engine::render_str); a value that is not of the type that a filter wants.
    pub fn render_native(&self, file: &str, source: &str, context: &Arc<Context>) -> Result<Value> {
        let template = Template::new(file, (1, 1), source, Mode::Native)?;
        let Some(text) = &template.text else { return Ok(Value::from(template.source)) };
        let root = Root::new(context, &self.shared);
        let failed = |error: minijinja::Error| explain(&error, &root, Some(&template));
        let compiled =
            self.environment(context).template_from_named_str(template.name(), text).map_err(failed)?;
        let mut captured = compiled.render_captured(Value::from_dyn_object(root.clone())).map_err(failed)?;
        let text = captured.output().to_string();
        let lone = captured.with_state_mut(|state| {
            let mut emitted = std::mem::take(&mut Render::of(state)?.emitted);
            let last = if emitted.len() == 1 { emitted.pop() } else { None };
            let printed = last.as_ref().map(|(value, _)| state.format(value.clone())).transpose()?;
            Ok(last.filter(|_| printed.as_ref() == Some(&text)))
        });
        match lone.map_err(failed)? {
            Some((value, marker)) => native::typed(value, &text, &marker)
                .map_err(|error| error.or_located(Location::line(file, 1)).with_source(&template.source)),
            None => Ok(Value::from(text)),
        }
    }

    /// Calls a macro as [`call`](Engine::call) does, as a file of its own package sees the names: what the
    /// adapter and the command line do.
    ///
    /// # Errors
    /// As [`render`](Engine::render).
    pub fn call_at_home(
        &self,
        found: &MacroRef,
        context: &Arc<Context>,
        args: (&[Value], &IndexMap<String, Value>),
    ) -> Result<Value> {
        let package = &found.source().package;
        if package == context.package() || self.is_internal(package) {
            return self.call(found, context, args);
        }
        self.call(found, &Arc::new(context.seen_from(package)), args)
    }

    /// Calls a macro without a template around it: a hook, a materialization, `run-operation`.
    ///
    /// # Errors
    /// As [`render`](Engine::render).
    pub fn call(
        &self,
        found: &MacroRef,
        context: &Arc<Context>,
        (args, kwargs): (&[Value], &IndexMap<String, Value>),
    ) -> Result<Value> {
        let root = Root::new(context, &self.shared);
        let failed = |error: minijinja::Error| explain(&error, &root, None);
        let mut all = args.to_vec();
        if !kwargs.is_empty() {
            let named = kwargs.iter().map(|(name, value)| (name.as_str(), value.clone()));
            all.push(Value::from(Kwargs::from_iter(named)));
        }
        let bare = self.environment(context).get_template(BARE).map_err(failed)?;
        let mut captured = bare.render_captured(Value::from_dyn_object(root.clone())).map_err(failed)?;
        let callee = Value::from_dyn_object(found.clone());
        captured.with_state_mut(|state| callee.call(state, &all)).map_err(failed)
    }

    /// Finds a macro. With a package, in that package alone (`dbt` means all that come with
    /// karat). Without: in `from_package`, the root project, the internal packages, any other.
    pub fn find_macro(&self, name: &str, package: Option<&str>, from_package: &str) -> Option<MacroRef> {
        self.shared.namespaces.find(name, package, from_package).cloned()
    }

    /// Finds the macro that the adapter or the command line calls by its name: with a package, in
    /// that package alone. Without: in the root project, an imported package, the internal ones.
    pub fn macro_called_outside(&self, name: &str, package: Option<&str>) -> Option<MacroRef> {
        self.shared.namespaces.find_outside(name, package).cloned()
    }

    /// Does this package come with karat?
    pub fn is_internal(&self, package: &str) -> bool {
        self.shared.namespaces.is_internal(package)
    }

    /// Finds the macro that `adapter.dispatch(name, namespace)` means, seen from a package.
    ///
    /// # Errors
    /// There is none.
    pub fn dispatch(&self, name: &str, namespace: Option<&str>, from_package: &str) -> Result<MacroRef> {
        self.shared.namespaces.dispatch(name, namespace, from_package).cloned()
    }

    /// Finds a materialization: the adapter's own before the default one, and for each of them the
    /// root project before imported packages before the internal ones. Imported packages may
    /// replace a built-in one only where `packages_override` says so.
    pub fn materialization(&self, name: &str, packages_override: bool) -> Option<MacroRef> {
        self.shared.namespaces.materialization(name, packages_override).cloned()
    }

    /// Does a materialization of this name come with karat?
    pub fn has_built_in_materialization(&self, name: &str) -> bool {
        self.shared.namespaces.has_built_in(name)
    }

    /// A macro by its unique id.
    pub fn macro_by_id(&self, unique_id: &str) -> Option<&MacroRef> {
        self.shared.macro_by_id(unique_id)
    }

    /// All macros, in the order in which they were given.
    pub fn macros(&self) -> impl Iterator<Item = MacroInfo<'_>> {
        let namespaces = &self.shared.namespaces;
        self.shared.macros.iter().map(|found| MacroInfo { found, depends_on: namespaces.dependencies(found) })
    }

    fn environment(&self, context: &Context) -> &Environment<'static> {
        if context.is_lenient() { &self.lenient } else { &self.strict }
    }
}

/// Renders a text with all that the calling template sees: a var that holds Jinja, `render(text)`.
/// `name` stands for its file in errors.
///
/// # Errors
/// As [`Engine::render_str`]; it is within itself.
pub fn render_within(state: &State<'_, '_>, name: &str, source: &str) -> Outcome {
    let template = Template::new(name, (1, 1), source, Mode::Text).map_err(raise)?;
    let Some(text) = &template.text else { return Ok(Value::from(template.source)) };
    let outer = root_of(state)
        .ok_or_else(|| raise(Error::internal("a text was to be rendered outside of a render")))?;
    let root = outer.within().ok_or_else(|| {
        let message = format!("{name} never ends: its text leads to itself");
        raise(Error::compilation(message).help("look at what it calls between `{{` and `}}`"))
    })?;
    state
        .env()
        .render_named_str(template.name(), text, Value::from_dyn_object(root.clone()))
        .map(Value::from)
        .map_err(|error| raise(explain(&error, &root, Some(&template))))
}

/// Rewrites one macro and hands it to minijinja under its unique id.
fn compile_macro(env: &mut Environment<'static>, index: usize, source: MacroSource) -> Result<DbtMacro> {
    let done = desugar::macro_block(&source.text, source.line).map_err(|fault| {
        let lead = format!("{}{}", "\n".repeat(source.line - 1), " ".repeat(source.column - 1));
        let eaten = source.text.len() - source.text.trim_start().len();
        let offset = fault.offset + lead.len() - eaten;
        super::scan::Fault { offset, ..fault }.locate(&source.file, &(lead + source.text.trim_start()))
    })?;
    let one = DbtMacro::new(index, source, (done.parameters, done.uses), done.calls);
    env.add_template_owned(one.unique_id().to_string(), done.output.text)
        .map_err(|error| explain_macro(&error, one.source()))?;
    Ok(one)
}

/// A package that was called and is not there. In the lenient mode such a call gives nothing, as any
/// method of an undefined value does; a name that the template uses for nothing but calls can be no
/// variable of its own, so it was meant as a package.
fn unknown_package(template: &Template, root: &Root) -> Option<Error> {
    let called = root.context.take_undefined();
    let (package, name) = template.of_packages.iter().find(|(package, name)| {
        called.contains(name) && !root.is_known(package) && only_called(template.source(), package)
    })?;
    let at = template.source().find(&format!("{package}.{name}"))?;
    let before = &template.source()[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let (first, start) = template.origin();
    let column = if line == 1 { column + start - 1 } else { column };
    let lead = "\n".repeat(first - 1);
    Some(
        undefined(&format!("'{package}' is undefined"))
            .at(template.file(), line + first - 1, column)
            .with_source(&(lead + template.source()))
            .help(format!("add the package `{package}` to packages.yml and run `karat deps`")),
    )
}

/// Does a dot follow the name wherever it stands?
fn only_called(source: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    source.match_indices(name).all(|(at, _)| {
        let inside = source[..at].chars().next_back().is_some_and(|c| word(c) || c == '.');
        let after = source[at + name.len()..].chars().next();
        inside || after == Some('.') || after.is_some_and(word)
    })
}

/// minijinja as dbt's Jinja needs it.
fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    builtins::register(&mut env);
    env.set_unknown_method_callback(call_method);
    env.set_debug(false);
    env.set_recursion_limit(RECURSION_LIMIT);
    env.set_fuel(Some(MOST_STEPS));
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        env.set_syntax(syntax);
    }
    env.add_test("__karat_missing", |value: &Value| value.downcast_object_ref::<Missing>().is_some());
    // To text these say nothing; native renders read them where they are written.
    for name in ["as_text", "as_bool", "as_number", "as_native"] {
        env.add_filter(name, |value: Value| value);
    }
    env.add_global("return", function("return", return_value));
    env.add_global("__karat_boot", function("__karat_boot", Render::boot));
    env.add_global("__karat_stash", function("__karat_stash", Render::stash));
    env.add_global("__karat_emit", function("__karat_emit", Render::emit));
    let iterable = env.globals().find(|(name, _)| *name == "__karat_iter").map(|(_, value)| value);
    if let Some(iterable) = iterable {
        env.add_global("__karat_iter", stoppable(iterable));
    }
    // The prelude is text of ours: it compiles.
    let _ = env.add_template_owned(BARE, PRELUDE);
    env
}

/// Methods of values that have none of that name themselves. An undefined value has none at all,
/// but where attributes of undefined values are undefined again.
fn call_method(state: &mut State<'_, '_>, value: &Value, name: &str, args: &[Value]) -> Outcome {
    if value.is_undefined() {
        return match state.undefined_behavior() {
            UndefinedBehavior::Chainable => {
                if let Some(root) = root_of(state) {
                    root.context.note_undefined(name);
                }
                Ok(Value::UNDEFINED)
            }
            _ => Err(minijinja::ErrorKind::UndefinedError.into()),
        };
    }
    methods::call(state, value, name, args).or_else(|error| {
        // minijinja goes on to call an attribute of that name (a macro in a dict), if there is one.
        let callable = || value.get_attr(name).is_ok_and(|attribute| !attribute.is_undefined());
        let told = std::error::Error::source(&error).is_some();
        if error.kind() != minijinja::ErrorKind::UnknownMethod || told || callable() {
            return Err(error);
        }
        if root_of(state).is_some_and(|root| root.context.is_forgiving()) {
            return Ok(Value::from_object(Nothing));
        }
        let object =
            if value.is_none() { "None".into() } else { format!("{} object", python_type_name(value)) };
        Err(no_attribute(&object, name))
    })
}

/// Looks at the stop flag before a loop begins.
fn stoppable(inner: Value) -> Value {
    function("__karat_iter", move |state, args| {
        if let Some(root) = root_of(state) {
            root.context.check_stop()?;
        }
        inner.call(state, args)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The real limit takes seconds: here it is a low one.
    #[test]
    fn loops_within_loops_run_out_of_steps() {
        let mut env = environment();
        env.set_fuel(Some(10_000));
        let template = "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}";
        let fault = env.render_str(template, ()).err().map(|fault| fault.kind());
        assert_eq!(fault, Some(minijinja::ErrorKind::OutOfFuel));
        assert_eq!(environment().fuel(), Some(MOST_STEPS));
    }
}
