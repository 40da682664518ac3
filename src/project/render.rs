//! Templates in project files: values of YAML rendered with `env_var`, `var` and `target`, types kept.

use super::Map;
use super::environment::{Environment, Secrets};
use super::project_file::DBT_VERSION;
use super::vars::{MISSING, missing_var};
use super::yaml::{ScalarStyle, Yaml, YamlFile, YamlValue};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::jinja::value::{Args, Outcome, from_json, function, to_json};
use crate::jinja::{Context, Engine, Lookup, NO_ATTRIBUTE, UNDEFINED, Value, plain, raise, render_within};
use minijinja::State;
use minijinja::value::Object;
use serde_json::Value as Json;
use std::sync::Arc;

/// `target` before there is one.
#[derive(Debug)]
struct NoTarget;

impl Object for NoTarget {
    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Value::from(""))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, _: &str, _: &[Value]) -> Outcome {
        Ok(Value::from(""))
    }
}

/// Renders values of project files. Knows no macro.
pub struct Renderer {
    engine: Engine,
    context: Arc<Context>,
    environment: Arc<Environment>,
    secrets: Secrets,
}

impl Renderer {
    /// `cli_vars` is all that `var` finds; `target` is there once a target is chosen.
    ///
    /// # Errors
    /// None that a user could cause.
    pub fn new(
        environment: &Arc<Environment>,
        cli_vars: &Map,
        secrets: Secrets,
        target: Option<&Map>,
    ) -> Result<Self> {
        let mut context = Context::new("")
            .set("env_var", env_var(environment.clone(), secrets))
            .set("var", var(Arc::new(cli_vars.clone()), true))
            .set("dbt_version", DBT_VERSION);
        if let Some(target) = target {
            context = context.set("target", from_json(&Json::Object(target.clone())));
        }
        Ok(Renderer {
            engine: Engine::new(Vec::new(), Lookup::default())?,
            context: Arc::new(context),
            environment: environment.clone(),
            secrets,
        })
    }

    /// Where no target was chosen (`deps`, `clean`), every field of `target` is an empty text, as in dbt; so is a
    /// var that nobody gave.
    ///
    /// # Errors
    /// As [`Renderer::new`].
    pub fn without_target(environment: &Arc<Environment>, cli_vars: &Map) -> Result<Self> {
        let mut renderer = Renderer::new(environment, cli_vars, Secrets::Refused, None)?;
        let context = Arc::into_inner(renderer.context).unwrap_or_default();
        let context = context.set("target", Value::from_object(NoTarget));
        renderer.context = Arc::new(context.set("var", var(Arc::new(cli_vars.clone()), false)));
        Ok(renderer)
    }

    /// A text of a file, rendered; secrets are put in where they are allowed.
    ///
    /// # Errors
    /// Whatever the template raises, at the node's place.
    pub fn render(&self, file: &YamlFile, node: &Yaml) -> Result<Yaml> {
        let YamlValue::String(text, style) = &node.value else { return Ok(node.clone()) };
        if let Some(plain) = plain(text) {
            return Ok(node.with(YamlValue::String(plain.to_string(), *style)));
        }
        let told = |fault: Error| {
            let place = within(file.place(node), *style, fault.location());
            // A missing var is dbt's compilation error, wherever it is asked for.
            let kind = if fault.code() == Some(MISSING) { fault.kind() } else { file.kind };
            file.lines.draw(helped(fault).with_kind(kind).located(place))
        };
        let value = self.engine.render_native(&file.path, text, &self.context).map_err(told)?;
        if value.is_undefined() {
            let fault = file.fault(node, format!("`{text}` is undefined"));
            return Err(fault.help("check the name, or give it a default: `{{ x | default('y') }}`"));
        }
        let json = to_json(&value).map_err(|why| file.fault(node, why.to_string()))?;
        Ok(node.replaced_by(if self.secrets == Secrets::Allowed { self.reveal(json) } else { json }))
    }

    fn reveal(&self, json: Json) -> Json {
        match json {
            Json::String(text) => Json::String(self.environment.reveal(&text)),
            Json::Array(items) => items.into_iter().map(|item| self.reveal(item)).collect(),
            Json::Object(entries) => {
                Json::Object(entries.into_iter().map(|(key, value)| (key, self.reveal(value))).collect())
            }
            other => other,
        }
    }

