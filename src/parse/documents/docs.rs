//! Docs blocks, and descriptions that name them with `doc()`.

use crate::error::{Error, Result};
use crate::jinja::value::Args;
use crate::jinja::{Value, blocks_in, is_template, raise};
use crate::manifest::{Doc, Manifest, ResourceType, UniqueId};
use crate::parse::properties::PropertyFile;
use crate::parse::stage::Stage;
use crate::project::yaml::suggestion;
use crate::project::{FileKind, SourceFile};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Docs blocks by name.
#[derive(Debug, Clone, Default)]
pub(in crate::parse) struct Docs(Arc<HashMap<String, Vec<Arc<Doc>>>>);

/// A rendered description and the docs blocks that it used.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::parse) struct Described {
    /// The text.
    pub text: String,
    /// Ids of docs blocks.
    pub blocks: Vec<String>,
}

/// Reads all docs blocks into the manifest.
///
/// # Errors
/// A block without an end, two blocks of one name in one package.
pub(in crate::parse) fn docs(stage: &Stage<'_>, manifest: &mut Manifest) -> Result<Docs> {
    let files: Vec<&SourceFile> = stage
        .packages()
        .flat_map(|package| &package.files)
        .filter(|file| file.kind == FileKind::Docs)
        .collect();
    let read: Vec<Result<Vec<Doc>>> = files.into_par_iter().map(|file| docs_in(stage, file)).collect();
    let mut faults = Vec::new();
    let mut by_name: HashMap<String, Vec<Arc<Doc>>> = HashMap::new();
    for outcome in read {
        match outcome {
            Ok(found) => {
                found.into_iter().map(Arc::new).for_each(|doc| match manifest.docs.get(&doc.unique_id) {
                    Some(first) => faults.push(twice(first, &doc)),
                    None => {
                        by_name.entry(doc.name.clone()).or_default().push(doc.clone());
                        manifest.docs.insert(doc.unique_id.clone(), doc);
                    }
                })
            }
            Err(fault) => faults.push(fault),
        }
    }
    let overview = Arc::new(overview());
    manifest.docs.insert(overview.unique_id.clone(), overview);
    Error::all(faults).map_or(Ok(Docs(Arc::new(by_name))), Err)
}

/// The page that greets the readers of the documentation, where no project has an overview of its own.
fn overview() -> Doc {
    let name = "__overview__".to_string();
    Doc {
        unique_id: UniqueId::new(ResourceType::Doc, "dbt", &name),
        name,
        resource_type: ResourceType::Doc,
        package_name: "dbt".to_string(),
        path: "overview.md".to_string(),
        original_file_path: "docs/overview.md".to_string(),
        block_contents:
            "### The documentation of this project\n\nA docs block named `__overview__` replaces this page."
                .to_string(),
    }
}

fn docs_in(stage: &Stage<'_>, file: &SourceFile) -> Result<Vec<Doc>> {
    let shown = stage.shown(file);
    let context = Arc::new(stage.base.plain(stage.session, &file.package));
    let make = |block: crate::jinja::Block| {
        let text = match is_template(&block.body) {
            true => stage.session.engine.render_str(&shown, &block.body, &context)?,
            false => block.body,
        };
        Ok(Doc {
            unique_id: UniqueId::new(ResourceType::Doc, &file.package, &block.name),
            name: block.name,
            resource_type: ResourceType::Doc,
            package_name: file.package.to_string(),
            path: file.path.clone(),
            original_file_path: file.original_file_path.clone(),
            block_contents: text.trim().to_string(),
        })
    };
    blocks_in(&shown, &file.contents, &["docs"])?.into_iter().map(make).collect()
}

fn twice(first: &Doc, second: &Doc) -> Error {
    let list = [first, second].map(|doc| format!("- {} ({})", doc.unique_id, doc.original_file_path));
    Error::compilation(format!(
        "dbt found two docs with the name \"{}\".\n\nSince these resources have the same name, dbt will be unable to \
         find the correct resource\nwhen looking for doc(\"{}\").\n\nTo fix this, change the name of one of these \
         resources:\n{}",
        first.name,
        first.name,
        list.join("\n")
    ))
}

