//! Database, schema and alias of a node, by the macros `generate_*_name` that users may replace.

use crate::context::Session;
use crate::context::objects::lazy::LazyDict;
use crate::context::objects::none;
use crate::error::Result;
use crate::jinja::value::{from_json, print};
use crate::jinja::{Context, Engine, MacroRef, Value};
use crate::manifest::{Map, Node, ResourceType};
use crate::parse::stage::Stage;
use crate::project::Project;
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

const COMPONENTS: [&str; 3] = ["database", "schema", "alias"];

/// Component, what was asked for, name and version of the node.
type Asked = (usize, String, String, String);

/// The macros that name nodes, found once.
pub(in crate::parse) struct Naming {
    /// By component: the macro of the project, and is it karat's own?
    of_project: [Option<(MacroRef, bool)>; 3],
    /// Macros that packages have for their own nodes.
    of_packages: HashMap<(String, usize), MacroRef>,
    context: OnceLock<Arc<Context>>,
    known: Mutex<HashMap<Asked, Option<String>>>,
}

impl Naming {
    /// Finds the macros.
    pub fn new(session: &Session, project: &Project) -> Self {
        let built_in = |found: &MacroRef| {
            project.package(&found.source().package).is_some_and(|package| package.built_in)
        };
        let root = project.name();
        let of_project = [0, 1, 2].map(|component| {
            let name = format!("generate_{}_name", COMPONENTS[component]);
            let found = session
                .engine
                .find_macro(&name, Some(root), root)
                .or_else(|| session.engine.find_macro(&name, Some("dbt"), root))?;
            let dispatched = session.engine.dispatch(&name, Some("dbt"), root);
            let own = built_in(&found) && dispatched.is_ok_and(|found| built_in(&found));
            Some((found, own))
        });
        let others = project.packages.iter().filter(|package| !package.built_in && package.name != root);
        let of_packages = others.flat_map(|package| (0..3).map(move |component| (package, component)));
        let of_packages = of_packages.filter_map(|(package, component)| {
            let name = format!("generate_{}_name", COMPONENTS[component]);
            let found = session.engine.find_macro(&name, Some(&package.name), root)?;
            Some(((package.name.clone(), component), found))
        });
        Naming {
            of_project,
            of_packages: of_packages.collect(),
            context: OnceLock::new(),
            known: Mutex::default(),
        }
    }

    /// One component of a node's name; `None` where the macro gives none.
    fn name(
        &self,
        stage: &Stage<'_>,
        engine: &Engine,
        node: &Arc<Node>,
        (component, asked): (usize, Option<&Json>),
    ) -> Result<Option<String>> {
        let asked = asked.filter(|asked| !asked.is_null());
        if let Some(found) = self.of_packages.get(&(node.package_name.clone(), component)) {
            return self.call(stage, engine, node, (found, asked));
        }
        let Some((found, own)) = &self.of_project[component] else {
            return Ok(asked.and_then(Json::as_str).map(str::to_string));
        };
        if !own {
            return self.call(stage, engine, node, (found, asked));
        }
        if let (2, Some(alias)) = (component, plain_alias(node, asked)) {
            return Ok(Some(alias));
        }
        let of_node =
            |text: Option<String>| if component == 2 { text.unwrap_or_default() } else { String::new() };
        let custom = asked.map_or_else(|| "\0".to_string(), Json::to_string);
        let key = (component, custom, of_node(Some(node.name.clone())), of_node(node.version()));
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let name = self.call(stage, engine, node, (found, asked))?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, name.clone());
        Ok(name)
    }

    fn call(
        &self,
        stage: &Stage<'_>,
        engine: &Engine,
        node: &Arc<Node>,
        (found, asked): (&MacroRef, Option<&Json>),
    ) -> Result<Option<String>> {
        let context = self.context.get_or_init(|| {
            Arc::new(stage.base.final_values(stage.session, stage.project.name()).set("config", none()))
        });
        let shared = node.clone();
        let model = LazyDict::of_node(node.clone(), move || from_json(&shared.to_json()));
        let args: [Value; 2] = [asked.map_or_else(none, from_json), model];
        let value = engine.call(found, context, (&args, &IndexMap::new()))?;
        Ok(if value.is_none() { None } else { Some(print::text(&value).trim().to_string()) })
    }
}

/// What karat's own macro gives as alias where there is little to think of: tests come by the ten thousand, and
/// a call for each was a seventh of a parse.
fn plain_alias(node: &Node, asked: Option<&Json>) -> Option<String> {
    match asked {
        Some(Json::String(alias)) if !alias.is_empty() => Some(alias.trim().to_string()),
        None if node.version().is_none() => Some(node.name.clone()),
        _ => None,
    }
}

/// Gives a node its database, schema and alias, as its config asks for.
///
/// # Errors
/// A macro fails.
pub(in crate::parse) fn settle_names(
    stage: &Stage<'_>,
    engine: &Engine,
    node: Node,
    config: &Map,
) -> Result<Node> {
    let mut node = node;
    for (component, key) in COMPONENTS.into_iter().enumerate() {
        let shared = Arc::new(node);
        let name = stage.naming.name(stage, engine, &shared, (component, config.get(key)))?;
        node = Arc::try_unwrap(shared).unwrap_or_else(|shared| Node::clone(&shared));
        match component {
            0 => node.database = name,
            1 => node.schema = name.unwrap_or_default(),
            _ => node.alias = name.unwrap_or_default(),
        }
    }
    if node.resource_type == ResourceType::Snapshot {
        let target = |key: &str| config.get(key).and_then(Json::as_str).filter(|name| !name.is_empty());
        if let Some(database) = target("target_database") {
            node.database = Some(database.to_string());
        }
        if let Some(schema) = target("target_schema") {
            node.schema = schema.to_string();
        }
    }
    Ok(node)
}
