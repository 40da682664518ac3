//! How names of macros are found: dbt's macro namespace, dispatch, materializations.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::State;
use minijinja::value::{Enumerator, Object, Value};

use super::context::root_of;
use super::desugar::CallSite;
use super::error::{not_found, raise};
use super::macro_::{DbtMacro, MacroRef, Nothing};
use super::value::{Outcome, split_args};
use crate::error::{Error, Result};

/// Names and what they mean. Templates look names up all the time: the hash is a fast one.
pub(crate) type Table = HashMap<String, Value, foldhash::fast::RandomState>;

/// The name under which dbt's own packages are reached.
const GLOBAL: &str = "dbt";

/// How names are looked up.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    /// The root project.
    pub root: String,
    /// The packages that come with karat, lowest first: `["dbt", "dbt_postgres"]`.
    pub internal: Vec<String>,
    /// What dispatch puts before a name, in order: `["postgres", "default"]`.
    pub prefixes: Vec<String>,
    /// `dispatch:` of dbt_project.yml: macro namespace to search order.
    pub dispatch: HashMap<String, Vec<String>>,
}

/// All macros, and the names that each package sees.
#[derive(Debug)]
pub(crate) struct Namespaces {
    lookup: Lookup,
    packages: IndexMap<String, Arc<IndexMap<String, MacroRef>>>,
    /// The internal packages as one.
    global: Arc<IndexMap<String, MacroRef>>,
    seen: HashMap<String, Arc<Table>>,
    /// What a package without macros of its own sees.
    from_elsewhere: Arc<Table>,
}

impl Namespaces {
    /// Sorts macros into packages.
    ///
    /// # Errors
    /// Two macros of one name in one package; all such pairs at once.
    pub fn new(lookup: Lookup, macros: &[MacroRef]) -> Result<Namespaces> {
        let mut packages: IndexMap<String, IndexMap<String, MacroRef>> = IndexMap::new();
        let mut errors = Vec::new();
        for one in macros {
            let package = packages.entry(one.source().package.clone()).or_default();
            if let Some(first) = package.insert(one.source().name.clone(), one.clone()) {
                errors.push(duplicate(&first, one));
            }
        }
        if let Some(error) = Error::all(errors) {
            return Err(error);
        }
        packages.entry(lookup.root.clone()).or_default();
        let internal = lookup.internal.iter().filter_map(|name| packages.get(name));
        let global = internal.flat_map(|all| all.iter().map(|(k, v)| (k.clone(), v.clone()))).collect();
        let packages = packages.into_iter().map(|(name, all)| (name, Arc::new(all))).collect();
        let mut namespaces = Namespaces {
            lookup,
            packages,
            global: Arc::new(global),
            seen: HashMap::new(),
            from_elsewhere: Arc::default(),
        };
        namespaces.merge();
        Ok(namespaces)
    }

    /// Builds what each package sees: internal macros, packages by name, the root's macros, its
    /// own macros; the later hide the earlier.
    fn merge(&mut self) {
        let mut common: Table = values(&self.global).collect();
        common.insert(GLOBAL.into(), Package::value(GLOBAL, &self.global));
        let outside = self.packages.iter().filter(|(name, _)| !self.is_internal(name));
        common.extend(outside.map(|(name, all)| (name.clone(), Package::value(name, all))));
        if let Some(root) = self.packages.get(&self.lookup.root) {
            common.extend(values(root));
        }
        self.from_elsewhere = Arc::new(common);
        let outside = self.packages.iter().filter(|(name, _)| !self.is_internal(name));
        let seen = outside.map(|(name, own)| {
            let names = if *name == self.lookup.root {
                self.from_elsewhere.clone()
            } else {
                Arc::new(
                    self.from_elsewhere
                        .iter()
                        .map(|(k, v)| (k.clone(), v.clone()))
                        .chain(values(own))
                        .collect(),
                )
            };
            (name.clone(), names)
        });
        self.seen = seen.collect();
    }

    /// Is it one of dbt's own packages?
    pub(crate) fn is_internal(&self, package: &str) -> bool {
        self.lookup.internal.iter().any(|name| name == package)
    }

    /// The names that a file of `package` sees.
    pub fn seen_from(&self, package: &str) -> Arc<Table> {
        self.seen.get(package).unwrap_or(&self.from_elsewhere).clone()
    }

    fn in_package(&self, package: &str, name: &str) -> Option<&MacroRef> {
        if package == GLOBAL {
            return self.global.get(name);
        }
        self.packages.get(package)?.get(name)
    }

