//! From what was given to the flags of a run: the project's own type, with what was explicit marked.

use super::flags::{self, Kind};
use super::usage::{Refusal, bad_value, usage_error};
use super::{Given, Invocation, Value};
use crate::context::event_time::{moment, sample};
use crate::error::ErrorKind;
use crate::manifest::Map;
use crate::project::Flags;
use crate::project::flags::{IndirectSelection, LogFormat, LogLevel, WarnErrorOptions};
use crate::project::yaml::YamlFile;
use serde_json::Value as Json;
use std::path::PathBuf;

/// The flags of an invocation, with dbt's defaults where nothing was given.
///
/// # Errors
/// `--vars` and the like that are no YAML mapping, as usage errors.
pub fn settle(invocation: &Invocation) -> Result<Flags, Refusal> {
    let given = &invocation.given;
    let mut flags = Flags {
        which: invocation.command.map_or("", |spec| spec.which()).to_string(),
        invocation_command: invocation.typed.clone(),
        ..Flags::default()
    };
    places(given, &mut flags);
    selection(given, &mut flags);
    numbers_and_words(given, &mut flags);
    switches(given, &mut flags);
    let refused = |(flag, fault): (&str, String)| {
        let bad = super::given::BadValue { flag: format!("--{flag}"), fault };
        bad_value(&bad, &invocation.words)
    };
    if let Some(vars) = mapping(given, "vars").map_err(refused)? {
        flags.vars = vars;
    }
    if let Some(options) = mapping(given, "warn-error-options").map_err(refused)? {
        flags.warn_error_options = WarnErrorOptions::from_json(&Json::Object(options))
            .map_err(|fault| refused(("warn-error-options", format!("{}.", fault.message()))))?;
    }
    event_times(&flags).map_err(refused)?;
    flags.own = own(invocation);
    flags.own.extend(inner(given));
    flags.explicit = given.iter().filter_map(|(id, _)| field(id)).collect();
    Ok(flags)
}

/// Flags that exclude each other.
///
/// # Errors
/// Two of them, as a usage error.
pub fn exclusive(invocation: &Invocation) -> Result<(), Refusal> {
    const PAIRS: [(&str, &str); 3] =
        [("warn-error", "warn-error-options"), ("select", "inline"), ("selector", "inline")];
    let given = |id: &str| invocation.given.source(id).is_some();
    match PAIRS.iter().find(|(one, other)| given(one) && given(other)) {
        Some((one, other)) => {
            let [one, other] = [one, other].map(|id| id.replace('-', "_"));
            Err(usage_error(&invocation.words, &format!("{other}: not allowed with argument {one}")))
        }
        None => Ok(()),
    }
}

/// What only this command takes: its positional argument, and flags beside those of [`Flags`].
fn own(invocation: &Invocation) -> Map {
    let Some(spec) = invocation.command else { return Map::new() };
    let positional = spec
        .positional
        .and_then(|(name, _)| Some((name.to_string(), Json::from(invocation.positional.clone()?))));
    let flags = spec.flags.iter().filter_map(|id| flags::find(id));
    let flags = flags.filter(|flag| !SETTLED.contains(&flag.id)).filter_map(|flag| {
        let given = invocation.given.iter().find(|(id, _)| *id == flag.id).map(|(_, value)| value);
        let value = match (given, flag.id, flag.kind) {
            (Some(Value::Text(text)), _, Kind::Yaml) => {
                YamlFile::parse(flag.id, text.as_bytes(), ErrorKind::Usage).ok()?.root.to_json()
            }
            (Some(value), ..) => as_json_value(value),
            (None, "inject-ephemeral-ctes" | "compile" | "browser", _) => Json::from(true),
            (None, "output", _) => Json::from("text"),
            (None, "limit", _) => Json::from(5),
            (None, _, Kind::Pair | Kind::Switch) => Json::from(false),
            (None, _, Kind::Many | Kind::ManyOf(_)) => Json::Array(Vec::new()),
            (None, _, Kind::Yaml) => Json::Object(Map::new()),
            (None, ..) => return None,
        };
        Some((flag.long.replace('-', "_"), value))
    });
    flags.chain(positional).collect()
}

