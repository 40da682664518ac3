//! The arguments of a generic test, rendered: `_dbt_generic_test_kwargs` of its template.

use crate::error::Result;
use crate::jinja::value::{dict, from_json, list};
use crate::jinja::{Context, Engine, Value};
use crate::manifest::Map;
use serde_json::Value as Json;
use std::sync::Arc;

/// The name by which a test's template finds its arguments.
pub const KWARGS: &str = "_dbt_generic_test_kwargs";

/// Renders the arguments natively: templates, and texts that are a call of `ref`, `source`, `var`,
/// `env_var` or `doc`. `column_name` stays as it is.
///
/// # Errors
/// A template that does not render; `file` is where it stands.
pub fn render_arguments(engine: &Engine, file: &str, context: &Arc<Context>, kwargs: &Map) -> Result<Value> {
    let arguments = kwargs.iter().map(|(name, value)| {
        let value = match name.as_str() {
            "column_name" => from_json(value),
            _ => render(engine, file, context, value)?,
        };
        Ok((Value::from(name.as_str()), value))
    });
    arguments.collect::<Result<_>>().map(dict)
}

fn render(engine: &Engine, file: &str, context: &Arc<Context>, value: &Json) -> Result<Value> {
    match value {
        Json::String(text) if is_call(text) => {
            engine.render_native(file, &format!("{{{{ {text} }}}}"), context)
        }
        Json::String(text) => engine.render_native(file, text, context),
        Json::Array(items) => {
            items.iter().map(|item| render(engine, file, context, item)).collect::<Result<_>>().map(list)
        }
        Json::Object(entries) => {
            let pair = |(key, value): (&String, &Json)| {
                Ok((Value::from(key.as_str()), render(engine, file, context, value)?))
            };
            entries.iter().map(pair).collect::<Result<_>>().map(dict)
        }
        other => Ok(from_json(other)),
    }
}

/// Is it a text like `ref('x')`, without braces?
fn is_call(text: &str) -> bool {
    let text = text.trim();
    let callee = text.split('(').next().unwrap_or_default().trim_end();
    ["env_var", "ref", "var", "source", "doc"].contains(&callee)
        && text.ends_with(')')
        && text.len() > callee.len() + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_need_no_braces() {
        for (text, expect) in [
            ("ref('a')", true),
            (" source ('a', 'b') ", true),
            ("ref()", false),
            ("refer('a')", false),
            ("ref('a') and more", false),
            ("{{ ref('a') }}", false),
        ] {
            assert_eq!(is_call(text), expect, "{text}");
        }
    }
}