impl Docs {
    /// The block that `doc(name)` means to a package.
    fn find(&self, root: &str, asking: &str, package: Option<&str>, name: &str) -> Option<&Arc<Doc>> {
        let found = self.0.get(name)?;
        let within = |package: &str| found.iter().find(|doc| doc.package_name == package);
        match package {
            Some(package) => within(package),
            None => within(root).or_else(|| within(asking)).or_else(|| found.first()),
        }
    }

    /// Renders a description: `doc()`, `var()`, `env_var()`.
    ///
    /// # Errors
    /// A template that does not render, a docs block that is not there.
    pub fn render(
        &self,
        stage: &Stage<'_>,
        file: &PropertyFile,
        owner: &UniqueId,
        text: &str,
    ) -> Result<String> {
        self.describe(stage, file, owner, text).map(|described| described.text)
    }

    /// As [`Docs::render`], with the blocks that were used.
    ///
    /// # Errors
    /// As [`Docs::render`].
    pub fn describe(
        &self,
        stage: &Stage<'_>,
        file: &PropertyFile,
        owner: &UniqueId,
        text: &str,
    ) -> Result<Described> {
        if !is_template(text) {
            return Ok(Described { text: text.to_string(), blocks: Vec::new() });
        }
        let used = Arc::new(Mutex::new(Vec::new()));
        let context = stage.base.docs(stage.session, &file.package, self.finder(stage, file, owner, &used));
        let lone = lone_names(text);
        let text = stage.session.engine.render_str(&file.yaml.path, text, &Arc::new(context));
        let text = text.map_err(|error| error.or_located(crate::error::Location::file(&*file.yaml.path)))?;
        let mut blocks = used.lock().unwrap_or_else(PoisonError::into_inner).clone();
        blocks.retain(|id| lone.iter().any(|name| id.ends_with(&format!(".{name}"))));
        Ok(Described { text, blocks })
    }

    fn finder(
        &self,
        stage: &Stage<'_>,
        file: &PropertyFile,
        owner: &UniqueId,
        used: &Arc<Mutex<Vec<String>>>,
    ) -> impl Fn(&Args) -> crate::jinja::value::Outcome + Send + Sync + 'static {
        let (docs, used, owner) = (self.clone(), used.clone(), owner.clone());
        let (root, asking) = (stage.project.name().to_string(), file.package.to_string());
        move |args| {
            let first = args.text(0)?;
            let (package, name) = match args.some(1) {
                Some(_) => (Some(first), args.text(1)?),
                None => (None, first),
            };
            let doc = docs
                .find(&root, &asking, package, name)
                .ok_or_else(|| raise(docs.missing(&owner, package, name)))?;
            used.lock().unwrap_or_else(PoisonError::into_inner).push(doc.unique_id.to_string());
            Ok(Value::from(doc.block_contents.as_str()))
        }
    }

    fn missing(&self, owner: &UniqueId, package: Option<&str>, name: &str) -> Error {
        let within = package.map_or(String::new(), |package| format!("in package '{package}' "));
        let message =
            format!("Documentation for '{owner}' depends on doc '{name}' {within} which was not found");
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        match suggestion(name, &known) {
            Some(near) => Error::compilation(message).help(format!("did you mean `{near}`?")),
            None => Error::compilation(message).help(format!("write `{{% docs {name} %}}` in a .md file")),
        }
    }
}

/// The names of the blocks that stand alone between braces, `{{ doc('x') }}`: dbt counts no others as used.
fn lone_names(text: &str) -> Vec<&str> {
    text.split("{{").skip(1).filter_map(|part| lone_name(part.split_once("}}")?.0)).collect()
}

fn lone_name(output: &str) -> Option<&str> {
    let call = output.trim_matches(['-', '+']).trim().strip_prefix("doc")?.trim_start();
    let arguments = call.strip_prefix('(')?.strip_suffix(')').filter(|it| !it.contains(['(', ')']))?;
    Some(arguments.rsplit(',').next()?.trim().trim_matches(['\'', '"']))
}
