//! Templates in property files: what is rendered when the file is read, and what is left for later.

use super::entry::{Key, PropertyFile};
use crate::error::{Error, Location, Result};
use crate::jinja::value::to_json;
use crate::jinja::{Context, Engine, plain};
use crate::parse::stage::Stage;
use crate::project::yaml::{Yaml, YamlValue};
use std::sync::Arc;

/// An entry with its templates rendered, types kept. Descriptions are rendered once docs blocks are known,
/// the arguments of tests when the test is, hooks when the node is.
///
/// # Errors
/// Every template that does not render, at its place.
pub(super) fn render(stage: &Stage<'_>, file: &PropertyFile, key: Key, item: &Yaml) -> Result<Yaml> {
    if !may_change(item) {
        return Ok(item.clone());
    }
    let context = Arc::new(stage.base.plain(stage.session, &file.package));
    let mut walk =
        Walk { engine: &stage.session.engine, context, file, key, path: Vec::new(), faults: Vec::new() };
    let rendered = walk.node(item);
    Error::all(walk.faults).map_or(Ok(rendered), Err)
}

/// Is there a template below, or a text that ends with a line feed? Templates drop the last one.
fn may_change(node: &Yaml) -> bool {
    match &node.value {
        YamlValue::String(text, _) => plain(text) != Some(text),
        YamlValue::List(items) => items.iter().any(may_change),
        YamlValue::Map(entries) => entries.iter().any(|(_, value)| may_change(value)),
        _ => false,
    }
}

struct Walk<'a> {
    engine: &'a Engine,
    context: Arc<Context>,
    file: &'a PropertyFile,
    key: Key,
    /// The keys that lead here; an empty one for an item of a list.
    path: Vec<String>,
    faults: Vec<Error>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Yaml) -> Yaml {
        match &node.value {
            YamlValue::List(items) => {
                let items = items.iter().map(|item| self.below("", item)).collect();
                node.with(YamlValue::List(items))
            }
            YamlValue::Map(entries) => {
                let pair = |(key, value): &(Yaml, Yaml)| {
                    (key.clone(), self.below(key.as_str().unwrap_or_default(), value))
                };
                node.with(YamlValue::Map(entries.iter().map(pair).collect()))
            }
            YamlValue::String(text, style) if may_change(node) && !self.is_kept() => match plain(text) {
                Some(plain) => node.with(YamlValue::String(plain.to_string(), *style)),
                None => self.text(node, text),
            },
            _ => node.clone(),
        }
    }

    fn below(&mut self, key: &str, node: &Yaml) -> Yaml {
        self.path.push(key.to_string());
        let rendered = self.node(node);
        self.path.pop();
        rendered
    }

    fn text(&mut self, node: &Yaml, text: &str) -> Yaml {
        let rendered = self.engine.render_native(&self.file.yaml.path, text, &self.context);
        let json = rendered.and_then(|value| to_json(&value).map_err(|why| Error::parsing(why.to_string())));
        json.map_or_else(
            |error| {
                let place = Location::at(&*self.file.yaml.path, node.line, node.column);
                self.faults.push(self.file.yaml.lines.draw(error.located(place)));
                node.clone()
            },
            |json| node.replaced_by(json),
        )
    }

    /// Is the value under the present path left as it is?
    fn is_kept(&self) -> bool {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let late = |path: &[&str]| {
            // What a config holds is rendered whatever its keys are called: a seed's column `description`.
            let config = path.iter().position(|key| *key == "config").unwrap_or(path.len());
            let direct = config == 0 && path.len() == 2;
            let plain = if direct { path } else { &path[..config] };
            plain.contains(&"description") || is_tests(plain) || is_hook(path)
        };
        match (self.key, &path[..]) {
            (Key::Sources, ["tables", _, rest @ ..]) => late(rest) || rest.contains(&"loaded_at_query"),
            (Key::Sources, rest) => {
                matches!(rest, ["description"]) || rest.contains(&"loaded_at_query") || is_tests(rest)
            }
            (Key::Models, ["metrics", rest @ ..]) => rest.contains(&"filter") || late(rest),
            (Key::Metrics | Key::SemanticModels, rest) => rest.contains(&"filter") || late(rest),
            (Key::SavedQueries, ["query_params", "where", ..]) => true,
            (Key::Exposures, ["depends_on", ..]) => true,
            (Key::UnitTests, ["given" | "expect" | "overrides", ..]) => false,
            (_, rest) => late(rest),
        }
    }
}

fn is_tests(path: &[&str]) -> bool {
    path.iter().any(|key| matches!(*key, "tests" | "data_tests"))
}

fn is_hook(path: &[&str]) -> bool {
    path.contains(&"config")
        && path.iter().any(|key| matches!(*key, "pre_hook" | "post_hook" | "pre-hook" | "post-hook"))
}