/// Flags of every command that have no effect, where they were given: templates and artifacts show them.
fn inner(given: &Given) -> impl Iterator<Item = (String, Json)> {
    const INNER: [&str; 5] = [
        "record-timing-info",
        "show-resource-report",
        "upload-to-artifacts-ingest-api",
        "use-experimental-parser",
        "use-fast-test-edges",
    ];
    let given: Vec<_> = given.iter().filter(|(id, _)| INNER.contains(id)).collect();
    given.into_iter().map(|(id, value)| (id.replace('-', "_"), as_json_value(value)))
}

/// Flags of some commands that have fields of their own in [`Flags`].
const SETTLED: &[&str] = &[
    "select",
    "select_only",
    "models",
    "exclude",
    "selector",
    "full-refresh",
    "store-failures",
    "sample",
    "event-time-start",
    "event-time-end",
    "introspect",
];

fn places(given: &Given, flags: &mut Flags) {
    let path = |id: &str| given.text(id).map(PathBuf::from);
    let text = |id: &str| given.text(id).map(str::to_string);
    flags.project_dir = path("project-dir");
    flags.profiles_dir = path("profiles-dir");
    flags.profile = text("profile");
    flags.target = text("target");
    flags.target_path = text("target-path");
    flags.log_path = text("log-path");
    flags.state = path("state");
    flags.defer_state = path("defer-state");
    flags.partial_parse_file_path = path("partial-parse-file-path");
}

fn selection(given: &Given, flags: &mut Flags) {
    let text = |id: &str| given.text(id).map(str::to_string);
    flags.select = [given.many("select"), given.many("select_only")].concat();
    if given.source("models").is_some() {
        flags.select.extend(given.many("models"));
        flags.resource_types.push("model".into());
    }
    flags.exclude = given.many("exclude");
    flags.selector = text("selector");
    flags.resource_types.extend(given.many("resource-types"));
    flags.exclude_resource_types = given.many("exclude-resource-types");
    flags.full_refresh = given.bool("full-refresh");
    flags.store_failures = given.bool("store-failures");
    flags.sample = text("sample");
    flags.event_time_start = text("event-time-start");
    flags.event_time_end = text("event-time-end");
}

/// The moments that bound batches, and the window of the sample. The sentences are dbt's, which tools know.
fn event_times(flags: &Flags) -> Result<(), (&'static str, String)> {
    let (start, end) = ("event-time-start", "event-time-end");
    let read = |flag: &'static str, text: &Option<String>| {
        let no_moment =
            |text: &str| (flag, format!("'{text}' is no moment: write 2024-01-31 or '2024-01-31 12:00:00'."));
        text.as_deref().map(|text| moment(text).ok_or_else(|| no_moment(text))).transpose()
    };
    let pairless = |flag: &'static str, other: &str| {
        (flag, format!("When specifying `--{flag}`, `--{other}` must also be present."))
    };
    match (read(start, &flags.event_time_start)?, read(end, &flags.event_time_end)?) {
        (Some(_), None) => return Err(pairless(start, end)),
        (None, Some(_)) => return Err(pairless(end, start)),
        (Some(first), Some(last)) if first >= last => {
            return Err((start, format!("Value for `--{start}` must be less than `--{end}`")));
        }
        _ => {}
    }
    let window = flags.sample.as_deref().map(|text| sample(text, chrono::Utc::now())).transpose();
    window.map(|_| ()).map_err(|fault| ("sample", fault.message().to_string()))
}

fn numbers_and_words(given: &Given, flags: &mut Flags) {
    let number = |id: &str| given.int(id).and_then(|n| usize::try_from(n).ok());
    flags.threads = number("threads");
    flags.wait = number("wait").map(|seconds| seconds as u64);
    flags.printer_width = number("printer-width").unwrap_or(flags.printer_width);
    flags.log_file_max_bytes =
        number("log-file-max-bytes").map_or(flags.log_file_max_bytes, |bytes| bytes as u64);
    set(&mut flags.log_format, given, "log-format", LogFormat::parse);
    set(&mut flags.log_format_file, given, "log-format", LogFormat::parse);
    set(&mut flags.log_format_file, given, "log-format-file", LogFormat::parse);
    set(&mut flags.log_level, given, "log-level", LogLevel::parse);
    set(&mut flags.log_level_file, given, "log-level", LogLevel::parse);
    set(&mut flags.log_level_file, given, "log-level-file", LogLevel::parse);
    set(&mut flags.indirect_selection, given, "indirect-selection", IndirectSelection::parse);
}

