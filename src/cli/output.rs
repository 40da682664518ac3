//! From the settled flags to what `ui` needs to know.

use super::Start;
use crate::project::Flags;
use crate::project::flags::{LogFormat, LogLevel};
use crate::ui::{Format, Level, LogFileOptions, UiOptions};
use std::io::IsTerminal;
use std::path::Path;

/// The options of the output; `log_path` is the folder of dbt.log, none for commands that keep no log.
pub fn options(start: &Start, log_path: Option<&Path>) -> UiOptions {
    options_of(start, &start.flags, log_path)
}

/// The same for flags that the project has had its say in.
pub fn options_of(start: &Start, flags: &Flags, log_path: Option<&Path>) -> UiOptions {
    let colours = flags.use_colors.unwrap_or(true);
    let console = if flags.debug { LogLevel::Debug } else { flags.log_level };
    let extra = start.environment.custom().into_iter().map(|(name, value)| (name, value.into())).collect();
    let log_file = log_path.zip(level(flags.log_level_file)).map(|(folder, level)| LogFileOptions {
        path: folder.join("dbt.log"),
        format: format(flags.log_format_file, Format::Debug),
        level: if flags.debug { Level::Debug } else { level },
        colours: flags.use_colors_file && colours,
        max_bytes: flags.log_file_max_bytes,
    });
    UiOptions {
        format: format(flags.log_format, Format::Text),
        level: level(console).filter(|_| flags.log_level != LogLevel::None),
        quiet: flags.quiet,
        print: flags.print,
        colours,
        terminal: std::io::stdout().is_terminal() && !dumb(start),
        width: flags.printer_width,
        event_names: flags.behaviour("require_event_names_in_deprecations"),
        log_file,
        events: events(start),
        invocation_id: start.invocation_id.clone(),
        extra,
        secrets: start.environment.clone(),
    }
}

/// The file that a caller reads events from (`python/`): `KARAT_EVENT_FILE` names it.
fn events(start: &Start) -> Option<LogFileOptions> {
    let path = start.environment.get("KARAT_EVENT_FILE").filter(|path| !path.is_empty())?;
    Some(LogFileOptions {
        path: path.into(),
        format: Format::Json,
        level: Level::Debug,
        colours: false,
        max_bytes: 0,
    })
}

/// A terminal that cannot move its cursor gets lines.
fn dumb(start: &Start) -> bool {
    matches!(start.environment.get("TERM"), None | Some("dumb"))
}

fn format(word: LogFormat, default: Format) -> Format {
    match word {
        LogFormat::Default => default,
        LogFormat::Text => Format::Text,
        LogFormat::Debug => Format::Debug,
        LogFormat::Json => Format::Json,
    }
}

fn level(word: LogLevel) -> Option<Level> {
    Level::parse(word.as_str())
}