    /// See [`Engine::find_macro`](super::Engine::find_macro).
    pub fn find(&self, name: &str, package: Option<&str>, from: &str) -> Option<&MacroRef> {
        if let Some(package) = package {
            return self.in_package(package, name);
        }
        self.visible(name, from).or_else(|| self.packages.values().find_map(|all| all.get(name)))
    }

    /// See [`Engine::macro_called_outside`](super::Engine::macro_called_outside).
    pub fn find_outside(&self, name: &str, package: Option<&str>) -> Option<&MacroRef> {
        if let Some(package) = package {
            return self.in_package(package, name);
        }
        self.in_package(&self.lookup.root, name)
            .or_else(|| self.imported().filter_map(|all| all.get(name)).last())
            .or_else(|| self.global.get(name))
    }

    fn imported(&self) -> impl Iterator<Item = &Arc<IndexMap<String, MacroRef>>> {
        self.packages.iter().filter(|(name, _)| !self.is_internal(name)).map(|(_, all)| all)
    }

    /// `adapter.dispatch(name, namespace)` as seen from a package.
    ///
    /// # Errors
    /// A dot in the name, or no such macro under any prefix in any package of the search order.
    pub fn dispatch(&self, name: &str, namespace: Option<&str>, from: &str) -> Result<&MacroRef> {
        if let Some((package, rest)) = name.split_once('.') {
            let message = format!(
                "In adapter.dispatch, got a macro name of \"{name}\", but \".\" is not a valid macro name component"
            );
            let help = format!("write `adapter.dispatch(\"{rest}\", macro_namespace=\"{package}\")`");
            return Err(Error::compilation(message).help(help));
        }
        let mut tried = Vec::new();
        for package in self.search_order(namespace) {
            for prefix in &self.lookup.prefixes {
                let full = format!("{prefix}__{name}");
                let found = match &package {
                    Some(package) => self.in_package(package, &full),
                    None => self.visible(&full, from),
                };
                if let Some(found) = found {
                    return Ok(found);
                }
                tried.push(package.as_ref().map_or(format!("'{full}'"), |p| format!("'{p}.{full}'")));
            }
        }
        Err(Error::compilation(format!(
            "In dispatch: No macro named '{name}' found within namespace: '{}'\n    Searched for: {}",
            namespace.unwrap_or("None"),
            tried.join(", ")
        )))
    }

    /// Where dispatch looks; `None` is all that the calling package sees.
    fn search_order(&self, namespace: Option<&str>) -> Vec<Option<String>> {
        let Some(namespace) = namespace else { return vec![None] };
        match self.lookup.dispatch.get(namespace) {
            Some(order) if !order.is_empty() => order.iter().cloned().map(Some).collect(),
            _ if self.packages.contains_key(namespace) => {
                vec![Some(self.lookup.root.clone()), Some(namespace.to_string())]
            }
            _ => vec![None],
        }
    }

    fn visible(&self, name: &str, from: &str) -> Option<&MacroRef> {
        let local = if self.is_internal(from) { None } else { self.in_package(from, name) };
        local.or_else(|| self.in_package(&self.lookup.root, name)).or_else(|| self.global.get(name))
    }

    /// See [`Engine::materialization`](super::Engine::materialization).
    pub fn materialization(&self, name: &str, packages_override: bool) -> Option<&MacroRef> {
        let core = self.has_built_in(name);
        self.lookup.prefixes.iter().find_map(|prefix| {
            let full = format!("materialization_{name}_{prefix}");
            let imported = || self.imported().find_map(|all| all.get(&full));
            self.in_package(&self.lookup.root, &full)
                .or_else(|| if packages_override || !core { imported() } else { None })
                .or_else(|| self.global.get(&full))
        })
    }

    /// Does a materialization of this name come with karat?
    pub fn has_built_in(&self, name: &str) -> bool {
        let has = |prefix: &String| self.global.contains_key(&format!("materialization_{name}_{prefix}"));
        self.lookup.prefixes.iter().any(has)
    }

    /// Unique ids of the macros that a macro calls by name or by literal dispatch.
    pub fn dependencies(&self, one: &DbtMacro) -> Vec<String> {
        let own = &one.source().package;
        let mut ids: Vec<String> = Vec::new();
        for call in one.calls() {
            let found: Vec<&MacroRef> = match call {
                CallSite::Named { package: None, name } if *name == one.source().name => continue,
                CallSite::Named { package, name } => {
                    self.resolve(package.as_deref().unwrap_or(own), name).into_iter().collect()
                }
                CallSite::Dispatched { name, namespace } => {
                    let named = self.resolve(own, name).filter(|found| found.unique_id() != one.unique_id());
                    let dispatched = self.dispatch(name, namespace.as_deref(), own).ok();
                    named.into_iter().chain(dispatched).collect()
                }
            };
            for id in found.into_iter().map(|m| m.unique_id()) {
                if !ids.iter().any(|known| known == id) {
                    ids.push(id.to_string());
                }
            }
        }
        ids
    }