    /// A node with everything below it, rendered but where `keep` says so of the keys that lead there.
    /// Keys are never rendered. Faults are collected; what failed stays as it was.
    pub fn render_tree(&self, file: &YamlFile, node: &Yaml, keep: Keep, faults: &mut Vec<Error>) -> Yaml {
        self.walk(file, node, &mut Walk { path: Vec::new(), keep, faults })
    }

    fn walk(&self, file: &YamlFile, node: &Yaml, walk: &mut Walk<'_>) -> Yaml {
        match &node.value {
            YamlValue::List(items) => {
                node.with(YamlValue::List(items.iter().map(|item| self.walk(file, item, walk)).collect()))
            }
            YamlValue::Map(entries) => {
                let mut pair = |(key, value): &(Yaml, Yaml)| {
                    walk.path.push(key.as_str().unwrap_or_default().to_string());
                    let rendered = self.walk(file, value, walk);
                    walk.path.pop();
                    (key.clone(), rendered)
                };
                node.with(YamlValue::Map(entries.iter().map(&mut pair).collect()))
            }
            _ if (walk.keep)(&walk.path) => node.clone(),
            _ => self.render(file, node).unwrap_or_else(|fault| {
                walk.faults.push(fault);
                node.clone()
            }),
        }
    }
}

/// Of the keys that lead to a value: is it left as it is?
pub type Keep = fn(&[String]) -> bool;

struct Walk<'a> {
    path: Vec<String>,
    keep: Keep,
    faults: &'a mut Vec<Error>,
}

/// Where in the file a fault of a template is: the template's own lines and columns start in its node.
fn within(start: Location, style: ScalarStyle, inner: Option<&Location>) -> Location {
    let (Some(line), Some(inner)) = (start.line, inner) else { return start };
    let (down, right) = (inner.line.unwrap_or(1), inner.column.unwrap_or(1));
    match style {
        ScalarStyle::Block => Location::line(&start.path, line + down - 1),
        _ if down > 1 => start,
        _ => {
            let quote = usize::from(style == ScalarStyle::Quoted);
            Location { column: start.column.map(|column| column + quote + right - 1), ..start }
        }
    }
}

fn helped(fault: Error) -> Error {
    match fault.code() {
        _ if !fault.helps().is_empty() => fault,
        Some(UNDEFINED | NO_ATTRIBUTE) => {
            fault.help("templates of this file see `env_var`, `target`, and as `var` what `--vars` gives")
        }
        _ => fault.help("check what stands between `{{` and `}}`, or `{%` and `%}`"),
    }
}

/// `env_var(name, default)`. A default of any type comes back as it is.
fn env_var(environment: Arc<Environment>, secrets: Secrets) -> Value {
    function("env_var", move |_, args| {
        let args = Args::bind("env_var", &["var", "default"], args)?;
        let name = text(args.get(0), "env_var")?;
        let default = args.some(1);
        let found = environment.env_var(&name, default.map(|_| ""), secrets).map_err(raise)?;
        match default {
            Some(default) if environment.get(&name).is_none() => Ok(default.clone()),
            _ => Ok(Value::from(found)),
        }
    })
}

/// `var(name, default)`: the command line's vars alone.
/// `required` or not: without a value and a default it is a fault, or an empty text.
fn var(vars: Arc<Map>, required: bool) -> Value {
    function("var", move |state, args| {
        let args = Args::bind("var", &["var_name", "default"], args)?;
        let name = text(args.get(0), "var")?;
        match (vars.get(&name), args.get(1)) {
            (Some(Json::String(text)), _) => render_within(state, &format!("the var `{name}`"), text),
            (Some(value), _) => Ok(from_json(value)),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) if !required => Ok(Value::from("")),
            (None, None) => Err(raise(missing_var(&name, "<Configuration>", &vars))),
        }
    })
}

fn text(value: Option<&Value>, function: &str) -> std::result::Result<String, minijinja::Error> {
    value.and_then(Value::as_str).map(str::to_string).ok_or_else(|| {
        raise(
            Error::new(ErrorKind::Compilation, format!("`{function}` needs the name of a variable"))
                .help(format!("write `{function}('NAME')`")),
        )
    })
}
