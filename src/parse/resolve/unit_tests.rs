//! Unit tests: which model each one tests, one test for each of its versions.

use crate::error::Error;
use crate::manifest::{
    Asking, Found, Manifest, Node, NodeKind, RefArgs, RefIndex, UniqueId, UnitTest, version_text,
};
use crate::parse::documents::UnitTestDraft;
use crate::parse::findings::Findings;
use crate::parse::stage::Stage;
use crate::project::yaml::suggestion;
use serde_json::Value as Json;
use std::sync::Arc;

/// Puts every unit test into the manifest.
pub(super) fn resolve(
    stage: &Stage<'_>,
    manifest: &mut Manifest,
    (index, drafts): (&RefIndex, Vec<UnitTestDraft>),
    findings: &mut Findings,
) {
    for draft in drafts {
        let spot = draft.spot.clone();
        match tested(stage, manifest, index, draft) {
            Ok(Tests::Enabled(tests)) => {
                for test in tests {
                    let id = test.unique_id.clone();
                    if manifest.unit_tests.insert(id, Arc::new(test)).is_some() {
                        let message = "dbt found two unit_tests with the same name for one model";
                        findings.error(spot.mark(Error::compilation(message)));
                    }
                }
            }
            Ok(Tests::Disabled(test)) => {
                let json = serde_json::to_value(&*test).unwrap_or_default();
                super::disable(manifest, &test.unique_id, json);
            }
            Err(error) => findings.error(spot.mark(error)),
        }
    }
}

enum Tests {
    Enabled(Vec<UnitTest>),
    Disabled(Box<UnitTest>),
}

fn tested(
    stage: &Stage<'_>,
    manifest: &Manifest,
    index: &RefIndex,
    draft: UnitTestDraft,
) -> Result<Tests, Error> {
    let mut test = draft.test;
    let mut words = test.model.split_whitespace();
    let name = words.next().unwrap_or_default().to_string();
    let version =
        words.next().map(|version| version.parse::<i64>().map_or_else(|_| Json::from(version), Json::from));
    let asking = Asking {
        root: stage.project.name(),
        package: &test.package_name,
        own_first: stage.session.flags.own_package_first(),
    };
    let call = RefArgs { name: name.clone(), package: Some(test.package_name.clone()), version };
    let model = match index.node(manifest, asking, &call) {
        Found::Enabled(model) if matches!(model.kind, NodeKind::Model { .. }) => model.clone(),
        Found::Disabled(_) => {
            test.config.insert("enabled", false);
            return Ok(Tests::Disabled(Box::new(test)));
        }
        _ => return Err(no_model(manifest, &test, &name)),
    };
    test.depends_on.nodes = vec![model.unique_id.clone()];
    test.schema = Some(model.schema.clone());
    test.tested_node_unique_id = Some(model.unique_id.clone());
    if !test.config.enabled() {
        return Ok(Tests::Disabled(Box::new(test)));
    }
    incremental(&test, &model)?;
    if test.given.iter().any(|given| given.input.as_deref().map(str::trim) == Some("this")) {
        test.this_input_node_unique_id = Some(model.unique_id.clone());
    }
    versions(manifest, test, &model).map(Tests::Enabled)
}

fn no_model(manifest: &Manifest, test: &UnitTest, name: &str) -> Error {
    let error = Error::parsing(format!(
        "Unable to find model '{}.{}' for unit test '{}' in {}",
        test.package_name, test.model, test.name, test.original_file_path
    ));
    let models = manifest.nodes.values().filter(|node| matches!(node.kind, NodeKind::Model { .. }));
    let known: Vec<&str> = models.map(|node| node.name.as_str()).collect();
    match suggestion(name, &known) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// A test of an incremental model says which of its two ways it tests.
fn incremental(test: &UnitTest, model: &Node) -> Result<(), Error> {
    if !model.depends_on.macros.iter().any(|id| id.as_str() == "macro.dbt.is_incremental") {
        return Ok(());
    }
    let said =
        test.overrides.as_ref().and_then(|all| all.pointer("/macros/is_incremental")).and_then(Json::as_bool);
    let this = test.given.iter().any(|given| given.input.as_deref() == Some("this"));
    match said {
        None => Err(Error::parsing(format!(
            "Boolean override for 'is_incremental' must be provided for unit test '{}' in model '{}'",
            test.name, model.name
        ))
        .help("write `overrides: {macros: {is_incremental: true}}` (or false)")),
        Some(true) if !this => Err(Error::parsing(format!(
            "Unit test '{}' for incremental model '{}' must have a 'this' input",
            test.name, model.name
        ))
        .help("write `- input: this` with the rows that are there before the run")),
        _ => Ok(()),
    }
}

/// The test, or one for each version of the model that it covers.
fn versions(manifest: &Manifest, test: UnitTest, model: &Node) -> Result<Vec<UnitTest>, Error> {
    let listed = |key: &str| -> Vec<Json> {
        let list = test.versions.as_ref().and_then(|versions| versions.get(key)).and_then(Json::as_array);
        list.cloned().unwrap_or_default()
    };
    let (include, exclude) = (listed("include"), listed("exclude"));
    if model.version().is_none() {
        if include.is_empty() && exclude.is_empty() {
            return Ok(vec![test]);
        }
        return Err(Error::parsing(format!(
            "Unit test '{}' should not have a versions include or exclude when referencing non-versioned model '{}'",
            test.name, model.name
        )));
    }
    let of_name = |node: &&Arc<Node>| node.name == model.name && node.package_name == model.package_name;
    let covered = |version: &Json| {
        if exclude.is_empty() {
            include.is_empty() || include.contains(version)
        } else {
            !exclude.contains(version)
        }
    };
    let mut made = Vec::new();
    for node in manifest.nodes.values().filter(of_name) {
        let NodeKind::Model { version: Some(version), .. } = &node.kind else { continue };
        if covered(version) {
            made.push(of_version(&test, node, version));
        }
    }
    if made.is_empty() {
        return Err(Error::parsing(format!(
            "Unit test '{}' referenced a version of '{}' which was not found.",
            test.name, model.name
        )));
    }
    Ok(made)
}

fn of_version(test: &UnitTest, node: &Node, version: &Json) -> UnitTest {
    let id =
        format!("unit_test.{}.{}.{}_v{}", test.package_name, test.model, test.name, version_text(version));
    let mut own = test.clone();
    own.unique_id = UniqueId::from(id);
    own.depends_on.nodes = vec![node.unique_id.clone()];
    own.tested_node_unique_id = Some(node.unique_id.clone());
    own.this_input_node_unique_id = test.this_input_node_unique_id.as_ref().map(|_| node.unique_id.clone());
    own.version = Some(version.clone());
    own
}
