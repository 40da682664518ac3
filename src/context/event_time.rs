//! Inputs filtered by the time of their events: the batch of a microbatch model, the window of `--sample`.

use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::manifest::{ColumnInfo, Config, Map, Node, ResourceType};
use crate::relation::{EventTimeFilter, quote_identifier};
use chrono::{DateTime, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use indexmap::IndexMap;

/// A span of time, its end not within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first instant within.
    pub start: DateTime<Utc>,
    /// The first instant beyond.
    pub end: DateTime<Utc>,
}

/// A moment as users write it: a date, or a date and a time. The clock is UTC; an offset is dropped, as
/// dbt does.
pub fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let midnight = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let naive = || formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let zoned = || DateTime::parse_from_rfc3339(text).ok().map(|at| at.naive_local());
    midnight().or_else(naive).or_else(zoned).map(|at| at.and_utc())
}

/// The window of `--sample`: `3 days`, which end now, or `{start: ..., end: ...}`.
///
/// # Errors
/// Neither of these.
pub fn sample(text: &str, now: DateTime<Utc>) -> Result<Span> {
    let wrong = |message: String| {
        Error::new(ErrorKind::Usage, message)
            .help("write `--sample '3 days'` or `--sample '{start: 2024-01-01, end: 2024-02-01}'`")
    };
    if text.trim_start().starts_with('{') {
        let map = crate::project::parse_vars("--sample", text)?;
        let at = |key: &str| {
            let said = map.get(key).and_then(serde_json::Value::as_str);
            said.and_then(moment).ok_or_else(|| wrong(format!("`--sample` needs a moment as its `{key}`")))
        };
        return Ok(Span { start: at("start")?, end: at("end")? });
    }
    let words: Vec<&str> = text.split(' ').collect();
    let [count, grain] = words[..] else {
        return Err(wrong(format!(
            "Cannot load SAMPLE_WINDOW from '{text}'. Must be of form 'DAYS_INT GRAIN_SIZE'."
        )));
    };
    let n: i32 = count.parse().map_err(|_| wrong(format!("Unable to convert '{count}' to an integer.")))?;
    let size = grain.to_lowercase();
    let start = before(now, n, size.trim_end_matches('s')).ok_or_else(|| {
        wrong(format!(
            "Invalid grain size '{grain}'. Must be one of ['hour', 'day', 'month', 'year', 'hours', 'days', 'months', \
             'years']."
        ))
    })?;
    Ok(Span { start, end: now })
}

fn before(now: DateTime<Utc>, n: i32, grain: &str) -> Option<DateTime<Utc>> {
    let months = |n: i32| match n >= 0 {
        true => now.checked_sub_months(Months::new(n.unsigned_abs())),
        false => now.checked_add_months(Months::new(n.unsigned_abs())),
    };
    match grain {
        "hour" => now.checked_sub_signed(TimeDelta::hours(n.into())),
        "day" if n >= 0 => now.checked_sub_days(Days::new(n.unsigned_abs().into())),
        "day" => now.checked_add_days(Days::new(n.unsigned_abs().into())),
        "month" => months(n),
        "year" => months(n.checked_mul(12)?),
        _ => None,
    }
}

/// A moment as Python prints it: `2024-01-01 00:00:00+00:00`.
pub fn text(at: DateTime<Utc>) -> String {
    let fraction = if at.timestamp_subsec_micros() == 0 { "" } else { "%.6f" };
    at.format(&format!("%Y-%m-%d %H:%M:%S{fraction}+00:00")).to_string()
}

impl Session {
    /// Do microbatch models run batch by batch? A project's own macro for the strategy does not, unless a
    /// flag asks for it.
    pub fn runs_batches(&self) -> bool {
        let flag = "require_batched_execution_for_custom_microbatch_strategy";
        let found = self.engine.macro_called_outside("get_incremental_microbatch_sql", None);
        self.flags.behaviour.get(flag).copied().unwrap_or(false)
            || found.is_some_and(|found| found.source().package == "dbt")
    }

    /// The window of `--sample`, if it was given (and is well-formed, which opening has checked).
    pub fn sample(&self) -> Option<Span> {
        self.flags.sample.as_deref().and_then(|text| sample(text, self.invocation.started_at).ok())
    }
}

/// What is read, as far as time is concerned.
pub struct Input<'a> {
    /// Its config, for `event_time`.
    pub config: &'a Config,
    /// Its columns: one may say that its name is quoted.
    pub columns: &'a IndexMap<String, ColumnInfo>,
    /// A source's quoting, for `column`.
    pub quoting: Option<&'a Map>,
}

impl Input<'_> {
    /// The filter for a reader: its batch, cut by the sample; else the sample. Only models and snapshots
    /// read filtered (dbt's rule).
    pub fn filter(&self, reader: &Node, session: &Session) -> Option<EventTimeFilter> {
        let field = self.config.str("event_time").filter(|field| !field.is_empty())?;
        if !matches!(reader.resource_type, ResourceType::Model | ResourceType::Snapshot) {
            return None;
        }
        let sample = session.sample();
        let span = match (&reader.batch, sample) {
            (Some(batch), None) => Span { start: batch.start, end: batch.end },
            (Some(batch), Some(sample)) => {
                Span { start: batch.start.max(sample.start), end: batch.end.min(sample.end) }
            }
            (None, sample) => sample?,
        };
        let (start, end) = (Some(text(span.start)), Some(text(span.end)));
        Some(EventTimeFilter { field: self.written(field), start, end })
    }

    fn written(&self, field: &str) -> String {
        let all =
            || self.quoting.and_then(|quoting| quoting.get("column")).and_then(serde_json::Value::as_bool);
        let own = self.columns.values().find(|column| column.name == field).and_then(|column| column.quote);
        if own.or_else(all).unwrap_or(false) { quote_identifier(field) } else { field.to_string() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(said: &str, expect: Option<(&str, &str)>) {
        let window = sample(said, moment("2024-03-31 12:30:00").unwrap()).ok();
        let shown = window.map(|span| (text(span.start), text(span.end)));
        assert_eq!(shown, expect.map(|(a, b)| (a.to_string(), b.to_string())), "{said}");
    }

    #[test]
    fn windows_are_read() {
        let now = "2024-03-31 12:30:00+00:00";
        check("3 days", Some(("2024-03-28 12:30:00+00:00", now)));
        check("1 month", Some(("2024-02-29 12:30:00+00:00", now)));
        check("2 HOURS", Some(("2024-03-31 10:30:00+00:00", now)));
        check("1 year", Some(("2023-03-31 12:30:00+00:00", now)));
        check(
            "{'start': '2024-01-01', 'end': '2024-01-02T03:00:00.5'}",
            Some(("2024-01-01 00:00:00+00:00", "2024-01-02 03:00:00.500000+00:00")),
        );
        check("three days", None);
        check("3 weeks", None);
        check("3", None);
    }
}
