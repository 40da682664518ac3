//! The rules of dbt_project.yml: known keys, names that are taken, what is not rendered.

/// Every key that may stand at the top.
pub(super) const KEYS: &[&str] = &[
    "name",
    "version",
    "config-version",
    "profile",
    "model-paths",
    "seed-paths",
    "test-paths",
    "analysis-paths",
    "macro-paths",
    "snapshot-paths",
    "docs-paths",
    "asset-paths",
    "function-paths",
    "osi-paths",
    "source-paths",
    "data-paths",
    "target-path",
    "log-path",
    "clean-targets",
    "packages-install-path",
    "require-dbt-version",
    "query-comment",
    "quoting",
    "on-run-start",
    "on-run-end",
    "dispatch",
    "restrict-access",
    "flags",
    "vars",
    "packages",
    "dbt-cloud",
    "models",
    "seeds",
    "snapshots",
    "tests",
    "data_tests",
    "unit_tests",
    "sources",
    "analyses",
    "exposures",
    "metrics",
    "semantic-models",
    "saved-queries",
    "functions",
];

/// Names that templates use, which no project may have.
const TAKEN: &[&str] = &[
    "_sql_results",
    "adapter",
    "api",
    "column",
    "config",
    "context",
    "database",
    "env",
    "env_var",
    "exceptions",
    "execute",
    "flags",
    "fromjson",
    "fromyaml",
    "graph",
    "invocation_id",
    "load_agate_table",
    "load_result",
    "log",
    "model",
    "modules",
    "post_hooks",
    "pre_hooks",
    "ref",
    "render",
    "return",
    "run_started_at",
    "schema",
    "source",
    "sql",
    "sql_now",
    "store_raw_result",
    "store_result",
    "target",
    "this",
    "tojson",
    "toyaml",
    "try_or_compiler_error",
    "var",
    "write",
];

/// Why a name cannot be a project's; `None` where it can.
pub(super) fn name_fault(name: &str) -> Option<String> {
    if TAKEN.contains(&name) {
        return Some(format!("Invalid project name: {name} is a reserved word"));
    }
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let goes_on = letters.all(|c| c.is_alphanumeric() || c == '_');
    (!begins || !goes_on).then(|| {
        format!("`name` must be letters, digits and underscores and not begin with a digit, not `{name}`")
    })
}

/// Is a text a version: `1.0`, `1.2.3-rc1`?
pub(super) fn is_version(text: &str) -> bool {
    let (numbers, rest) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
    let parts: Vec<&str> = numbers.split('.').collect();
    let number = |part: &&str| {
        part.chars().all(|c| c.is_ascii_digit())
            && !part.is_empty()
            && (*part == "0" || !part.starts_with('0'))
    };
    (2..=3).contains(&parts.len()) && parts.iter().all(number) && (rest.is_empty() || parts.len() == 3)
}

/// What stays a template until a node runs: hooks, the query comment, vars.
pub(super) fn keep(path: &[String]) -> bool {
    let Some(first) = path.first() else { return false };
    let hooks = ["pre-hook", "post-hook", "pre_hook", "post_hook"];
    match first.as_str() {
        "on-run-start" | "on-run-end" | "query-comment" | "vars" => true,
        "seeds" | "models" | "snapshots" | "tests" | "data_tests" => {
            path.iter().any(|key| hooks.contains(&key.trim_start_matches(['+', ' '])))
        }
        _ => false,
    }
}
