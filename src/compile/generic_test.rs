//! The arguments of a generic test: texts that call `ref`, `source`, `var`, ... are rendered, as dbt does.

use crate::context::{Run, Scope, Subject};
use crate::error::Result;
use crate::jinja::value::{dict, from_json, list};
use crate::jinja::{Context, Engine, Value};
use crate::manifest::{Node, TestMetadata, UniqueId};
use serde_json::Value as Json;
use std::sync::Arc;

/// The name under which a test's template finds its arguments.
pub const KWARGS: &str = "_dbt_generic_test_kwargs";

/// The arguments, and the ephemeral models that they read.
pub fn kwargs(run: &Arc<Run>, node: &Arc<Node>, test: &TestMetadata) -> Result<(Value, Vec<UniqueId>)> {
    let scope = Arc::new(Scope::new(run, Subject::Node(node.clone()), None));
    let context = scope.context();
    let rendered = render(&run.session.engine, &context, &node.original_file_path, test)?;
    Ok((rendered, scope.ctes()))
}

/// The arguments rendered in a context; used while parsing, too.
///
/// # Errors
/// A template among them fails.
pub fn render(engine: &Engine, context: &Arc<Context>, file: &str, test: &TestMetadata) -> Result<Value> {
    let mut made = indexmap::IndexMap::new();
    for (name, value) in &test.kwargs {
        let value =
            if name == "column_name" { from_json(value) } else { deep(engine, context, file, value)? };
        made.insert(Value::from(name.as_str()), value);
    }
    Ok(dict(made))
}

fn deep(engine: &Engine, context: &Arc<Context>, file: &str, value: &Json) -> Result<Value> {
    match value {
        Json::String(text) => engine.render_native(file, &as_template(text), context),
        Json::Array(items) => {
            let items = items.iter().map(|item| deep(engine, context, file, item));
            Ok(list(items.collect::<Result<_>>()?))
        }
        Json::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| Ok((Value::from(name.as_str()), deep(engine, context, file, value)?)));
            Ok(dict(fields.collect::<Result<_>>()?))
        }
        other => Ok(from_json(other)),
    }
}

/// `ref('x')` is a template even without braces.
fn as_template(text: &str) -> String {
    let trimmed = text.trim();
    let calls = ["env_var", "ref", "var", "source", "doc"].iter().any(|name| {
        trimmed
            .strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with('(') && rest.ends_with(')'))
    });
    if calls { format!("{{{{ {trimmed} }}}}") } else { text.to_string() }
}
