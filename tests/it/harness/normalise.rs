//! Makes output comparable: what differs from run to run becomes a fixed word.

use fancy_regex::Regex;

/// Text without colours.
pub fn plain(text: &str) -> String {
    replace(text, r"\x1b\[[0-9;?]*[A-Za-z]", "")
}

/// Text with three and more dots as three, and seconds as `0.00s`.
pub fn squeeze(text: &str) -> String {
    let text = replace(text, r"\.{3,}", "...");
    let text = replace(&text, r"\b\d+\.\d\d?s", "0.00s");
    replace(
        &text,
        r"\d+ hours (and )?\d+ minutes and \d+\.\d\d seconds",
        "0 hours 0 minutes and 0.00 seconds",
    )
}

/// Console lines without colours and time stamps, squeezed; empty ones are left out.
pub fn lines(text: &str) -> Vec<String> {
    let text = squeeze(&plain(text));
    let text = replace(&text, r"(?m)^\d\d:\d\d:\d\d  ?", "");
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_string).collect()
}

/// For snapshots: times, seconds, ids, temporary folders, ports, databases and versions as fixed words.
pub fn normalise(text: &str) -> String {
    const RULES: &[(&str, &str)] = &[
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "[time]"),
        (r"\b\d\d:\d\d:\d\d\b", "[clock]"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "[uuid]"),
        (r"(/private)?/(tmp|var/folders)[^\s'`\x22]*karat-it-\w+/project", "[project]"),
        (r"(/private)?/(tmp|var/folders)[^\s'`\x22]*karat-it-\w+", "[folder]"),
        (r"127\.0\.0\.1(:| port |, port )\d+", "127.0.0.1$1[port]"),
        (r"\bport \d{4,5}\b", "port [port]"),
        (r"\.invalid:\d+", ".invalid:[port]"),
        (r"\bit_\d+\b", "[database]"),
        (r"(karat|dbt|duckdb|postgres)=\d+\.\d+\.\d+\S*", "$1=[version]"),
    ];
    RULES.iter().fold(squeeze(&plain(text)), |text, (pattern, word)| replace(&text, pattern, word))
}

fn replace(text: &str, pattern: &str, word: &str) -> String {
    Regex::new(pattern).expect("a pattern").replace_all(text, word).into_owned()
}
