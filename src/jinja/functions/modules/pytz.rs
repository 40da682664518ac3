//! `modules.pytz`: named time zones.

use chrono_tz::{TZ_VARIANTS, Tz};
use minijinja::Value;

use super::{Row, members};
use crate::jinja::value::datetime::{Moment, Zone, moment};
use crate::jinja::value::{Args, Outcome, dict_of, key_error, list, set};

/// The module.
pub fn module() -> Value {
    let utc = || moment(Moment::Zone(Zone::Pytz(Tz::UTC)));
    let names = || TZ_VARIANTS.iter().map(|tz| Value::from(tz.name()));
    let constants = [
        ("utc", utc()),
        ("UTC", utc()),
        ("all_timezones", list(names().collect())),
        ("all_timezones_set", set(names())),
        ("common_timezones", list(names().filter(is_common).collect())),
        ("common_timezones_set", set(names().filter(is_common))),
    ];
    dict_of(members(ROWS).chain(constants))
}

/// Zones that are named after a continent and a place.
fn is_common(name: &Value) -> bool {
    let name = name.as_str().unwrap_or_default();
    name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/")
}

const ROWS: &[Row] = &[
    ("timezone", |_, args| timezone(args)),
    ("FixedOffset", |_, args| {
        let minutes = Args::bind("FixedOffset", &["minutes"], args)?.whole(0)?;
        Ok(match i32::try_from(minutes * 60) {
            Ok(0) | Err(_) => moment(Moment::Zone(Zone::Pytz(Tz::UTC))),
            Ok(seconds) => moment(Moment::Zone(Zone::PytzFixed(seconds))),
        })
    }),
];

fn timezone(args: &[Value]) -> Outcome {
    let args = Args::bind("timezone", &["zone"], args)?;
    let name = args.text(0)?;
    let known = TZ_VARIANTS.iter().find(|tz| tz.name().eq_ignore_ascii_case(name)).copied();
    known
        .map(|tz: Tz| moment(Moment::Zone(Zone::Pytz(tz))))
        .ok_or_else(|| key_error(args.need(0).unwrap_or(&Value::UNDEFINED)))
}
