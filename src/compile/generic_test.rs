//! The arguments of a generic test that is compiled.

use crate::context::test_arguments::render_arguments;
use crate::context::{Run, Scope, Subject};
use crate::error::Result;
use crate::jinja::Value;
use crate::manifest::{Node, TestMetadata, UniqueId};
use std::sync::Arc;

/// The arguments of a test, rendered.
pub struct Arguments {
    /// By name.
    pub values: Value,
    /// The ephemeral models that they read.
    pub read: Vec<UniqueId>,
    /// The macros that they called, by id.
    pub macros: Vec<String>,
}

/// Renders the arguments.
///
/// # Errors
/// A template among them fails.
pub fn kwargs(run: &Arc<Run>, node: &Arc<Node>, test: &TestMetadata) -> Result<Arguments> {
    let scope = Arc::new(Scope::new(run, Subject::Node(node.clone()), None));
    let context = scope.context();
    let values = render_arguments(&run.session.engine, &node.original_file_path, &context, &test.kwargs)?;
    Ok(Arguments { values, read: scope.ctes(), macros: context.called_macros() })
}
