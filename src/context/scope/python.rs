//! `submit_python_job(model, code)`: a Python model handed to the engine.

use super::Scope;
use crate::adapter::PythonJob;
use crate::context::objects::response::response;
use crate::error::Error;
use crate::jinja::value::{Args, function};
use crate::jinja::{Value, raise};
use crate::manifest::Node;
use std::sync::Arc;

/// The function.
pub fn submit(scope: &Arc<Scope>) -> Value {
    let scope = scope.clone();
    function("submit_python_job", move |_, args| {
        let args = Args::bind("submit_python_job", &["parsed_model", "compiled_code"], args)?;
        let node = scope.node().ok_or_else(|| {
            raise(Error::compilation(
                "submit_python_job is not intended to be called here, outside of a model",
            ))
        })?;
        let job = job(&scope, node, &args.need(1)?.to_string());
        scope.run_python(&job).map(response).map_err(raise)
    })
}

/// The text with the lines that were stripped from the file's head, so that tracebacks fit the file.
fn job(scope: &Scope, node: &Node, code: &str) -> PythonJob {
    let root = scope.run.session.root.clone();
    let file = crate::disk::read_text(&root.join(&node.original_file_path)).unwrap_or_default();
    let stripped = file.len() - file.trim_start().len();
    let above = "\n".repeat(file[..stripped].matches('\n').count());
    let packages = node.config.get("packages").and_then(serde_json::Value::as_array);
    let packages = packages.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_string));
    PythonJob {
        name: node.alias.clone(),
        own_lines: above.len() + node.raw_code.lines().count(),
        code: above + code.trim_start(),
        file: node.original_file_path.clone(),
        root,
        packages: packages.collect(),
    }
}
