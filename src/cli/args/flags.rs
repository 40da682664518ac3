//! Every flag once: its spellings, what it takes, its environment twins, its help. The one table from
//! which the parser, the help, the look-up in the environment and the precedence are made.

use indexmap::IndexMap;

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `--x` and `--no-x`.
    Pair,
    /// `--x` alone.
    Switch,
    /// One text.
    Text,
    /// A path.
    Path,
    /// A whole number.
    Int,
    /// One word of a list, in any case.
    Choice(&'static [&'static str]),
    /// Values up to the next flag; each may hold several, parted by blanks.
    Many,
    /// As `Many`, of a list of words.
    ManyOf(&'static [&'static str]),
    /// A YAML mapping.
    Yaml,
}

/// A flag.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// The name by which karat knows it; the spelling where that is not told apart.
    pub id: &'static str,
    /// `--long`, without the dashes.
    pub long: &'static str,
    /// `-s`.
    pub short: Option<char>,
    /// Other long spellings.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub kind: Kind,
    /// `DBT_X`; `DBT_ENGINE_X` stands before it. Further names are older spellings.
    pub env: &'static [&'static str],
    /// Taken, but not told of in the help.
    pub hidden: bool,
    /// The help.
    pub help: &'static str,
}

const BASE: Flag =
    Flag { id: "", long: "", short: None, aliases: &[], kind: Kind::Text, env: &[], hidden: false, help: "" };

const fn flag(long: &'static str, kind: Kind, env: &'static [&'static str], help: &'static str) -> Flag {
    Flag { id: long, long, kind, env, help, ..BASE }
}

const fn short(c: char, flag: Flag) -> Flag {
    Flag { short: Some(c), ..flag }
}

const fn also(aliases: &'static [&'static str], flag: Flag) -> Flag {
    Flag { aliases, ..flag }
}

