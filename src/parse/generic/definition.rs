//! How a test may be written: a text, a mapping with one key, or one with `test_name`.

use super::config::{CONFIG_KEYS, config_of};
use super::target::Target;
use crate::error::{Error, Result};
use crate::manifest::Map;
use crate::parse::findings::Findings;
use crate::parse::json::{python_str, truthy};
use crate::parse::properties::Asked;
use serde_json::{Value as Json, json};

/// A test as it was meant.
#[derive(Debug, Default)]
pub(super) struct Definition {
    /// `dbt_utils` of `dbt_utils.equality`.
    pub namespace: Option<String>,
    /// `equality`.
    pub test: String,
    /// Its arguments, `model` and `column_name` among them.
    pub kwargs: Map,
    /// Its config, not rendered.
    pub config: Map,
    /// The name that the user gave it.
    pub name: Option<String>,
    /// Its description, not rendered.
    pub description: String,
}

/// Reads a definition. `strict` is dbt's flag by which arguments belong under `arguments:`.
///
/// # Errors
/// Something that is no test, an argument `model`, a config key in two places.
pub(super) fn read(
    target: &Target<'_>,
    asked: &Asked,
    strict: bool,
    findings: &mut Findings,
) -> Result<Definition> {
    let (test, mut args) = split(&asked.definition)?;
    if let Some(column) = &asked.column {
        args.insert("column_name".to_string(), json!(column));
    }
    if strict {
        nested(target, asked, (&test, &mut args), findings);
    } else if let Some(arguments) = args.get("arguments") {
        findings.warn("ArgumentsPropertyInGenericTestDeprecation", unasked(asked, &test, arguments));
    }
    if args.contains_key("model") {
        return Err(Error::parsing("Test arguments include \"model\", which is a reserved argument")
            .help("rename the argument; `model` is what the test stands on"));
    }
    args.insert("model".to_string(), json!(target.model_argument()));
    let (namespace, test) = names(&test)?;
    let config = config_of(&mut args)?;
    let text = |value: Option<Json>| value.filter(truthy).map(|value| python_str(&value));
    let description = text(args.shift_remove("description")).unwrap_or_default();
    let name = text(args.shift_remove("name"));
    Ok(Definition { namespace, test, kwargs: args, config, name, description })
}

/// The test's name and what stands with it.
fn split(written: &Json) -> Result<(String, Map)> {
    let entries = match written {
        Json::String(name) => return Ok((name.clone(), Map::new())),
        Json::Object(entries) => entries,
        other => return Err(Error::parsing(format!("test must be dict or str, got `{other}`")).help(FORMS)),
    };
    if let Some(name) = entries.get("test_name") {
        let name =
            name.as_str().ok_or_else(|| Error::parsing(format!("test name must be a str, got `{name}`")))?;
        let mut args = entries.clone();
        args.shift_remove("test_name");
        return Ok((name.to_string(), args));
    }
    let mut pairs = entries.iter();
    match (pairs.next(), pairs.next()) {
        (Some((name, Json::Object(args))), None) => Ok((name.clone(), args.clone())),
        (Some((name, other)), None) => {
            let message = format!("test arguments must be a dict, got `{other}` for `{name}`");
            Err(Error::parsing(message)
                .help(format!("write `- {name}`, or `- {name}:` with arguments indented below")))
        }
        _ => {
            let keys: Vec<&str> = entries.keys().map(String::as_str).collect();
            let message = format!(
                "test definition dictionary must have exactly one key, got [{}] instead ({} keys)",
                keys.join(", "),
                keys.len()
            );
            Err(Error::parsing(message).help("indent the arguments one level deeper than the test's name"))
        }
    }
}

const FORMS: &str = "write `- not_null`, or `- not_null:` with arguments indented below";

/// Moves what stands under `arguments` beside the others, and warns of what should stand there.
fn nested(target: &Target<'_>, asked: &Asked, (test, args): (&str, &mut Map), findings: &mut Findings) {
    let file = target.original_file_path;
    let arguments = args.shift_remove("arguments").unwrap_or(Json::Null);
    for key in args.keys().filter(|key| CONFIG_KEYS.contains(&key.as_str())) {
        let path = format!("data_tests.{test}.{key}");
        let message = format!(
            "Found `{key}` as a top-level property of `{path}` in file `{file}`. The `{key}` top-level property should \
             be moved into the `config` of `{path}`."
        );
        let fault = asked.spot.fault(message).with_field("key", key.as_str()).with_field("file", file);
        findings.warn("PropertyMovedToConfigDeprecation", fault.with_field("key_path", path));
    }
    let own = |key: &str| {
        ["config", "column_name", "description", "name"].contains(&key) || CONFIG_KEYS.contains(&key)
    };
    if !truthy(&arguments) && args.keys().any(|key| !own(key)) {
        let named = format!("`{test}` defined on '{}' in package '{}' ({file})", target.name, target.package);
        let message = format!(
            "Found top-level arguments to test {named}. Arguments to generic tests should be nested under the \
             `arguments` property."
        );
        let fault = asked.spot.fault(message).with_field("test_name", named);
        findings.warn("MissingArgumentsPropertyInGenericTestDeprecation", fault);
    }
    if let Json::Object(arguments) = arguments {
        args.extend(arguments);
    }
}

/// `arguments` where the project's flag leaves it to the test itself.
fn unasked(asked: &Asked, test: &str, arguments: &Json) -> Error {
    let named = format!("`{test}` ({})", python_str(arguments));
    let message = format!(
        "Found `arguments` property in test definition of {named} without usage of \
         `require_generic_test_arguments_property` behavior change flag: it is an argument of that name now, and will \
         hold the arguments one day."
    );
    asked.spot.fault(message).with_field("test_name", named)
}

/// Package and name of `package.test`.
fn names(test: &str) -> Result<(Option<String>, String)> {
    let is_name = |word: &str| {
        let mut chars = word.chars();
        chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match test.split_once('.') {
        Some((package, name)) if is_name(package) && is_name(name) => Ok((Some(package.into()), name.into())),
        None if is_name(test) => Ok((None, test.to_string())),
        _ => Err(Error::parsing(format!("Test name string did not match expected pattern: {test}"))),
    }
}
