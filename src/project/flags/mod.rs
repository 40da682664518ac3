//! The global flags of a run, typed, with dbt's defaults, and what the project's `flags:` add to them.

mod project;
mod user;
mod values;

pub use user::user_settings;
pub use values::{IndirectSelection, LogFormat, LogLevel, WarnErrorOptions};

use super::Map;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Every global flag of a run. Made by `cli/` in the order command line > environment; the project's
/// `flags:` come by [`Flags::apply_project_flags`] where neither spoke.
#[derive(Debug, Clone, PartialEq)]
pub struct Flags {
    /// What `~/.dbt/user_settings.yml` says, for where nobody else does.
    pub user: Map,
    /// Flags that the command line or the environment set, by field name.
    pub explicit: BTreeSet<&'static str>,
    /// The command: `build`, `docs generate`, as dbt names it.
    pub which: String,
    /// The whole command line as typed, for the artifacts.
    pub invocation_command: String,
    /// What only this command takes, by dbt's names, with its defaults.
    pub own: Map,
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
    /// `--wait`: seconds to wait for what another run holds; `None` where nobody said.
    pub wait: Option<u64>,
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
    /// `--partial-parse-file-path`: another file to take the parsed manifest from.
    pub partial_parse_file_path: Option<std::path::PathBuf>,
    /// `--partial-parse-file-diff`: are the files looked at for changes?
    pub partial_parse_file_diff: bool,
    /// `--static-parser`; accepted, every model is rendered.
    pub static_parser: bool,
    /// `--version-check`.
    pub version_check: bool,
    /// `--introspect`.
    pub introspect: bool,
    /// `--inject-ephemeral-ctes`.
    pub inject_ephemeral_ctes: bool,
    /// `--populate-cache`.
    pub populate_cache: bool,
    /// `--cache-selected-only`.
    pub cache_selected_only: bool,
    /// `--fuse-tests`: may tests of one relation share a scan of it?
    pub fuse_tests: bool,
    /// `--timing`: tell at the end where the time went.
    pub timing: bool,
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
pub const BEHAVIOUR: &[(&str, bool)] = &[
    // karat's own: where safety and dbt's habits part
    ("lock_relations", true),
    ("refuse_duplicate_keys", true),
    // dbt's
    ("latest_version_pointer_enabled_by_default", false),
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
            own: Map::new(),
            project_dir: None,
            profiles_dir: None,
            profile: None,
            target: None,
            target_path: None,
            user: Map::new(),
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
            wait: None,
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
            partial_parse_file_path: None,
            partial_parse_file_diff: true,
            static_parser: true,
            version_check: true,
            introspect: true,
            inject_ephemeral_ctes: true,
            populate_cache: true,
            cache_selected_only: false,
            fuse_tests: true,
            timing: false,
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

    /// Does a `ref` in a package look there before it looks into the root project?
    pub fn own_package_first(&self) -> bool {
        self.behaviour("require_ref_searches_node_package_before_root")
    }
}
