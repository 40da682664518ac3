//! The global flags of a run, typed, with dbt's defaults, and what the project's `flags:` add to them.

use super::Map;
use crate::error::{Error, Result};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// `text` on the console, `debug` in the file.
    #[default]
    Default,
    /// Time and message.
    Text,
    /// Date, time, level, thread and message.
    Debug,
    /// One JSON object a line.
    Json,
}

/// The least weight of an event that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// What a user wants to see.
    Info,
    /// Warnings and errors.
    Warn,
    /// Errors.
    Error,
    /// Nothing.
    None,
}

/// Which tests come along with the nodes that are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndirectSelection {
    /// A test of any selected node.
    #[default]
    Eager,
    /// A test all of whose nodes are selected.
    Cautious,
    /// A test whose nodes are selected or are parents of selected ones.
    Buildable,
    /// No test that was not asked for.
    Empty,
}

macro_rules! words {
    ($kind:ty: $($variant:ident = $word:literal),+) => {
        impl $kind {
            /// The words that are accepted.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The value that a word names, in any case; `None` for other words.
            pub fn parse(word: &str) -> Option<Self> {
                match word.to_ascii_lowercase().as_str() {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
words!(LogFormat: Default = "default", Text = "text", Debug = "debug", Json = "json");
words!(LogLevel: Debug = "debug", Info = "info", Warn = "warn", Error = "error", None = "none");
words!(IndirectSelection: Eager = "eager", Cautious = "cautious", Buildable = "buildable", Empty = "empty");

/// Which warnings are errors, which stay warnings, which are not shown: event classes, or `all`,
/// `Deprecations`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WarnErrorOptions {
    /// Become errors (`error`, once `include`).
    pub error: Vec<String>,
    /// Stay warnings (`warn`, once `exclude`).
    pub warn: Vec<String>,
    /// Are not shown.
    pub silence: Vec<String>,
}

/// Every global flag of a run. Made by `cli/` in the order command line > environment; the project's
/// `flags:` come by [`Flags::apply_project_flags`] where neither spoke.
#[derive(Debug, Clone, PartialEq)]
pub struct Flags {
    /// Flags that the command line or the environment set, by field name.
    pub explicit: BTreeSet<&'static str>,
    /// The command: `build`, `docs generate`, as dbt names it.
    pub which: String,
    /// The whole command line as typed, for the artifacts.
    pub invocation_command: String,
    /// `--project-dir`.
    pub project_dir: Option<PathBuf>,
    /// `--profiles-dir`.
    pub profiles_dir: Option<PathBuf>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--target`.
    pub target: Option<String>,
    /// `--target-path`.
    pub target_path: Option<String>,
    /// `--log-path`.
    pub log_path: Option<String>,
    /// `--threads`.
    pub threads: Option<usize>,
    /// `--vars`.
    pub vars: Map,
    /// `--select`: each argument as given; a space within one is a union too.
    pub select: Vec<String>,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// `--selector`.
    pub selector: Option<String>,
    /// `--resource-type`.
    pub resource_types: Vec<String>,
    /// `--exclude-resource-type`.
    pub exclude_resource_types: Vec<String>,
    /// `--indirect-selection`.
    pub indirect_selection: IndirectSelection,
    /// `--full-refresh`; unset is not the same as no.
    pub full_refresh: Option<bool>,
    /// `--fail-fast`.
    pub fail_fast: bool,
    /// `--store-failures`; unset leaves it to each test.
    pub store_failures: Option<bool>,
    /// `--empty`.
    pub empty: bool,
    /// `--sample`, as written.
    pub sample: Option<String>,
    /// `--event-time-start`, as written.
    pub event_time_start: Option<String>,
    /// `--event-time-end`, as written.
    pub event_time_end: Option<String>,
    /// `--defer`.
    pub defer: bool,
    /// `--state`.
    pub state: Option<PathBuf>,
    /// `--defer-state`.
    pub defer_state: Option<PathBuf>,
    /// `--favor-state`.
    pub favor_state: bool,
    /// `--debug`.
    pub debug: bool,
    /// `--quiet`.
    pub quiet: bool,
    /// `--print`.
    pub print: bool,
    /// `--log-format`.
    pub log_format: LogFormat,
    /// `--log-format-file`.
    pub log_format_file: LogFormat,
    /// `--log-level`.
    pub log_level: LogLevel,
    /// `--log-level-file`.
    pub log_level_file: LogLevel,
    /// `--log-file-max-bytes`; 0 never turns the file over.
    pub log_file_max_bytes: u64,
    /// `--log-cache-events`.
    pub log_cache_events: bool,
    /// `--use-colors`; `None` where nobody said.
    pub use_colors: Option<bool>,
    /// `--use-colors-file`.
    pub use_colors_file: bool,
    /// `--printer-width`.
    pub printer_width: usize,
    /// `--warn-error`.
    pub warn_error: bool,
    /// `--warn-error-options`.
    pub warn_error_options: WarnErrorOptions,
    /// `--show-all-deprecations`.
    pub show_all_deprecations: bool,
    /// `--write-json`.
    pub write_json: bool,
    /// `--partial-parse`.
    pub partial_parse: bool,
    /// `--static-parser`; accepted, every model is rendered.
    pub static_parser: bool,
    /// `--version-check`.
    pub version_check: bool,
    /// `--introspect`.
    pub introspect: bool,
    /// `--populate-cache`.
    pub populate_cache: bool,
    /// `--cache-selected-only`.
    pub cache_selected_only: bool,
    /// `--single-threaded`.
    pub single_threaded: bool,
    /// `--macro-debugging`.
    pub macro_debugging: bool,
    /// `--send-anonymous-usage-stats`; karat sends nothing either way.
    pub send_anonymous_usage_stats: bool,
    /// Behaviour flags (`require_...`, `state_modified_...`), of which the project alone speaks.
    pub behaviour: BTreeMap<String, bool>,
}

/// Behaviour flags of dbt 1.11 and their defaults.
const BEHAVIOUR: &[(&str, bool)] = &[
    ("require_all_warnings_handled_by_warn_error", false),
    ("require_batched_execution_for_custom_microbatch_strategy", false),
    ("require_event_names_in_deprecations", false),
    ("require_explicit_package_overrides_for_builtin_materializations", true),
    ("require_generic_test_arguments_property", true),
    ("require_nested_cumulative_type_params", false),
    ("require_ref_searches_node_package_before_root", false),
    ("require_resource_names_without_spaces", true),
    ("require_unique_project_resource_names", false),
    ("require_yaml_configuration_for_mf_time_spines", false),
    ("skip_nodes_if_on_run_start_fails", false),
    ("source_freshness_run_project_hooks", true),
    ("state_modified_compare_more_unrendered_values", false),
    ("state_modified_compare_vars", false),
    ("validate_macro_args", false),
];

impl Default for Flags {
    fn default() -> Self {
        Flags {
            explicit: BTreeSet::new(),
            which: String::new(),
            invocation_command: String::new(),
            project_dir: None,
            profiles_dir: None,
            profile: None,
            target: None,
            target_path: None,
            log_path: None,
            threads: None,
            vars: Map::new(),
            select: Vec::new(),
            exclude: Vec::new(),
            selector: None,
            resource_types: Vec::new(),
            exclude_resource_types: Vec::new(),
            indirect_selection: IndirectSelection::Eager,
            full_refresh: None,
            fail_fast: false,
            store_failures: None,
            empty: false,
            sample: None,
            event_time_start: None,
            event_time_end: None,
            defer: false,
            state: None,
            defer_state: None,
            favor_state: false,
            debug: false,
            quiet: false,
            print: true,
            log_format: LogFormat::Default,
            log_format_file: LogFormat::Debug,
            log_level: LogLevel::Info,
            log_level_file: LogLevel::Debug,
            log_file_max_bytes: 10 * 1024 * 1024,
            log_cache_events: false,
            use_colors: None,
            use_colors_file: true,
            printer_width: 80,
            warn_error: false,
            warn_error_options: WarnErrorOptions::default(),
            show_all_deprecations: false,
            write_json: true,
            partial_parse: true,
            static_parser: true,
            version_check: true,
            introspect: true,
            populate_cache: true,
            cache_selected_only: false,
            single_threaded: false,
            macro_debugging: false,
            send_anonymous_usage_stats: true,
            behaviour: BEHAVIOUR.iter().map(|(name, on)| (name.to_string(), *on)).collect(),
        }
    }
}

impl Flags {
    /// Is a behaviour flag on? An unknown one is off.
    pub fn behaviour(&self, name: &str) -> bool {
        self.behaviour.get(name).copied().unwrap_or(false)
    }

    /// Takes over `flags:` of dbt_project.yml where neither command line nor environment spoke. Truth
    /// values of unknown names are kept as behaviour flags.
    ///
    /// # Errors
    /// Every value of a wrong type, all at once, by name.
    pub fn apply_project_flags(&mut self, flags: &Map) -> Result<()> {
        let faults = flags.iter().filter_map(|(name, value)| self.apply(name, value).err()).collect();
        Error::all(faults).map_or(Ok(()), Err)
    }

    fn apply(&mut self, name: &str, value: &Json) -> Result<()> {
        if value.is_null() || self.explicit.contains(name) {
            return Ok(());
        }
        if let Some(slot) = self.switch(name) {
            *slot = truth(name, value)?;
            return Ok(());
        }
        match name {
            "use_colors" => self.use_colors = Some(truth(name, value)?),
            "full_refresh" => self.full_refresh = Some(truth(name, value)?),
            "store_failures" => self.store_failures = Some(truth(name, value)?),
            "printer_width" => self.printer_width = whole(name, value)?,
            "log_file_max_bytes" => self.log_file_max_bytes = whole(name, value)? as u64,
            "indirect_selection" => {
                self.indirect_selection =
                    word(name, value, IndirectSelection::parse, IndirectSelection::WORDS)?;
            }
            "log_format" => self.log_format = word(name, value, LogFormat::parse, LogFormat::WORDS)?,
            "log_format_file" => {
                self.log_format_file = word(name, value, LogFormat::parse, LogFormat::WORDS)?
            }
            "log_level" => self.log_level = word(name, value, LogLevel::parse, LogLevel::WORDS)?,
            "log_level_file" => self.log_level_file = word(name, value, LogLevel::parse, LogLevel::WORDS)?,
            "warn_error_options" => self.warn_error_options = WarnErrorOptions::from_json(value)?,
            _ => self.apply_behaviour(name, value)?,
        }
        Ok(())
    }

    fn apply_behaviour(&mut self, name: &str, value: &Json) -> Result<()> {
        if BEHAVIOUR.iter().any(|(known, _)| *known == name) || value.is_boolean() {
            self.behaviour.insert(name.to_string(), truth(name, value)?);
        }
        Ok(())
    }

    fn switch(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "cache_selected_only" => &mut self.cache_selected_only,
            "debug" => &mut self.debug,
            "fail_fast" => &mut self.fail_fast,
            "introspect" => &mut self.introspect,
            "log_cache_events" => &mut self.log_cache_events,
            "partial_parse" => &mut self.partial_parse,
            "populate_cache" => &mut self.populate_cache,
            "print" => &mut self.print,
            "quiet" => &mut self.quiet,
            "send_anonymous_usage_stats" => &mut self.send_anonymous_usage_stats,
            "static_parser" => &mut self.static_parser,
            "use_colors_file" => &mut self.use_colors_file,
            "version_check" => &mut self.version_check,
            "warn_error" => &mut self.warn_error,
            "write_json" => &mut self.write_json,
            _ => return None,
        })
    }
}

impl WarnErrorOptions {
    /// From `{error | include, warn | exclude, silence}`, each a list or one word.
    ///
    /// # Errors
    /// Anything but a mapping of these keys, and both spellings of one key.
    pub fn from_json(value: &Json) -> Result<Self> {
        let Json::Object(entries) = value else {
            return Err(wrong("warn_error_options", "a mapping with `error`, `warn`, `silence`", value));
        };
        let known = ["error", "include", "warn", "exclude", "silence"];
        if let Some(unknown) = entries.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(Error::runtime(format!("`warn_error_options` has no key `{unknown}`"))
                .help("its keys are `error`, `warn` and `silence`"));
        }
        for (new, old) in [("error", "include"), ("warn", "exclude")] {
            if entries.contains_key(new) && entries.contains_key(old) {
                return Err(Error::runtime(format!("`warn_error_options` has both `{new}` and `{old}`"))
                    .help(format!("`{old}` is the old name of `{new}`: keep one")));
            }
        }
        let names = |keys: [&str; 2]| keys.iter().find_map(|key| entries.get(*key)).map_or(Vec::new(), texts);
        Ok(WarnErrorOptions {
            error: names(["error", "include"]),
            warn: names(["warn", "exclude"]),
            silence: names(["silence", "silence"]),
        })
    }
}

fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::String(one) => vec![one.clone()],
        Json::Array(many) => many.iter().filter_map(Json::as_str).map(str::to_string).collect(),
        _ => Vec::new(),
    }
}

fn truth(name: &str, value: &Json) -> Result<bool> {
    value.as_bool().ok_or_else(|| wrong(name, "true or false", value))
}

fn whole(name: &str, value: &Json) -> Result<usize> {
    value.as_u64().map(|number| number as usize).ok_or_else(|| wrong(name, "a whole number", value))
}

fn word<T>(name: &str, value: &Json, parse: fn(&str) -> Option<T>, words: &[&str]) -> Result<T> {
    let found = value.as_str().and_then(parse);
    found.ok_or_else(|| wrong(name, &format!("one of {}", words.join(", ")), value))
}

fn wrong(name: &str, expected: &str, value: &Json) -> Error {
    Error::runtime(format!("flag `{name}` must be {expected}, not `{value}`"))
        .help("it is set under `flags:` in dbt_project.yml")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn check(flags: Json, expect: Result<fn(&Flags) -> bool, &str>) {
        let mut got = Flags { quiet: true, explicit: BTreeSet::from(["quiet"]), ..Flags::default() };
        let applied = got.apply_project_flags(flags.as_object().unwrap());
        match expect {
            Ok(holds) => assert!(applied.is_ok() && holds(&got), "{flags}"),
            Err(message) => assert_eq!(applied.unwrap_err().message(), message),
        }
    }

    #[test]
    fn project_flags_fill_what_nobody_set() {
        check(json!({"fail_fast": true}), Ok(|f| f.fail_fast));
        check(json!({"quiet": false}), Ok(|f| f.quiet));
        check(json!({"use_colors": null}), Ok(|f| f.use_colors.is_none()));
        check(json!({"printer_width": 120}), Ok(|f| f.printer_width == 120));
        check(json!({"log_format": "JSON"}), Ok(|f| f.log_format == LogFormat::Json));
        check(
            json!({"state_modified_compare_vars": true}),
            Ok(|f| f.behaviour("state_modified_compare_vars")),
        );
        check(json!({"from_the_future": true}), Ok(|f| f.behaviour("from_the_future")));
        check(
            json!({"warn_error_options": {"include": "all", "silence": ["X"]}}),
            Ok(|f| f.warn_error_options.error == ["all"] && f.warn_error_options.silence == ["X"]),
        );
        check(json!({"fail_fast": "yes"}), Err("flag `fail_fast` must be true or false, not `\"yes\"`"));
        check(
            json!({"indirect_selection": "shy"}),
            Err("flag `indirect_selection` must be one of eager, cautious, buildable, empty, not `\"shy\"`"),
        );
        check(
            json!({"warn_error_options": {"error": [], "include": []}}),
            Err("`warn_error_options` has both `error` and `include`"),
        );
    }
}
