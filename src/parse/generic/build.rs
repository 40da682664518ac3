//! From a definition to a node.

use super::GenericTest;
use super::config::{as_call, tags};
use super::definition::{Definition, read};
use super::names::{hash, synthesize};
use super::target::Target;
use crate::context::parse::{Recorded, Recorder};
use crate::context::test_arguments::{KWARGS, render_arguments};
use crate::error::{Error, Result};
use crate::jinja::value::to_json;
use crate::jinja::{Engine, plain};
use crate::manifest::{Checksum, Config, Map, Node, NodeKind, RefArgs, ResourceType, TestMetadata, UniqueId};
use crate::parse::configs::{Own, Whose, check};
use crate::parse::documents::Docs;
use crate::parse::findings::Findings;
use crate::parse::json::{distinct, map, sorted, texts};
use crate::parse::nodes::{Nodes, relation_name, settle_names};
use crate::parse::properties::Asked;
use crate::parse::stage::Stage;
use serde_json::Value as Json;
use std::sync::Arc;

/// What a test is built with.
pub(super) struct Builder<'a> {
    pub stage: &'a Stage<'a>,
    pub engine: &'a Engine,
    pub nodes: &'a Nodes,
    pub docs: &'a Docs,
    pub target: &'a Target<'a>,
}

