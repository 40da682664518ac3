//! The arguments of a generic test that is compiled.

use crate::context::test_arguments::render_arguments;
use crate::context::{Run, Scope, Subject};
use crate::error::Result;
use crate::jinja::Value;
use crate::manifest::{Node, TestMetadata, UniqueId};
use std::sync::Arc;

/// The arguments, and the ephemeral models that they read.
///
/// # Errors
/// A template among them fails.
pub fn kwargs(run: &Arc<Run>, node: &Arc<Node>, test: &TestMetadata) -> Result<(Value, Vec<UniqueId>)> {
    let scope = Arc::new(Scope::new(run, Subject::Node(node.clone()), None));
    let context = scope.context();
    let rendered = render_arguments(&run.session.engine, &node.original_file_path, &context, &test.kwargs)?;
    Ok((rendered, scope.ctes()))
}