const fn hidden(long: &'static str, kind: Kind, env: &'static [&'static str]) -> Flag {
    Flag { id: long, long, kind, env, hidden: true, ..BASE }
}

const fn named(id: &'static str, flag: Flag) -> Flag {
    Flag { id, ..flag }
}

const FORMATS: &[&str] = &["text", "debug", "json", "default"];
const LEVELS: &[&str] = &["debug", "info", "warn", "error", "none"];
const TYPES: &[&str] = &[
    "metric",
    "semantic_model",
    "saved_query",
    "source",
    "analysis",
    "function",
    "model",
    "test",
    "unit_test",
    "exposure",
    "snapshot",
    "seed",
    "default",
    "all",
];

use Kind::*;

/// Flags that stand before the command or after it.
#[rustfmt::skip]
pub const GLOBAL: &[Flag] = &[
    // Where
    flag("project-dir", Path, &["DBT_PROJECT_DIR"], "Folder of dbt_project.yml [default: here or the nearest parent]"),
    flag("profiles-dir", Path, &["DBT_PROFILES_DIR"], "Folder of profiles.yml [default: here, then ~/.dbt]"),
    flag("profile", Text, &["DBT_PROFILE"], "Profile to use instead of the project's own"),
    short('t', flag("target", Text, &["DBT_TARGET"], "Output of the profile to use")),
    flag("target-path", Path, &["DBT_TARGET_PATH"], "Folder for compiled SQL and artifacts"),
    flag("log-path", Path, &["DBT_LOG_PATH"], "Folder for dbt.log"),
    flag("vars", Yaml, &[], "Values for var(), as YAML: '{day: 2024-01-01}'"),
    flag("threads", Int, &["DBT_THREADS"], "Nodes that run at a time"),
    flag("wait", Int, &["DBT_WAIT"], "Seconds to wait for what another run or a reader holds [default: 3600; for a locked database file 0]"),
    // How much is told
    short('d', flag("debug", Pair, &["DBT_DEBUG"], "Show debug lines on the console")),
    short('q', flag("quiet", Pair, &["DBT_QUIET"], "Show faults only, and what the command is for")),
    flag("print", Pair, &["DBT_PRINT"], "Show what print() in Jinja says [default: yes]"),
    flag("use-colors", Pair, &["DBT_USE_COLORS"], "Colours on the console [default: yes]"),
    flag("use-colors-file", Pair, &["DBT_USE_COLORS_FILE"], "Colours in the log file"),
    flag("log-format", Choice(FORMATS), &["DBT_LOG_FORMAT"], "Shape of the lines on the console"),
    flag("log-format-file", Choice(FORMATS), &["DBT_LOG_FORMAT_FILE"], "Shape of the lines in the log file"),
    flag("log-level", Choice(LEVELS), &["DBT_LOG_LEVEL"], "Least level on the console"),
    flag("log-level-file", Choice(LEVELS), &["DBT_LOG_LEVEL_FILE"], "Least level in the log file"),
    flag("log-file-max-bytes", Int, &["DBT_LOG_FILE_MAX_BYTES"], "Size at which a new log file is begun; 0 for never"),
    flag("log-cache-events", Pair, &["DBT_LOG_CACHE_EVENTS"], "Log what the cache of relations does"),
    flag("printer-width", Int, &["DBT_PRINTER_WIDTH"], "Width of console lines [default: 80]"),
    // What is a fault
    short('x', flag("fail-fast", Pair, &["DBT_FAIL_FAST"], "Stop at the first failure")),
    flag("warn-error", Pair, &["DBT_WARN_ERROR"], "Take every warning for an error"),
    flag("warn-error-options", Yaml, &["DBT_WARN_ERROR_OPTIONS"], "Which warnings are errors: '{error: all, warn: [...]}'"),
    flag("show-all-deprecations", Pair, &[], "Show every deprecation, not one of each kind"),
    flag("version-check", Pair, &["DBT_VERSION_CHECK"], "Mind require-dbt-version [default: yes]"),
    // State
    flag("state", Path, &["DBT_STATE", "DBT_ARTIFACT_STATE_PATH"], "Folder of an earlier manifest, to compare with and to defer to"),
    flag("defer", Pair, &["DBT_DEFER", "DBT_DEFER_TO_STATE"], "Take what is not built here from --state"),
    flag("defer-state", Path, &["DBT_DEFER_STATE"], "Another --state for --defer"),
    flag("favor-state", Pair, &["DBT_FAVOR_STATE", "DBT_FAVOR_STATE_MODE"], "Defer even to what exists here"),
    // Fine tuning
    flag("indirect-selection", Choice(&["eager", "cautious", "buildable", "empty"]), &["DBT_INDIRECT_SELECTION"], "Which tests come along with selected nodes"),
    flag("write-json", Pair, &["DBT_WRITE_JSON"], "Write the artifacts [default: yes]"),
    flag("partial-parse", Pair, &["DBT_PARTIAL_PARSE"], "Use the cache of parsed files [default: yes]"),
    flag("populate-cache", Pair, &["DBT_POPULATE_CACHE"], "List the relations of all schemas at the start [default: yes]"),
    flag("fuse-tests", Pair, &["DBT_FUSE_TESTS"], "Let tests of one relation share a scan of it [default: yes]"),
    flag("timing", Pair, &["DBT_TIMING"], "Show at the end where the time went"),
    flag("cache-selected-only", Pair, &["DBT_CACHE_SELECTED_ONLY"], "List only the schemas of selected nodes"),
    flag("static-parser", Pair, &["DBT_STATIC_PARSER"], "Taken for dbt's sake; has no effect"),
    flag("use-experimental-parser", Pair, &["DBT_USE_EXPERIMENTAL_PARSER"], "Taken for dbt's sake; has no effect"),
    flag("send-anonymous-usage-stats", Pair, &["DBT_SEND_ANONYMOUS_USAGE_STATS"], "Taken for dbt's sake; karat sends nothing"),
    short('r', flag("record-timing-info", Path, &[], "Taken for dbt's sake; has no effect")),
    // Older and inner spellings
    hidden("macro-debugging", Pair, &["DBT_MACRO_DEBUGGING"]),
    hidden("single-threaded", Pair, &["DBT_SINGLE_THREADED"]),
    hidden("partial-parse-file-path", Path, &["DBT_PARTIAL_PARSE_FILE_PATH"]),
    hidden("partial-parse-file-diff", Pair, &["DBT_PARTIAL_PARSE_FILE_DIFF"]),
    hidden("use-fast-test-edges", Pair, &["DBT_USE_FAST_TEST_EDGES"]),
    hidden("show-resource-report", Pair, &["DBT_SHOW_RESOURCE_REPORT"]),
    hidden("upload-to-artifacts-ingest-api", Pair, &["DBT_UPLOAD_TO_ARTIFACTS_INGEST_API"]),
    hidden("deprecated-defer", Text, &[]),
    hidden("deprecated-favor-state", Text, &[]),
    hidden("deprecated-print", Switch, &[]),
    hidden("deprecated-no-print", Switch, &[]),
    hidden("deprecated-state", Path, &[]),
    hidden("sqlparse", Yaml, &["DBT_SQLPARSE"]),
    hidden("hints-enabled", Pair, &[]),
    hidden("maximum-seed-size-mib", Int, &[]),
    hidden("use-v2-parser", Pair, &[]),
    hidden("v2-parser", Pair, &[]),
    hidden("snowflake-projects-otel", Pair, &[]),
    hidden("manage-state", Pair, &[]),
    hidden("skip-browser-auth", Pair, &[]),
];

/// Flags that some commands have; a command lists their ids.
#[rustfmt::skip]
pub const OF_COMMANDS: &[Flag] = &[
    short('s', also(&["models", "model"], flag("select", Many, &[], "Nodes to take: names, paths, tag:x, config.materialized:table, +x, x+"))),
    named("select_only", short('s', flag("select", Many, &[], "Nodes to take: names, paths, tag:x, config.materialized:table, +x, x+"))),
    short('m', also(&["model"], flag("models", Many, &[], "As --select, of models alone"))),
    flag("exclude", Many, &[], "Nodes to leave out"),
    flag("selector", Text, &[], "A selector of selectors.yml"),
    also(&["resource-type"], flag("resource-types", ManyOf(TYPES), &["DBT_RESOURCE_TYPES"], "Kinds of nodes to take")),
    also(&["exclude-resource-type"], flag("exclude-resource-types", ManyOf(TYPES), &["DBT_EXCLUDE_RESOURCE_TYPES"], "Kinds of nodes to leave out")),
    short('f', flag("full-refresh", Pair, &["DBT_FULL_REFRESH"], "Build incremental models and seeds anew")),
    flag("empty", Pair, &["DBT_EMPTY"], "Read no rows: checks the SQL and makes the tables"),
    flag("sample", Text, &["DBT_SAMPLE"], "Read a span of time only: '3 days'"),
    flag("event-time-start", Text, &["DBT_EVENT_TIME_START"], "First moment of microbatch inputs"),
    flag("event-time-end", Text, &["DBT_EVENT_TIME_END"], "Moment before which microbatch inputs end"),
    flag("store-failures", Pair, &["DBT_STORE_FAILURES"], "Keep the rows that tests find"),
    flag("show", Switch, &[], "Show some rows of each seed"),
    flag("export-saved-queries", Pair, &["DBT_EXPORT_SAVED_QUERIES"], "Taken for dbt's sake; has no effect"),
    hidden("include-saved-query", Pair, &["DBT_INCLUDE_SAVED_QUERY"]),
    flag("inline", Text, &[], "SQL with Jinja instead of a node"),
    hidden("inline-direct", Text, &[]),
    flag("sql", Text, &[], "SQL with Jinja to run instead of a macro"),
    flag("args", Yaml, &[], "Arguments of the macro, as YAML: '{name: value}'"),
    hidden("inject-ephemeral-ctes", Pair, &[]),
    flag("limit", Int, &[], "Rows to show; -1 for all [default: 5]"),
    flag("introspect", Pair, &["DBT_INTROSPECT"], "May compilation ask the database? [default: yes]"),
    flag("output", Choice(&["json", "text"]), &[], "Shape of the output [default: text]"),
    named("output_ls", flag("output", Choice(&["json", "name", "path", "selector"]), &[], "What is listed of each node [default: selector]")),
    flag("output-keys", Many, &[], "Keys of --output json: name config.materialized"),
    named("output_freshness", short('o', flag("output", Path, &[], "File to write instead of sources.json in the target folder"))),
    flag("compile", Pair, &[], "Compile the project first [default: yes]"),
    flag("static", Switch, &[], "Write static_index.html too, with manifest and catalog in it"),
    flag("empty-catalog", Switch, &[], "Ask the database for nothing: a catalog without relations"),
    flag("host", Text, &["DBT_HOST"], "Address to serve on [default: 127.0.0.1]"),
    flag("port", Int, &[], "Port to serve on [default: 8080]"),
    flag("browser", Pair, &[], "Taken for dbt's sake; no browser is opened"),
    flag("lock", Switch, &[], "Write package-lock.yml without installing"),
    flag("upgrade", Switch, &[], "Take the newest versions that fit, whatever the lock says"),
    flag("add-package", Text, &[], "Add a package to packages.yml: name@version"),
    flag("source", Choice(&["hub", "git", "local"]), &[], "Where --add-package is found [default: hub]"),
    flag("connection", Switch, &[], "Test the connection alone"),
    flag("config-dir", Switch, &[], "Say where profiles.yml is looked for"),
    flag("clean-project-files-only", Pair, &["DBT_CLEAN_PROJECT_FILES_ONLY"], "Refuse to delete outside the project [default: yes]"),
    short('s', flag("skip-profile-setup", Switch, &[], "Write no profiles.yml")),
];

/// Every flag of every command.
pub fn every() -> impl Iterator<Item = &'static Flag> {
    GLOBAL.iter().chain(OF_COMMANDS)
}