impl Builder<'_> {
    /// Builds a test.
    ///
    /// # Errors
    /// Its definition cannot be read, it does not render, its config makes no sense.
    pub fn build(&self, asked: &Asked, findings: &mut Findings) -> Result<GenericTest> {
        let strict = self.stage.session.flags.behaviour("require_generic_test_arguments_property");
        let mut definition = read(self.target, asked, strict, findings)?;
        definition.config = self.rendered(&definition)?;
        let (short, full) = self.names(&definition);
        if definition.name.is_none() && short != full && !definition.config.contains_key("alias") {
            definition.config.insert("alias".to_string(), short.as_str().into());
        }
        let of_config = tags(&definition.config)?;
        let own = sorted([self.target.tags.to_vec(), asked.tags.clone(), of_config].concat());
        let start = self.start(&definition, asked, (short, full));
        let subject = start.described();
        self.finish(start, &definition, own)
            .map(|(node, unknown)| GenericTest { node: Arc::new(node), spot: asked.spot.clone(), unknown })
            .map_err(|error| error.about(subject))
    }

    /// The name for file and relation, and the name of the node.
    fn names(&self, definition: &Definition) -> (String, String) {
        if let Some(name) = &definition.name {
            return (name.clone(), name.clone());
        }
        let test = if self.target.source.is_some() {
            format!("source_{}", definition.test)
        } else {
            definition.test.clone()
        };
        let test = definition.namespace.as_ref().map_or(test.clone(), |package| format!("{package}_{test}"));
        synthesize(&test, &self.target.shown(), &definition.kwargs)
    }

    /// Config values are rendered when the file is read.
    fn rendered(&self, definition: &Definition) -> Result<Map> {
        let context = Arc::new(self.stage.base.plain(self.stage.session, self.target.package));
        let render = |(key, value): (&String, &Json)| {
            let Some(text) = value.as_str() else { return Ok((key.clone(), value.clone())) };
            if let Some(plain) = plain(text) {
                return Ok((key.clone(), Json::from(plain)));
            }
            let file = self.target.original_file_path;
            let refused = |why: &str| self.refused(&definition.test, key, why);
            let value =
                self.engine.render_native(file, text, &context).map_err(|why| refused(why.message()))?;
            Ok((key.clone(), to_json(&value).map_err(|_| refused("the value is undefined"))?))
        };
        let rendered: Map = definition.config.iter().map(render).collect::<Result<_>>()?;
        Ok(rendered.into_iter().filter(|(_, value)| !value.is_null()).collect())
    }

    /// A config value that does not render.
    fn refused(&self, test: &str, key: &str, why: &str) -> Error {
        let (file, whose) = (self.target.original_file_path, self.target.shown());
        Error::compilation(format!(
            "Invalid generic test configuration given in {file}: `{key}` of `{test}` on `{whose}` does not render\n{why}"
        ))
        .help("a config of a test is rendered by itself: it can use `var` and `env_var`, but no `ref` and no macro")
    }

    /// The node as its own template sees it.
    fn start(&self, definition: &Definition, asked: &Asked, (short, full): (String, String)) -> Node {
        let target = self.target;
        let namespace = definition.namespace.as_deref();
        let ending = hash(&full, namespace, (&definition.test, &definition.kwargs));
        let macro_name = format!("test_{}", definition.test);
        let macro_name = namespace.map_or(macro_name.clone(), |package| format!("{package}.{macro_name}"));
        let id = UniqueId::new(ResourceType::Test, target.package, &format!("{full}.{ending}"));
        let kind = NodeKind::GenericTest {
            column_name: asked.column.clone(),
            file_key_name: Some(target.file_key_name.clone()),
            attached_node: None,
            test_metadata: TestMetadata {
                name: definition.test.clone(),
                kwargs: definition.kwargs.clone(),
                namespace: definition.namespace.clone(),
            },
        };
        Node {
            database: Some(self.stage.session.database().to_string()),
            schema: self.stage.session.schema().to_string(),
            path: format!("{short}.sql"),
            original_file_path: target.original_file_path.to_string(),
            fqn: self.fqn(&full),
            checksum: Checksum { name: "none".to_string(), checksum: String::new() },
            docs: Map::from_iter([("show".to_string(), true.into()), ("node_color".to_string(), Json::Null)]),
            created_at: self.stage.now,
            raw_code: format!("{{{{ {macro_name}(**{KWARGS}) }}}}{}", as_call(&definition.config)),
            language: Some("sql".to_string()),
            ..Node::blank(target.package, full, id, (ResourceType::Test, kind))
        }
    }

    /// Package, folders of the property file below its resource folder, name.
    fn fqn(&self, name: &str) -> Vec<String> {
        let path = self.target.original_file_path;
        let below = path.split_once('/').map_or("", |(_, below)| below);
        let folders = below.rsplit_once('/').map_or("", |(folders, _)| folders);
        let folders = folders.split('/').filter(|folder| !folder.is_empty());
        std::iter::once(self.target.package).chain(folders).chain([name]).map(str::to_string).collect()
    }

    fn finish(
        &self,
        node: Node,
        definition: &Definition,
        own_tags: Vec<String>,
    ) -> Result<(Node, Option<Error>)> {
        let name = format!("test_{}", definition.test);
        let found = self.engine.find_macro(&name, definition.namespace.as_deref(), self.target.package);
        let id = found.map(|found| found.unique_id().to_string());
        let plain = matches!(id.as_deref(), Some("macro.dbt.test_not_null" | "macro.dbt.test_unique"));
        let node = Arc::new(node);
        let (recorded, called) =
            if plain { (self.known(definition), Vec::new()) } else { self.render(&node, definition)? };
        let mut node = Arc::try_unwrap(node).unwrap_or_else(|node| Node::clone(&node));
        let macros = distinct(id.into_iter().chain(called));
        node.depends_on.macros = macros.into_iter().map(UniqueId::from).collect();
        node.refs = recorded.refs;
        node.sources = recorded.sources;
        node.metrics = recorded.metrics;
        node.functions = recorded.functions;
        node.config_call_dict = recorded.config;
        self.configure(&mut node, own_tags)?;
        let described =
            self.docs.describe(self.stage, self.target.file, &node.unique_id, &definition.description)?;
        node.description = described.text;
        node.doc_blocks = described.blocks;
        self.attach(&mut node);
        let settled = node.config.0.clone();
        let mut node = settle_names(self.stage, self.engine, node, &settled)?;
        node.relation_name = relation_name(self.stage, &node);
        // From within the test's macro a fault may not come again: there `execute` may choose another way.
        let unknown = recorded.unknown.filter(|error| error.trace().is_empty());
        let unknown = unknown.map(|error| error.about(node.described()));
        Ok((node, unknown))
    }

    /// What the two most common tests would record: rendering them is spared.
    fn known(&self, definition: &Definition) -> Recorded {
        let mut recorded = Recorded { config: definition.config.clone(), ..Recorded::default() };
        match self.target.source {
            Some((source, table)) => recorded.sources.push(vec![source.to_string(), table.to_string()]),
            None => recorded.refs.push(RefArgs {
                name: self.target.name.clone(),
                package: None,
                version: self.target.version.cloned(),
            }),
        }
        recorded
    }

    /// Renders arguments and template. Names that do not exist are told when the test is compiled.
    fn render(&self, node: &Arc<Node>, definition: &Definition) -> Result<(Recorded, Vec<String>)> {
        let (stage, file) = (self.stage, self.target.original_file_path);
        let recorder = Arc::new(Recorder::default());
        recorder.configure(&definition.config)?;
        let first = Arc::new(stage.base.recorded(stage.session, node, &recorder));
        let kwargs = recorder.forgive(render_arguments(self.engine, file, &first, &definition.kwargs))?;
        let mut called = Vec::new();
        if let Some(kwargs) = kwargs {
            let second = stage.base.recorded(stage.session, node, &recorder).set(KWARGS, kwargs);
            let second = Arc::new(second);
            recorder.forgive(self.engine.render_str(file, &node.raw_code, &second))?;
            called = second.called_macros();
        }
        if recorder.moment() {
            stage.base.reads().note_moment();
        }
        // dbt notes the test's own macro, then what its arguments called.
        called.extend(first.called_macros());
        Ok((recorder.take(), called))
    }

    fn configure(&self, node: &mut Node, own_tags: Vec<String>) -> Result<()> {
        let whose = Whose { kind: ResourceType::Test, package: self.target.package, fqn: &node.fqn };
        let own = Own { call: Some(&node.config_call_dict), ..Own::default() };
        let config = self.stage.configs.shared(whose, own)?;
        if let Some(error) = Error::all(check(ResourceType::Test, &config)) {
            return Err(error);
        }
        node.unrendered_config = self.stage.configs.unrendered(whose, own);
        node.tags = distinct([own_tags, texts(config.get("tags"))].concat());
        node.meta = map(&config, "meta");
        node.config = Config(config);
        Ok(())
    }

    /// The node under test, and its group.
    fn attach(&self, node: &mut Node) {
        let target = self.target;
        if target.source.is_some() {
            return;
        }
        let fits = |parsed: &&crate::parse::nodes::ParsedNode| match (&parsed.node.kind, target.version) {
            (NodeKind::Model { version, .. }, wanted) => version.as_ref() == wanted,
            (_, wanted) => wanted.is_none(),
        };
        let candidates: Vec<_> = self.nodes.named(&target.name).filter(fits).collect();
        let enabled = candidates
            .iter()
            .find(|parsed| parsed.node.config.enabled() && parsed.node.package_name == target.package);
        let found = enabled.or_else(|| candidates.iter().find(|parsed| !parsed.node.config.enabled()));
        if let (Some(found), NodeKind::GenericTest { attached_node, .. }) = (found, &mut node.kind) {
            *attached_node = Some(found.node.unique_id.clone());
            node.group = found.node.group.clone();
        }
    }
}
