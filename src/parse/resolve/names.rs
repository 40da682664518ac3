//! What every `ref`, `source`, `metric` and `function` means.

use super::missing::{Missing, Target};
use super::places::Places;
use super::{access, missing};
use crate::error::Error;
use crate::manifest::{Asking, Exposure, Found, Manifest, Node, RefArgs, RefIndex, ResourceType, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::stage::Stage;
use std::sync::OnceLock;

/// Finds ids by names.
pub(super) struct Resolver<'a> {
    pub stage: &'a Stage<'a>,
    pub manifest: &'a Manifest,
    pub index: &'a RefIndex,
    pub places: &'a Places,
    /// Names that may have been meant; collected when the first is missing.
    pub near: OnceLock<missing::Known>,
}

/// What one resource depends on.
#[derive(Default)]
pub(super) struct Links {
    /// Ids, each once, in order.
    pub nodes: Vec<UniqueId>,
    /// Does a test name something that is not there? It is switched off then.
    pub unmet: bool,
}

impl Links {
    fn add(&mut self, id: &UniqueId) {
        if !self.nodes.contains(id) {
            self.nodes.push(id.clone());
        }
    }
}

/// Who asks.
pub(super) struct Asker<'a> {
    pub id: &'a UniqueId,
    pub kind: ResourceType,
    pub package: &'a str,
    pub path: &'a str,
    pub group: Option<&'a str>,
}

impl Resolver<'_> {
    /// The links of a node: sources, refs, metrics, functions.
    pub fn node(&self, node: &Node, findings: &mut Findings) -> Links {
        let asker = Asker {
            id: &node.unique_id,
            kind: node.resource_type,
            package: &node.package_name,
            path: &node.original_file_path,
            group: node.group.as_deref(),
        };
        let mut links = self.named(&asker, (&node.sources, &node.refs, &node.metrics), findings);
        for call in &node.functions {
            self.function(&asker, call, (&mut links, findings));
        }
        links
    }

    /// The links of an exposure.
    pub fn exposure(&self, exposure: &Exposure, findings: &mut Findings) -> Links {
        let asker = Asker {
            id: &exposure.unique_id,
            kind: ResourceType::Exposure,
            package: &exposure.package_name,
            path: &exposure.original_file_path,
            group: None,
        };
        self.named(&asker, (&exposure.sources, &exposure.refs, &exposure.metrics), findings)
    }

    fn named(
        &self,
        asker: &Asker<'_>,
        (sources, refs, metrics): (&[Vec<String>], &[RefArgs], &[Vec<String>]),
        findings: &mut Findings,
    ) -> Links {
        let mut links = Links::default();
        for call in sources {
            self.source(asker, call, (&mut links, findings));
        }
        for call in refs {
            self.reference(asker, call, (&mut links, findings));
        }
        for call in metrics {
            self.metric(asker, call, (&mut links, findings));
        }
        links
    }

    fn asking<'s>(&'s self, asker: &'s Asker<'_>) -> Asking<'s> {
        Asking {
            root: self.stage.project.name(),
            package: asker.package,
            own_first: self.stage.session.flags.own_package_first(),
        }
    }

    /// One `ref`.
    pub fn reference(
        &self,
        asker: &Asker<'_>,
        call: &RefArgs,
        (links, findings): (&mut Links, &mut Findings),
    ) {
        match self.index.node(self.manifest, self.asking(asker), call) {
            Found::Enabled(found) => {
                if let Some(error) = access::refused(self.stage, asker, found) {
                    findings.error(self.places.mark_call(asker.id, ("ref", &call.name), error));
                }
                links.add(&found.unique_id);
            }
            other => {
                let target = Target {
                    kind: "node",
                    name: call.name.clone(),
                    package: call.package.as_deref(),
                    version: call.version.as_ref(),
                };
                self.miss(asker, ("ref", target, &other), (links, findings));
            }
        }
    }

    fn source(&self, asker: &Asker<'_>, call: &[String], (links, findings): (&mut Links, &mut Findings)) {
        let [source, table] = call else { return };
        match self.index.source(self.manifest, self.asking(asker), (source, table)) {
            Found::Enabled(found) => links.add(&found.unique_id),
            other => {
                let name = format!("{source}.{table}");
                let target = Target { kind: "source", name, package: None, version: None };
                self.miss(asker, ("source", target, &other), (links, findings));
            }
        }
    }

    /// One metric.
    pub fn metric(&self, asker: &Asker<'_>, call: &[String], (links, findings): (&mut Links, &mut Findings)) {
        let (package, name) = split(call);
        let within = |package: &str| UniqueId::new(ResourceType::Metric, package, name);
        let candidates: Vec<UniqueId> = match package {
            Some(package) => vec![within(package)],
            None => vec![within(self.stage.project.name()), within(asker.package)],
        };
        match candidates.iter().find(|id| self.manifest.metrics.contains_key(*id)) {
            Some(id) => links.add(id),
            None => {
                let target = Target { kind: "metric", name: name.to_string(), package, version: None };
                self.miss(asker, ("metric", target, &Found::<()>::Missing), (links, findings));
            }
        }
    }

    fn function(&self, asker: &Asker<'_>, call: &[String], (links, findings): (&mut Links, &mut Findings)) {
        let (package, name) = split(call);
        match self.index.function(self.manifest, self.asking(asker), (package, name)) {
            Found::Enabled(found) => links.add(&found.unique_id),
            other => {
                let target = Target { kind: "function", name: name.to_string(), package, version: None };
                self.miss(asker, ("function", target, &other), (links, findings));
            }
        }
    }

    /// A name that means nothing: a warning for tests, which are switched off, an error for all others.
    fn miss<T>(
        &self,
        asker: &Asker<'_>,
        (callee, target, found): (&str, Target<'_>, &Found<T>),
        (links, findings): (&mut Links, &mut Findings),
    ) {
        let disabled = matches!(found, Found::Disabled(_));
        let missing = Missing { asker, target: &target, disabled };
        let argument = target.name.rsplit('.').next().unwrap_or(&target.name).to_string();
        let known = self.near.get_or_init(|| missing::Known::new(self.manifest));
        let error = Error::compilation(missing.message());
        let error = missing.helps(known).into_iter().fold(error, Error::help);
        let error = self.places.mark_call(asker.id, (callee, &argument), error);
        if asker.kind != ResourceType::Test {
            findings.error(error);
            return;
        }
        links.unmet = true;
        if !disabled {
            findings.warn("NodeNotFoundOrDisabled", error);
        }
    }
}

/// Package and name of `[name]` or `[package, name]`.
fn split(call: &[String]) -> (Option<&str>, &str) {
    match call {
        [package, name] => (Some(package), name),
        [name] => (None, name),
        _ => (None, ""),
    }
}
