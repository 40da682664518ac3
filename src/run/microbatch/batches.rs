//! The batches of a model: spans of an hour, a day, a month or a year, from its first to its last.

use crate::context::event_time::{Span, moment};
use crate::error::{Error, Result};
use crate::manifest::{Batch, Config, Node};
use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Timelike, Utc};
use serde_json::Value as Json;

/// What a model's `batch_size` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Hour,
    Day,
    Month,
    Year,
}

/// What bounds a model's batches besides its config.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bounds {
    /// `--event-time-start`, or the start of `--sample`.
    pub start: Option<DateTime<Utc>>,
    /// `--event-time-end`, or the end of `--sample`.
    pub end: Option<DateTime<Utc>>,
    /// Is there a table to add to?
    pub incremental: bool,
}

/// The batches of a model, in the order of time; the first alone may make the table anew.
///
/// # Errors
/// `batch_size` or `begin` is missing (parsing has checked them, an unparsed change has not).
pub fn batches(node: &Node, bounds: Bounds, now: DateTime<Utc>) -> Result<Vec<Batch>> {
    let config = &node.config;
    let size = Size::of(config).ok_or_else(|| no_size(node))?;
    let end = size.ceiling(bounds.end.unwrap_or(now));
    let start = start(node, size, (bounds, end))?;
    let of = |(n, span): (usize, Span)| {
        let label = size.label(span.start);
        let incremental = n > 0 || bounds.incremental;
        Batch { id: label.replace('-', ""), label, start: span.start, end: span.end, incremental }
    };
    Ok(size.split(start, end).into_iter().enumerate().map(of).collect())
}

/// The batches that an earlier run left, as its artifact shows them: pairs of moments. Unless the first is
/// added to a table as the others are, it may make the table anew.
///
/// # Errors
/// As [`batches`]; something is no moment.
pub fn again(node: &Node, left: &[Json], first_is_added: bool) -> Result<Vec<Batch>> {
    let size = Size::of(&node.config).ok_or_else(|| no_size(node))?;
    let at = |pair: &Json, n: usize| pair.get(n).and_then(Json::as_str).and_then(moment);
    let batch = |(n, pair): (usize, &Json)| {
        let (start, end) = at(pair, 0).zip(at(pair, 1)).ok_or_else(|| {
            Error::runtime(format!("the earlier run's batch `{pair}` of '{}' cannot be read", node.name))
        })?;
        let label = size.label(start);
        // What was built before is there to be added to, even if it was built anew.
        let incremental = n > 0 || first_is_added;
        Ok(Batch { id: label.replace('-', ""), label, start, end, incremental })
    };
    left.iter().enumerate().map(batch).collect()
}

fn no_size(node: &Node) -> Error {
    Error::runtime(format!("Microbatch model '{}' does not have a 'batch_size' config", node.name))
        .help("write `batch_size: day` (or hour, month, year)")
}

/// Where the first batch starts: as told; else at `begin`, or `lookback` batches before the last.
fn start(node: &Node, size: Size, (bounds, end): (Bounds, DateTime<Utc>)) -> Result<DateTime<Utc>> {
    if let Some(start) = bounds.start {
        return Ok(size.floor(start));
    }
    if bounds.incremental {
        let lookback = node.config.get("lookback").and_then(Json::as_i64).unwrap_or(1);
        // An end on the border belongs to the batch before it.
        let more = i64::from(end == size.floor(end));
        return Ok(size.offset(end, -(lookback + more)));
    }
    let begin = node.config.str("begin").and_then(moment);
    begin.map(|begin| size.floor(begin)).ok_or_else(|| {
        Error::runtime(format!("Microbatch model '{}' requires a 'begin' configuration.", node.name))
            .help("write `begin: 2024-01-01`: where the first batch starts")
    })
}

impl Size {
    fn of(config: &Config) -> Option<Size> {
        Some(match config.str("batch_size")? {
            "hour" => Size::Hour,
            "day" => Size::Day,
            "month" => Size::Month,
            "year" => Size::Year,
            _ => return None,
        })
    }

    /// The start of the batch that a moment lies in.
    fn floor(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let date = match self {
            Size::Hour | Size::Day => Some(at.date_naive()),
            Size::Month => NaiveDate::from_ymd_opt(at.year(), at.month(), 1),
            Size::Year => NaiveDate::from_ymd_opt(at.year(), 1, 1),
        };
        let hour = if self == Size::Hour { at.hour() } else { 0 };
        date.and_then(|date| date.and_hms_opt(hour, 0, 0)).map_or(at, |floor| floor.and_utc())
    }

