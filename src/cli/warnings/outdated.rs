//! What of the command line, the environment and the flags is out of date.

use super::super::Start;
use super::super::args::flags::every;
use super::deprecations::OLD_NAME;
use crate::error::Error;
use crate::project::Flags;
use std::collections::HashSet;

/// Every deprecation that is known before the project is read, by its class.
pub fn outdated(start: &Start, flags: &Flags) -> Vec<(&'static str, Error)> {
    let renamed = start.invocation.given.renamed().map(|(old, new)| {
        let error = Error::runtime(renamed(old, new)).with_field(OLD_NAME, old).with_field("new_name", new);
        ("EnvironmentVariableRenamed", error)
    });
    let models = start.flags.invocation_command.split(' ').any(|word| MODELS.contains(&word));
    let models = models.then(|| {
        let said = "Usage of `--models`, `--model`, and `-m` is deprecated in favor of `--select` or `-s`.";
        ("ModelParamUsageDeprecation", Error::runtime(said))
    });
    let older = older_words(flags.warn_error_options.older);
    reserved(start).into_iter().chain(renamed).chain(older).chain(models).collect()
}

/// Older spellings of `--select`.
const MODELS: [&str; 3] = ["--models", "--model", "-m"];

/// The beginning of the variables that are the engine's own.
const RESERVED: &str = "DBT_ENGINE_";

/// Variables of the engine that are no flag's.
const OTHERS: [&str; 4] = [
    "DBT_ENGINE_INVOCATION_ENV",
    "DBT_ENGINE_RECORDED_FILE_PATH",
    "DBT_ENGINE_PACKAGE_HUB_URL",
    "DBT_ENGINE_DOWNLOAD_DIR",
];

/// Variables of the user's own under the engine's prefix.
fn reserved(start: &Start) -> Vec<(&'static str, Error)> {
    let known: HashSet<String> = every().flat_map(|flag| flag.variables()).collect();
    let own = start.environment.names().filter(|name| name.starts_with(RESERVED));
    let mut own: Vec<&str> = own.filter(|name| !known.contains(*name) && !OTHERS.contains(name)).collect();
    own.sort_unstable();
    own.into_iter()
        .map(|name| {
            let said = format!(
                "Found custom environment variable `{name}` in the environment. The prefix `{RESERVED}` is reserved: \
                 a later release may take such a variable for one of its flags."
            );
            let error = Error::runtime(said).with_field("env_var", name).with_field("reserved_prefix", RESERVED);
            ("EnvironmentVariableNamespaceDeprecation", error)
        })
        .collect()
}

/// `include` and `exclude` of `warn_error_options`.
fn older_words((include, exclude): (bool, bool)) -> Option<(&'static str, Error)> {
    let words = [(include, "include", "error"), (exclude, "exclude", "warn")];
    let found: Vec<_> = words.into_iter().filter(|(found, ..)| *found).collect();
    if found.is_empty() {
        return None;
    }
    let list = found.iter().map(|(_, old, _)| format!("`{old}`")).collect::<Vec<_>>().join(" and ");
    let advice = found.iter().map(|(_, old, new)| format!(" Please use `{new}` instead of `{old}`."));
    let said = format!("Found {list} in `warn_error_options` specification.{}", advice.collect::<String>());
    let error =
        Error::runtime(said).with_field("found_include", include).with_field("found_exclude", exclude);
    Some(("WEOIncludeExcludeDeprecation", error))
}

/// What is said of an environment variable by its older name.
fn renamed(old: &str, new: &str) -> String {
    format!(
        "The environment variable `{old}` has been renamed as `{new}`. If `{old}` is currently set, its value will be \
         used instead of `{new}`. Set `{new}` and unset `{old}` to avoid this deprecation warning and ensure it works \
         properly in a future release."
    )
}