/// A flag of the tables by id.
pub fn find(id: &str) -> Option<&'static Flag> {
    every().find(|flag| flag.id == id)
}

/// The name before that of a variable: `DBT_ENGINE_X` of `DBT_X`.
fn twin(name: &str) -> String {
    name.replacen("DBT_", "DBT_ENGINE_", 1)
}

/// As in dbt, templates see a flag's variable under both of its names, whichever is set; `DBT_ENGINE_X` wins.
pub fn under_both_names(
    variables: impl Iterator<Item = (String, String)>,
) -> impl Iterator<Item = (String, String)> {
    let mut all: IndexMap<String, String> = variables.collect();
    for name in every().filter_map(|flag| flag.env.first()) {
        let twin = twin(name);
        if let Some(value) = all.get(&twin) {
            all.insert(name.to_string(), value.clone());
        } else if let Some(value) = all.get(*name) {
            all.insert(twin, value.clone());
        }
    }
    all.into_iter()
}

impl Flag {
    /// How click shows it in a usage error: `--debug`, or `--debug / --no-debug`.
    pub fn shown(&self) -> String {
        format!("--{}", self.long)
    }

    /// The environment variables that set it, the strongest first.
    pub fn variables(&self) -> Vec<String> {
        self.env.iter().flat_map(|name| [twin(name), name.to_string()]).collect()
    }

    /// The name of the field of the settled flags: `full_refresh`.
    pub fn field(&self) -> String {
        self.id.replace('-', "_")
    }
}
