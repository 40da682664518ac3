//! Warnings and the fault that ends a command, in dbt's words.

use super::super::errors;
use super::super::message::{Level, Message};
use super::super::style::{Tone, plain, plural};
use super::{Wording, code_of};
use crate::error::Error;
use serde_json::{Value as Json, json};

/// Warnings that dbt writes as they are, without a tag in front.
const UNTAGGED: &[&str] = &[
    "InvalidMacroAnnotation",
    "JinjaLogWarning",
    "NoNodesForSelectionCriteria",
    "NoNodesSelected",
    "NothingToDo",
    "SnapshotTimestampWarning",
    "UnpinnedRefNewVersionAvailable",
];

/// What is told beside warnings, but is none.
const INFORMS: &[&str] = &["UnpinnedRefNewVersionAvailable"];

/// Deprecations of dbt's older releases: their lines do not name their class.
const NAMELESS: &[&str] = &[
    "ConfigDataPathDeprecation",
    "ConfigLogPathDeprecation",
    "ConfigSourcePathDeprecation",
    "ConfigTargetPathDeprecation",
    "DuplicateNameDistinctNodeTypesDeprecation",
    "EnvironmentVariableNamespaceDeprecation",
    "EnvironmentVariableRenamed",
    "ExposureNameDeprecation",
    "ModelParamUsageDeprecation",
    "ModulesItertoolsUsageDeprecation",
    "PackageInstallPathDeprecation",
    "PackageRedirectDeprecation",
    "ProjectFlagsMovedDeprecation",
    "SourceOverrideDeprecation",
];

/// Deprecations that are told as any warning.
const PLAIN: &[&str] = &[
    "MFCumulativeTypeParamsDeprecation",
    "MFTimespineWithoutYamlConfigurationDeprecation",
    "MicrobatchMacroOutsideOfBatchesDeprecation",
    "PackageMaterializationOverrideDeprecation",
    "ResourceNamesWithSpacesDeprecation",
    "SourceFreshnessProjectHooksNotRun",
    "SpacesInResourceNameDeprecation",
];

/// A warning under its event class. Deprecations are wrapped at the width; most name their class.
pub fn warning(name: &'static str, error: &Error, wording: &Wording) -> Message {
    let said = error.message();
    let text = if UNTAGGED.contains(&name) {
        said.to_string()
    } else if let Some(head) = deprecation(name, wording.event_names) {
        wrap(&format!("{head}\n\n{said}"), wording.width)
    } else if PLAIN.contains(&name) {
        wrap(&format!("{}: {said}", tag()), wording.width)
    } else {
        format!("{}: {said}", tag())
    };
    // On the last line of the warning: what follows a stamped line would read as a row of `ls`.
    let place = error.location().filter(|place| place.is_in_file());
    let place = place.map(|place| format!(" --> {place}")).unwrap_or_default();
    let helps: String = error.helps().iter().map(|help| format!("; help: {help}")).collect();
    let level = if INFORMS.contains(&name) { Level::Info } else { Level::Warn };
    let told = Message::new(name, level, text + &place + &helps);
    let told = if error.fields().is_empty() { told.with("msg", said) } else { told };
    error.fields().iter().fold(told, |told, (field, value)| told.with(field, value.clone()))
}

/// The first line of a deprecation, for a class that has one.
fn deprecation(name: &str, event_names: bool) -> Option<String> {
    let own = name.starts_with("Deprecat") || name.ends_with("Deprecation");
    let plain = PLAIN.contains(&name) && !event_names;
    if plain || !(own || NAMELESS.contains(&name) || PLAIN.contains(&name)) {
        return None;
    }
    let class = match NAMELESS.contains(&name) && !event_names {
        true => String::new(),
        false => format!("[{name}]"),
    };
    Some(format!("{}{class}: Deprecated functionality", tag()))
}

fn tag() -> String {
    format!("[{}]", Tone::Yellow.paint("WARNING"))
}

/// How often each deprecation was met.
pub fn summary(met: &[(&'static str, usize)], show_all_hint: bool, wording: &Wording) -> Message {
    const NAME: &str = "DeprecationsSummary";
    let counted = met.iter().map(|(name, n)| format!("\n\n- {name}: {}", plural(*n, "occurrence")));
    let mut text =
        format!("{}[{NAME}]: Deprecated functionality\n\nSummary of encountered deprecations:", tag());
    text.extend(counted);
    if show_all_hint {
        text.push_str(
            "\n\nOf each one the first is shown: `--show-all-deprecations` shows all. Those that are found while \
             parsing are told again with `--no-partial-parse`.",
        );
    }
    let summaries: Vec<Json> = met
        .iter()
        .map(|(name, n)| json!({"event_name": name, "event_code": code_of(name), "occurrences": n}))
        .collect();
    Message::new(NAME, Level::Warn, wrap(&text, wording.width))
        .with("summaries", summaries)
        .with("show_all_hint", show_all_hint)
}

/// The command could not start, or stopped.
pub fn failed(error: &Error) -> Message {
    let told = error.full_text();
    Message::new("MainEncounteredError", Level::Error, format!("Encountered an error:\n{told}"))
        .drawn(format!("Encountered an error:\n{}", errors::draw(error)))
        .with("exc", told)
}

/// A macro that was called for itself failed.
pub fn operation_failed(error: &Error) -> Message {
    let begin = "Encountered an error while running operation: ";
    let told = error.full_text();
    Message::new("RunningOperationCaughtError", Level::Error, format!("{begin}{told}"))
        .drawn(format!("{begin}{}", errors::draw(error)))
        .with("exc", told)
}

/// Fills paragraphs, which empty lines part, to a width; joins them by single line ends, as dbt does.
fn wrap(text: &str, width: usize) -> String {
    text.split("\n\n").map(|part| fill(part, width)).collect::<Vec<_>>().join("\n")
}

fn fill(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = plain(word).chars().count();
        if used > 0 && used + 1 + length > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out
}
