//! What metrics and saved queries are made of: filters, windows, measures and metrics that they name.

use super::reader::Part;
use crate::error::Result;
use crate::project::yaml::Yaml;
use serde_json::{Value as Json, json};

/// The spans of time that every engine knows, from fine to coarse.
pub(in crate::parse) const GRANULARITIES: &[&str] = &[
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
];

/// A filter: one condition or a list of them; null where there is none.
///
/// # Errors
/// It is something else.
pub(super) fn filter(part: &Part<'_>, key: &str) -> Result<Json> {
    let Some(node) = part.at(key) else { return Ok(Json::Null) };
    let conditions = match node.as_str() {
        Some(one) => vec![one.to_string()],
        None => part.file.yaml.expect_strings(node, key)?,
    };
    let conditions: Vec<Json> =
        conditions.into_iter().map(|sql| json!({"where_sql_template": sql})).collect();
    Ok(json!({"where_filters": conditions}))
}

/// A window, `28 days`, as count and granularity; null where there is none.
///
/// # Errors
/// It is not of that form.
pub(super) fn window(part: &Part<'_>, key: &str) -> Result<Json> {
    let Some(node) = part.at(key) else { return Ok(Json::Null) };
    let written = part.file.yaml.expect_str(node, key)?;
    let parsed = parse_window(written);
    parsed.ok_or_else(|| {
        let fault = part.file.yaml.fault(node, format!("invalid window `{written}`"));
        fault.help("write a count and a granularity, as in `28 days`")
    })
}

fn parse_window(written: &str) -> Option<Json> {
    let lower = written.to_lowercase();
    let (count, granularity) = lower.split_once(' ')?;
    let count: u64 = count.parse().ok()?;
    if granularity.contains(' ') {
        return None;
    }
    let singular = granularity.strip_suffix('s').filter(|one| GRANULARITIES.contains(one));
    Some(json!({"count": count, "granularity": singular.unwrap_or(granularity)}))
}

/// A measure that a metric names; null where there is none.
///
/// # Errors
/// It is neither a name nor a mapping with one.
pub(super) fn measure(part: &Part<'_>, key: &str) -> Result<Json> {
    let Some(node) = part.at(key) else { return Ok(Json::Null) };
    if let Some(name) = node.as_str() {
        return Ok(plain_measure(name));
    }
    let part = part.part(node, "measure")?;
    part.only(&["name", "filter", "alias", "join_to_timespine", "fill_nulls_with"])?;
    Ok(json!({
        "name": part.required("name")?,
        "filter": filter(&part, "filter")?,
        "alias": part.text("alias")?,
        "join_to_timespine": part.flag("join_to_timespine")?,
        "fill_nulls_with": part.whole_number("fill_nulls_with")?,
    }))
}

/// A measure of which only the name is said.
pub(super) fn plain_measure(name: &str) -> Json {
    json!({"name": name, "filter": null, "alias": null, "join_to_timespine": false, "fill_nulls_with": null})
}

/// A metric that a metric names; null where there is none.
///
/// # Errors
/// It is neither a name nor a mapping with one.
pub(super) fn metric(part: &Part<'_>, key: &str) -> Result<Json> {
    part.at(key).map_or(Ok(Json::Null), |node| metric_of(part, node))
}

/// The metrics that a metric names.
///
/// # Errors
/// One of them is neither a name nor a mapping with one.
pub(super) fn metrics(part: &Part<'_>, key: &str) -> Result<Json> {
    part.list(key, |node| metric_of(part, node))
}

fn metric_of(part: &Part<'_>, node: &Yaml) -> Result<Json> {
    if let Some(name) = node.as_str() {
        return Ok(json!({
            "name": name, "filter": null, "alias": null, "offset_window": null, "offset_to_grain": null
        }));
    }
    let part = Part { file: part.file, node, what: "metric" };
    part.file.yaml.expect_map(node, "metric")?;
    part.only(&["name", "filter", "alias", "offset_window", "offset_to_grain"])?;
    Ok(json!({
        "name": part.required("name")?,
        "filter": filter(&part, "filter")?,
        "alias": part.text("alias")?,
        "offset_window": window(&part, "offset_window")?,
        "offset_to_grain": part.text("offset_to_grain")?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expect: Option<(u64, &str)>) {
        let expect = expect.map(|(count, granularity)| json!({"count": count, "granularity": granularity}));
        assert_eq!(parse_window(written), expect, "{written}");
    }

    #[test]
    fn windows() {
        check("28 days", Some((28, "day")));
        check("3 Months", Some((3, "month")));
        check("1 day", Some((1, "day")));
        check("2 fortnights", Some((2, "fortnights")));
        check("days", None);
        check("x days", None);
        check("1 day ago", None);
    }
}
