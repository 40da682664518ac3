//! Time zones: UTC and fixed offsets (`datetime.timezone`), and named ones as pytz has them.

use chrono::{LocalResult, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// A `tzinfo`.
#[derive(Debug, Clone, PartialEq)]
pub enum Zone {
    /// `datetime.timezone(offset, name)`: seconds east of UTC.
    Fixed(i32, Option<String>),
    /// `pytz.timezone(name)`.
    Pytz(Tz),
    /// `pytz.FixedOffset(minutes)`: seconds east of UTC.
    PytzFixed(i32),
}

/// A zone with the offset that holds for one datetime.
///
/// A zone of pytz keeps the offset that it was given when the datetime was localized, also through
/// arithmetic, until it is normalized.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The zone.
    pub zone: Zone,
    /// Seconds east of UTC.
    pub offset: i32,
    /// Of which so many are daylight saving.
    pub saving: i32,
    /// `EST`, `UTC+05:00`; empty where the zone has no name.
    pub name: String,
}

impl Place {
    /// A fixed offset in seconds.
    pub fn fixed(offset: i32) -> Self {
        Place::at_utc(Zone::Fixed(offset, None), NaiveDateTime::default())
    }

    /// The zone's offset at an instant, given in UTC.
    pub fn at_utc(zone: Zone, instant: NaiveDateTime) -> Self {
        match &zone {
            Zone::Fixed(offset, name) => {
                let name = name.clone().unwrap_or_else(|| fixed_name(*offset));
                Place { offset: *offset, saving: 0, name, zone }
            }
            Zone::PytzFixed(offset) => Place { offset: *offset, saving: 0, name: String::new(), zone },
            Zone::Pytz(tz) => {
                let offset = tz.offset_from_utc_datetime(&instant);
                Place {
                    offset: offset.fix().local_minus_utc(),
                    saving: offset.dst_offset().num_seconds() as i32,
                    name: offset.abbreviation().unwrap_or_default().to_string(),
                    zone,
                }
            }
        }
    }

    /// `tz.localize(datetime, is_dst)`: the offset at what the wall clock shows. Where the clock
    /// shows it twice or never, `is_dst` decides.
    pub fn at_wall(zone: Zone, wall: NaiveDateTime, is_dst: bool) -> Self {
        let Zone::Pytz(tz) = &zone else { return Place::at_utc(zone, wall) };
        let instant = match tz.offset_from_local_datetime(&wall) {
            LocalResult::Single(offset) => wall - offset.fix(),
            LocalResult::Ambiguous(first, _) if is_dst => wall - first.fix(),
            LocalResult::Ambiguous(_, second) => wall - second.fix(),
            LocalResult::None if is_dst => wall + TimeDelta::days(1),
            LocalResult::None => wall - TimeDelta::days(1),
        };
        Place::at_utc(zone, instant)
    }

    /// What `datetime.replace(tzinfo=zone)` gives: with a zone of pytz its first known offset, the
    /// local mean time, in whole minutes. That is a famous trap of pytz's.
    pub fn attached(zone: Zone) -> Self {
        let long_ago = NaiveDate::from_ymd_opt(1800, 1, 1).unwrap_or_default().into();
        let mut place = Place::at_utc(zone, long_ago);
        place.offset = (f64::from(place.offset) / 60.0).round() as i32 * 60;
        place
    }
}

impl Zone {
    /// Whether the zone is UTC, however it was made.
    pub fn is_utc(&self) -> bool {
        matches!(self, Zone::Fixed(0, None) | Zone::Pytz(Tz::UTC))
    }
}

/// `UTC`, `UTC+05:30`.
fn fixed_name(offset: i32) -> String {
    if offset == 0 { "UTC".to_string() } else { format!("UTC{}", offset_text(offset, ":")) }
}

/// `+05:30` with `:`; seconds only where there are any.
pub fn offset_text(offset: i32, separator: &str) -> String {
    let (sign, size) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    let mut text = format!("{sign}{:02}{separator}{:02}", size / 3600, size / 60 % 60);
    if size % 60 != 0 {
        text += &format!("{separator}{:02}", size % 60);
    }
    text
}