fn set<T>(slot: &mut T, given: &Given, id: &str, parse: fn(&str) -> Option<T>) {
    if let Some(value) = given.text(id).and_then(parse) {
        *slot = value;
    }
}

fn switches(given: &Given, flags: &mut Flags) {
    flags.use_colors = given.bool("use-colors");
    flags.use_colors_file = flags.use_colors.unwrap_or(flags.use_colors_file);
    let slots = [
        ("cache-selected-only", &mut flags.cache_selected_only),
        ("debug", &mut flags.debug),
        ("defer", &mut flags.defer),
        ("empty", &mut flags.empty),
        ("fail-fast", &mut flags.fail_fast),
        ("favor-state", &mut flags.favor_state),
        ("fuse-tests", &mut flags.fuse_tests),
        ("introspect", &mut flags.introspect),
        ("inject-ephemeral-ctes", &mut flags.inject_ephemeral_ctes),
        ("log-cache-events", &mut flags.log_cache_events),
        ("macro-debugging", &mut flags.macro_debugging),
        ("partial-parse", &mut flags.partial_parse),
        ("partial-parse-file-diff", &mut flags.partial_parse_file_diff),
        ("populate-cache", &mut flags.populate_cache),
        ("print", &mut flags.print),
        ("quiet", &mut flags.quiet),
        ("send-anonymous-usage-stats", &mut flags.send_anonymous_usage_stats),
        ("show-all-deprecations", &mut flags.show_all_deprecations),
        ("single-threaded", &mut flags.single_threaded),
        ("static-parser", &mut flags.static_parser),
        ("timing", &mut flags.timing),
        ("use-colors-file", &mut flags.use_colors_file),
        ("version-check", &mut flags.version_check),
        ("warn-error", &mut flags.warn_error),
        ("write-json", &mut flags.write_json),
    ];
    for (id, slot) in slots {
        if let Some(on) = given.bool(id) {
            *slot = on;
        }
    }
}

/// A YAML mapping; an empty text is an empty mapping.
fn mapping<'a>(given: &Given, id: &'a str) -> Result<Option<Map>, (&'a str, String)> {
    let Some(text) = given.text(id) else { return Ok(None) };
    let fault = || (id, format!("String '{text}' is not valid YAML"));
    let file = YamlFile::parse(id, text.as_bytes(), ErrorKind::Usage).map_err(|_| fault())?;
    match file.root.to_json() {
        Json::Object(map) => Ok(Some(map)),
        Json::Null => Ok(Some(Map::new())),
        _ => Err(fault()),
    }
}

/// The name of a flag's field as the project's `flags:` write it, if it can stand there.
fn field(id: &'static str) -> Option<&'static str> {
    FIELDS.iter().copied().find(|name| flags::find(id).is_some_and(|flag| flag.field() == *name))
}

/// What the project's `flags:` may say too; what was explicit of these is not overruled.
const FIELDS: &[&str] = &[
    "cache_selected_only",
    "debug",
    "defer",
    "empty",
    "exclude",
    "fail_fast",
    "favor_state",
    "full_refresh",
    "fuse_tests",
    "indirect_selection",
    "introspect",
    "log_cache_events",
    "log_file_max_bytes",
    "log_format",
    "log_format_file",
    "log_level",
    "log_level_file",
    "log_path",
    "partial_parse",
    "populate_cache",
    "print",
    "printer_width",
    "profile",
    "quiet",
    "resource_types",
    "select",
    "selector",
    "send_anonymous_usage_stats",
    "show_all_deprecations",
    "state",
    "static_parser",
    "store_failures",
    "target",
    "target_path",
    "threads",
    "use_colors",
    "use_colors_file",
    "vars",
    "version_check",
    "warn_error",
    "warn_error_options",
    "write_json",
];

/// The values as JSON, for the first line of the log.
pub fn as_json(given: &Given) -> Map {
    given.iter().map(|(id, value)| (id.replace('-', "_"), as_json_value(value))).collect()
}

fn as_json_value(value: &Value) -> Json {
    match value {
        Value::Bool(on) => Json::from(*on),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Int(n) => Json::from(*n),
        Value::Many(all) => Json::from(all.clone()),
    }
}
