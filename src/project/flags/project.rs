//! What the project's `flags:` say where neither command line nor environment spoke.

use super::{BEHAVIOUR, Flags, IndirectSelection, LogFormat, LogLevel, WarnErrorOptions};
use crate::error::{Error, Result};
use crate::project::Map;
use serde_json::Value as Json;

/// Flags that are true or false.
const SWITCHES: &[&str] = &[
    "cache_selected_only",
    "debug",
    "fail_fast",
    "fuse_tests",
    "introspect",
    "log_cache_events",
    "partial_parse",
    "populate_cache",
    "print",
    "quiet",
    "send_anonymous_usage_stats",
    "static_parser",
    "use_colors_file",
    "version_check",
    "warn_error",
    "write_json",
];
/// The other ones, of whatever type; dbt's that mean nothing here too.
const OTHERS: &[&str] = &[
    "use_colors",
    "full_refresh",
    "store_failures",
    "printer_width",
    "log_file_max_bytes",
    "indirect_selection",
    "log_format",
    "log_format_file",
    "log_level",
    "log_level_file",
    "warn_error_options",
    "use_experimental_parser",
    "macro_debugging",
    "event_buffer_size",
    "upload_to_artifacts_ingest_api",
    "use_fast_test_edges",
    "empty",
    "favor_state",
    "defer",
    "log_path",
    "target_path",
    "strict_mode",
];

impl Flags {
    /// Takes over `flags:` of dbt_project.yml where neither command line nor environment spoke, and the user's
    /// settings where that is silent too. Truth values of unknown names are kept as behaviour flags.
    ///
    /// # Errors
    /// Every value of a wrong type, all at once, by name.
    pub fn apply_project_flags(&mut self, flags: &Map) -> Result<()> {
        self.take(flags)?;
        self.apply_user_settings(flags)
    }

    /// Takes over flags by name.
    pub(super) fn take(&mut self, flags: &Map) -> Result<()> {
        let faults = flags.iter().filter_map(|(name, value)| self.apply(name, value).err()).collect();
        self.file_follows_console(flags);
        Error::all(faults).map_or(Ok(()), Err)
    }

    /// Every flag that a project may set.
    pub fn project_names() -> Vec<&'static str> {
        let behaviour = BEHAVIOUR.iter().map(|(name, _)| *name);
        SWITCHES.iter().chain(OTHERS).copied().chain(behaviour).collect()
    }

    /// What is said of the console holds for the log file too, where nothing is said of that.
    fn file_follows_console(&mut self, flags: &Map) {
        let follows = |flags: &Map, explicit: &std::collections::BTreeSet<&'static str>, name: &str| {
            let file = format!("{name}_file");
            let of_file = flags.contains_key(&file) || explicit.contains(file.as_str());
            flags.contains_key(name) && !explicit.contains(name) && !of_file
        };
        if follows(flags, &self.explicit, "log_format") {
            self.log_format_file = self.log_format;
        }
        if follows(flags, &self.explicit, "log_level") {
            self.log_level_file = self.log_level;
        }
        if follows(flags, &self.explicit, "use_colors") {
            self.use_colors_file = self.use_colors.unwrap_or(self.use_colors_file);
        }
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
            "fuse_tests" => &mut self.fuse_tests,
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
                return Err(Error::runtime(format!(
                    "Only `{old}` or `{new}` can be specified in `warn_error_options`, not both"
                ))
                .help(format!("`{old}` is the old name of `{new}`: keep one")));
            }
        }
        let names = |keys: [&str; 2]| keys.iter().find_map(|key| entries.get(*key)).map_or(Vec::new(), texts);
        Ok(WarnErrorOptions {
            error: names(["error", "include"]),
            warn: names(["warn", "exclude"]),
            silence: names(["silence", "silence"]),
            older: (entries.contains_key("include"), entries.contains_key("exclude")),
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

pub(super) fn truth(name: &str, value: &Json) -> Result<bool> {
    value.as_bool().ok_or_else(|| wrong(name, "true or false", value))
}

fn whole(name: &str, value: &Json) -> Result<usize> {
    value.as_u64().map(|number| number as usize).ok_or_else(|| wrong(name, "a whole number", value))
}

fn word<T>(name: &str, value: &Json, parse: fn(&str) -> Option<T>, words: &[&str]) -> Result<T> {
    let found = value.as_str().and_then(parse);
    found.ok_or_else(|| wrong(name, &format!("one of {}", words.join(", ")), value))
}

pub(super) fn wrong(name: &str, expected: &str, value: &Json) -> Error {
    Error::runtime(format!("flag `{name}` must be {expected}, not `{value}`"))
        .help("it is set under `flags:` in dbt_project.yml")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn every_switch_is_taken() {
        for name in SWITCHES {
            assert!(Flags::default().switch(name).is_some(), "{name}");
        }
    }

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
            Err("Only `include` or `error` can be specified in `warn_error_options`, not both"),
        );
    }
}