    fn ceiling(self, at: DateTime<Utc>) -> DateTime<Utc> {
        if self.floor(at) == at { at } else { self.offset(at, 1) }
    }

    /// The start of the batch that lies `n` batches from that of a moment.
    fn offset(self, at: DateTime<Utc>, n: i64) -> DateTime<Utc> {
        let floor = self.floor(at);
        let months = |n: i64| {
            let by = Months::new(u32::try_from(n.unsigned_abs()).unwrap_or(u32::MAX));
            if n < 0 { floor.checked_sub_months(by) } else { floor.checked_add_months(by) }
        };
        let moved = match self {
            Size::Hour => TimeDelta::try_hours(n).and_then(|by| floor.checked_add_signed(by)),
            Size::Day => TimeDelta::try_days(n).and_then(|by| floor.checked_add_signed(by)),
            Size::Month => months(n),
            Size::Year => months(n.saturating_mul(12)),
        };
        moved.unwrap_or(floor)
    }

    /// The batches from a start to an end, which the last one keeps exactly. There is one at least.
    fn split(self, start: DateTime<Utc>, end: DateTime<Utc>) -> Vec<Span> {
        let mut spans = vec![Span { start, end: self.offset(start, 1) }];
        while let Some(last) = spans.last().copied().filter(|last| last.end < end && last.end > last.start) {
            spans.push(Span { start: last.end, end: self.offset(last.end, 1) });
        }
        if let Some(last) = spans.last_mut() {
            last.end = end;
        }
        spans
    }

    fn label(self, start: DateTime<Utc>) -> String {
        let format = match self {
            Size::Hour => "%Y-%m-%dT%H",
            Size::Day => "%Y-%m-%d",
            Size::Month => "%Y-%m",
            Size::Year => "%Y",
        };
        start.format(format).to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    /// size, begin, lookback; incremental; now; the labels of the batches.
    fn check((size, begin, lookback): (&str, &str, i64), incremental: bool, now: &str, expect: &[&str]) {
        let mut node = Node::inline("shop", "select 1");
        node.config.insert("batch_size", json!(size));
        node.config.insert("begin", json!(begin));
        node.config.insert("lookback", json!(lookback));
        let bounds = Bounds { incremental, ..Bounds::default() };
        let made = batches(&node, bounds, moment(now).unwrap()).unwrap();
        let labels: Vec<&str> = made.iter().map(|batch| batch.label.as_str()).collect();
        assert_eq!(labels, expect, "{size} {begin} {now}");
        assert!(made.iter().skip(1).all(|batch| batch.incremental));
        assert_eq!(made[0].incremental, incremental);
    }

    #[test]
    fn time_is_cut_into_batches() {
        let days = ["2020-01-01", "2020-01-02", "2020-01-03"];
        check(("day", "2020-01-01", 1), false, "2020-01-03 13:57:00", &days);
        check(("day", "2020-01-01", 1), false, "2020-01-04 00:00:00", &days);
        check(("day", "2020-01-01", 1), true, "2020-01-03 13:57:00", &days[1..]);
        check(("day", "2020-01-01", 0), true, "2020-01-03 13:57:00", &days[2..]);
        check(("month", "2019-12-31", 1), false, "2020-01-03 13:57:00", &["2019-12", "2020-01"]);
        check(("year", "2019-12-31", 1), true, "2020-03-03 13:57:00", &["2019", "2020"]);
        check(
            ("hour", "2020-01-01T22:30:00", 1),
            false,
            "2020-01-01 23:01:00",
            &["2020-01-01T22", "2020-01-01T23"],
        );
    }

    #[test]
    fn the_last_batch_ends_where_time_ends() {
        let mut node = Node::inline("shop", "select 1");
        node.config.insert("batch_size", json!("day"));
        let at = |text| moment(text);
        let bounds =
            Bounds { start: at("2020-01-02 05:00:00"), end: at("2020-01-03 06:00:00"), incremental: false };
        let made = batches(&node, bounds, moment("2024-01-01").unwrap()).unwrap();
        let last = made.last().unwrap();
        assert_eq!((made.len(), made[0].id.as_str()), (2, "20200102"));
        assert_eq!(last.end, moment("2020-01-04").unwrap());
    }
}
