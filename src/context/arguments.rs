//! What a command was given, by dbt's names: `flags`, `invocation_args_dict`, `args` of run_results.json.

use crate::manifest::Map;
use crate::project::Flags;
use crate::project::flags::BEHAVIOUR;
use serde_json::{Value as Json, json};

/// Flags that are left out where they are not set.
const UNSAID_UNLESS_TRUE: [&str; 8] = [
    "debug",
    "full_refresh",
    "fail_fast",
    "warn_error",
    "single_threaded",
    "log_cache_events",
    "store_failures",
    "use_experimental_parser",
];
/// Flags that some commands do not have.
const OF_SOME_COMMANDS: [&str; 3] = ["empty", "resource_types", "exclude_resource_types"];

/// `invocation_args_dict`, and `args` of run_results.json: what has a value, the project's behaviour flags
/// among it.
pub fn args_dict(flags: &Flags) -> Map {
    let mut args = all_flags(flags);
    args.retain(|name, value| {
        let unsaid = UNSAID_UNLESS_TRUE.contains(&name.as_str()) && *value == json!(false);
        let foreign = OF_SOME_COMMANDS.contains(&name.as_str()) && !flags.own.contains_key(name);
        !value.is_null() && !unsaid && !foreign
    });
    let known = |name: &str| BEHAVIOUR.iter().any(|(known, _)| *known == name);
    let behaviour = flags
        .behaviour
        .iter()
        .filter(|(name, _)| known(name))
        .map(|(name, on)| (name.clone(), Json::from(*on)));
    args.extend(behaviour);
    args
}

/// Every flag by dbt's name, and what only this command takes.
pub fn all_flags(flags: &Flags) -> Map {
    let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|p| p.display().to_string());
    let all = [
        ("which", json!(flags.which)),
        ("invocation_command", json!(flags.invocation_command)),
        ("select", json!(flags.select)),
        ("exclude", json!(flags.exclude)),
        ("selector", json!(flags.selector)),
        ("full_refresh", json!(flags.full_refresh.unwrap_or(false))),
        ("store_failures", json!(flags.store_failures)),
        ("fail_fast", json!(flags.fail_fast)),
        ("empty", json!(flags.empty)),
        ("vars", json!(flags.vars)),
        ("target", json!(flags.target)),
        ("profile", json!(flags.profile)),
        ("threads", json!(flags.threads)),
        ("project_dir", json!(path(&flags.project_dir))),
        ("profiles_dir", json!(path(&flags.profiles_dir))),
        ("target_path", json!(flags.target_path)),
        ("log_path", json!(flags.log_path)),
        ("log_format", json!(flags.log_format.as_str())),
        ("log_format_file", json!(flags.log_format_file.as_str())),
        ("log_level", json!(flags.log_level.as_str())),
        ("log_level_file", json!(flags.log_level_file.as_str())),
        ("log_file_max_bytes", json!(flags.log_file_max_bytes)),
        ("log_cache_events", json!(flags.log_cache_events)),
        ("use_colors", json!(flags.use_colors.unwrap_or(true))),
        ("use_colors_file", json!(flags.use_colors_file)),
        ("printer_width", json!(flags.printer_width)),
        ("debug", json!(flags.debug)),
        ("quiet", json!(flags.quiet)),
        ("print", json!(flags.print)),
        ("warn_error", json!(flags.warn_error)),
        (
            "warn_error_options",
            json!({
                "error": flags.warn_error_options.error,
                "warn": flags.warn_error_options.warn,
                "silence": flags.warn_error_options.silence,
            }),
        ),
        ("write_json", json!(flags.write_json)),
        ("partial_parse", json!(flags.partial_parse)),
        ("static_parser", json!(flags.static_parser)),
        ("version_check", json!(flags.version_check)),
        ("introspect", json!(flags.introspect)),
        ("indirect_selection", json!(flags.indirect_selection.as_str())),
        ("populate_cache", json!(flags.populate_cache)),
        ("cache_selected_only", json!(flags.cache_selected_only)),
        ("defer", json!(flags.defer)),
        ("state", json!(path(&flags.state))),
        ("defer_state", json!(path(&flags.defer_state))),
        ("favor_state", json!(flags.favor_state)),
        ("resource_types", json!(flags.resource_types)),
        ("exclude_resource_types", json!(flags.exclude_resource_types)),
        ("event_time_start", json!(flags.event_time_start)),
        ("event_time_end", json!(flags.event_time_end)),
        ("sample", json!(flags.sample)),
        ("wait", json!(flags.wait)),
        ("macro_debugging", json!(flags.macro_debugging)),
        ("send_anonymous_usage_stats", json!(flags.send_anonymous_usage_stats)),
        ("show_all_deprecations", json!(flags.show_all_deprecations)),
        ("partial_parse_file_diff", json!(flags.partial_parse_file_diff)),
        ("partial_parse_file_path", json!(path(&flags.partial_parse_file_path))),
        ("single_threaded", json!(flags.single_threaded)),
        ("use_experimental_parser", json!(false)),
        ("strict_mode", json!(false)),
        ("sqlparse", json!({"MAX_GROUPING_DEPTH": null, "MAX_GROUPING_TOKENS": null})),
        ("show_resource_report", json!(false)),
        ("upload_to_artifacts_ingest_api", json!(false)),
        ("use_fast_test_edges", json!(false)),
    ];
    let mut all: Map = all.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    all.extend(flags.own.clone());
    all
}