    /// The static lookup of dbt: the package named (or the caller's own), then the root project,
    /// then other packages, then the internal ones.
    fn resolve(&self, package: &str, name: &str) -> Option<&MacroRef> {
        if matches!(name, "ref" | "source" | "config") {
            return None;
        }
        self.packages
            .get(package)
            .and_then(|all| all.get(name))
            .or_else(|| self.in_package(&self.lookup.root, name))
            .or_else(|| self.imported().filter_map(|all| all.get(name)).last())
            .or_else(|| self.global.get(name))
    }
}

/// Finds the macro that `adapter.dispatch(name, namespace)` means in the render of `state`.
///
/// # Errors
/// No such macro; outside of a render.
pub fn dispatch(state: &State<'_, '_>, name: &str, namespace: Option<&str>) -> Outcome {
    let root =
        root_of(state).ok_or_else(|| raise(Error::internal("dispatch was called outside of a render")))?;
    let namespaces = &root.shared.namespaces;
    let found = namespaces.dispatch(name, namespace, root.context.package()).or_else(|fault| {
        // As in dbt, a generic test of a package finds the macros of that package beside it.
        let called = root.context.called_macros();
        let packages =
            called.iter().rev().filter_map(|id| id.split('.').nth(1)).filter(|_| namespace.is_none());
        packages
            .filter_map(|package| namespaces.dispatch(name, Some(package), package).ok())
            .next()
            .ok_or(fault)
    });
    found.map(|found| Value::from_dyn_object(found.clone())).map_err(raise)
}

/// `adapter.dispatch` with its arguments as a template writes them.
///
/// # Errors
/// As [`dispatch`]; wrong arguments.
pub fn dispatch_call(state: &State<'_, '_>, args: &[Value]) -> Outcome {
    let (positional, named) = split_args(args)?;
    let argument = |index: usize, name: &str| positional.get(index).or_else(|| named.get(name)).cloned();
    if argument(2, "packages").is_some_and(|value| !value.is_none()) {
        let message = "the `packages` argument of adapter.dispatch() is no longer supported";
        return Err(raise(Error::compilation(message).help("use `macro_namespace` instead")));
    }
    let name = argument(0, "macro_name").unwrap_or_default();
    let namespace = argument(1, "macro_namespace").filter(|value| !value.is_none() && !value.is_undefined());
    match (name.as_str(), &namespace) {
        (Some(name), None) => dispatch(state, name, None),
        (Some(name), Some(namespace)) if namespace.as_str().is_some() => {
            dispatch(state, name, namespace.as_str())
        }
        _ => Err(raise(Error::compilation(
            "adapter.dispatch() takes the name of a macro and, if need be, the name of a package",
        ))),
    }
}

fn values(all: &Arc<IndexMap<String, MacroRef>>) -> impl Iterator<Item = (String, Value)> + '_ {
    all.iter().map(|(name, one)| (name.clone(), Value::from_dyn_object(one.clone())))
}

fn duplicate(first: &MacroRef, second: &MacroRef) -> Error {
    let (name, package) = (&second.source().name, &second.source().package);
    let place = second.source();
    Error::compilation(format!("dbt found multiple macros named \"{name}\" in the project \"{package}\""))
        .at(&place.file, place.line, place.column)
        .help(format!(
            "rename or remove one of them; the other is in {}:{}",
            first.source().file,
            first.source().line
        ))
}

/// A package as a value: `dbt_utils.star(..)`.
#[derive(Debug)]
struct Package {
    macros: Arc<IndexMap<String, MacroRef>>,
}

impl Package {
    fn value(_: &str, macros: &Arc<IndexMap<String, MacroRef>>) -> Value {
        Value::from_object(Package { macros: macros.clone() })
    }
}

impl Object for Package {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        self.macros.get(name).map(|one| Value::from_dyn_object(one.clone()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.macros.keys().map(|name| Value::from(name.as_str())).collect())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.macros.is_empty()
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match self.macros.get(name) {
            Some(one) => one.call(state, args),
            None if name == "get" => {
                let found = args.first().and_then(|key| self.get_value(key));
                Ok(found.or_else(|| args.get(1).cloned()).unwrap_or(Value::from(())))
            }
            None if root_of(state).is_some_and(|root| root.context.is_forgiving()) => {
                Ok(Value::from_object(Nothing))
            }
            None => Err(not_found(&format!("'dict object' has no attribute '{name}'"))),
        }
    }
}
