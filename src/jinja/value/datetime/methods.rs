//! The methods of dates, times, spans and zones.

use chrono::{DateTime, Datelike, Local, NaiveDate, NaiveDateTime, NaiveTime, Offset, Timelike};
use minijinja::value::Value;
use minijinja::{Error, ErrorKind, State};

use super::arithmetic::{instant, later_by};
use super::zone::{Place, Zone};
use super::{Moment, delta, iso, moment, of, strftime as format};
use crate::jinja::value::{Args, Outcome, tuple, type_error, value_error};

/// `it.name(args)`.
///
/// # Errors
/// There is no such method, or it refuses its arguments.
pub fn call(it: &Moment, _: &mut State<'_, '_>, (name, args): (&str, &[Value])) -> Outcome {
    match it {
        Moment::Date(date) => of_date(*date, name, args),
        Moment::Time(time, place) => of_time((*time, place.as_ref()), name, args),
        Moment::DateTime(both, place) => of_datetime((*both, place.as_ref()), name, args),
        Moment::Delta(span) if name == "total_seconds" => {
            Ok(Value::from(*span as f64 / delta::SECOND as f64))
        }
        Moment::Zone(zone) => of_zone(zone, name, args),
        Moment::Delta(_) => unknown(),
    }
}

fn unknown() -> Outcome {
    Err(Error::from(ErrorKind::UnknownMethod))
}

/// `x.strftime(format)`.
///
/// # Errors
/// It is a span or a zone.
pub fn strftime(it: &Moment, text: &str) -> Result<String, Error> {
    let first_day = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    match it {
        Moment::Date(date) => Ok(format::strftime((*date).into(), None, text)),
        Moment::Time(time, place) => {
            Ok(format::strftime(NaiveDateTime::new(first_day, *time), place.as_ref(), text))
        }
        Moment::DateTime(both, place) => Ok(format::strftime(*both, place.as_ref(), text)),
        _ => Err(type_error(format!("unsupported format string passed to {}", it.type_name()))),
    }
}

fn formatted(it: &Moment, args: &[Value]) -> Outcome {
    let args = Args::bind("strftime", &["format"], args)?;
    strftime(it, args.text(0)?).map(Value::from)
}

fn of_date(date: NaiveDate, name: &str, args: &[Value]) -> Outcome {
    match name {
        "isoformat" => Ok(Value::from(iso::date_text(date))),
        "strftime" | "__format__" => formatted(&Moment::Date(date), args),
        "weekday" => Ok(Value::from(date.weekday().num_days_from_monday())),
        "isoweekday" => Ok(Value::from(date.weekday().number_from_monday())),
        "isocalendar" => {
            let week = date.iso_week();
            let parts =
                [i64::from(week.year()), week.week().into(), date.weekday().number_from_monday().into()];
            Ok(tuple(parts.map(Value::from).to_vec()))
        }
        "toordinal" => Ok(Value::from(date.num_days_from_ce())),
        "ctime" => Ok(Value::from(format::strftime(date.into(), None, "%c"))),
        "timetuple" => Ok(time_tuple(date.into(), -1)),
        "replace" => {
            let args = Args::bind("replace", &["year", "month", "day"], args)?;
            replaced_date(date, &args).map(|date| moment(Moment::Date(date)))
        }
        _ => unknown(),
    }
}

/// A `struct_time`, as a tuple.
fn time_tuple(at: NaiveDateTime, saving: i64) -> Value {
    let parts = [
        at.year().into(),
        at.month().into(),
        at.day().into(),
        at.hour().into(),
        at.minute().into(),
        at.second().into(),
        at.weekday().num_days_from_monday().into(),
        at.ordinal().into(),
        saving,
    ];
    tuple(parts.map(Value::from).to_vec())
}

fn part(args: &Args, at: usize, old: u32) -> Result<u32, Error> {
    let number = args.whole_or(at, i64::from(old))?;
    u32::try_from(number).map_err(|_| value_error("a part of a date or time is out of range"))
}

fn replaced_date(date: NaiveDate, args: &Args) -> Result<NaiveDate, Error> {
    let year = args.whole_or(0, i64::from(date.year()))?;
    let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year));
    let year = year.ok_or_else(|| value_error("year is out of range"))?;
    let (month, day) = (part(args, 1, date.month())?, part(args, 2, date.day())?);
    date_of(year, month, day)
}

/// A date of its parts.
///
/// # Errors
/// There is no such day.
pub fn date_of(year: i32, month: u32, day: u32) -> Result<NaiveDate, Error> {
    if !(1..=12).contains(&month) {
        return Err(value_error("month must be in 1..12"));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| value_error("day is out of range for month"))
}

/// A time of day of the arguments from `first` on: hour, minute, second, microsecond.
///
/// # Errors
/// There is no such time.
pub fn time_of(args: &Args, first: usize, old: NaiveTime) -> Result<NaiveTime, Error> {
    let hour = part(args, first, old.hour())?;
    let minute = part(args, first + 1, old.minute())?;
    let second = part(args, first + 2, old.second())?;
    let micro = part(args, first + 3, old.nanosecond() / 1000)?;
    let fault = match (hour, minute, second, micro) {
        (24.., ..) => "hour must be in 0..23",
        (_, 60.., ..) => "minute must be in 0..59",
        (_, _, 60.., _) => "second must be in 0..59",
        _ => "microsecond must be in 0..999999",
    };
    NaiveTime::from_hms_micro_opt(hour, minute, second, micro)
        .filter(|_| micro < 1_000_000 && second < 60)
        .ok_or_else(|| value_error(fault))
}

/// The `tzinfo` argument, as `datetime(.., tzinfo=x)` takes it.
///
/// # Errors
/// It is neither a zone nor `None`.
pub fn place_of(zone: &Value) -> Result<Option<Place>, Error> {
    match of(zone) {
        Some(Moment::Zone(zone)) => Ok(Some(Place::attached(zone.clone()))),
        _ if zone.is_none() => Ok(None),
        _ => Err(type_error("tzinfo argument must be None or of a tzinfo subclass")),
    }
}

fn of_time((time, place): (NaiveTime, Option<&Place>), name: &str, args: &[Value]) -> Outcome {
    match name {
        "isoformat" => {
            let args = Args::bind("isoformat", &["timespec"], args)?;
            iso::time_text(time, place, args.text_or(0, "auto")?).map(Value::from)
        }
        "strftime" | "__format__" => formatted(&Moment::Time(time, place.cloned()), args),
        "replace" => {
            const NAMES: &[&str] = &["hour", "minute", "second", "microsecond", "tzinfo", "fold"];
            let args = Args::bind("replace", NAMES, args)?;
            let place = args.get(4).map_or(Ok(place.cloned()), place_of)?;
            Ok(moment(Moment::Time(time_of(&args, 0, time)?, place)))
        }
        _ => of_place(place, name),
    }
}

fn of_place(place: Option<&Place>, name: &str) -> Outcome {
    let none = || Value::from(());
    let span = |seconds: i32| moment(Moment::Delta(i128::from(seconds) * delta::SECOND));
    match name {
        "utcoffset" => Ok(place.map_or_else(none, |place| span(place.offset))),
        "dst" => Ok(match place {
            Some(Place { zone: Zone::Pytz(_), saving, .. }) => span(*saving),
            _ => none(),
        }),
        "tzname" => Ok(place.map_or_else(none, |place| Value::from(place.name.as_str()))),
        _ => unknown(),
    }
}

fn of_datetime((at, place): (NaiveDateTime, Option<&Place>), name: &str, args: &[Value]) -> Outcome {
    match name {
        "date" => Ok(moment(Moment::Date(at.date()))),
        "time" => Ok(moment(Moment::Time(at.time(), None))),
        "timetz" => Ok(moment(Moment::Time(at.time(), place.cloned()))),
        "isoformat" => {
            let args = Args::bind("isoformat", &["sep", "timespec"], args)?;
            let time = iso::time_text(at.time(), place, args.text_or(1, "auto")?)?;
            Ok(Value::from(format!("{}{}{time}", iso::date_text(at.date()), args.text_or(0, "T")?)))
        }
        "strftime" | "__format__" => formatted(&Moment::DateTime(at, place.cloned()), args),
        "ctime" => Ok(Value::from(format::strftime(at, None, "%c"))),
        "timestamp" => {
            let seen = place.cloned().unwrap_or_else(|| local_place(at));
            let micros = instant(at, &seen).and_utc().timestamp_micros();
            Ok(Value::from(micros as f64 / delta::SECOND as f64))
        }
        "timetuple" => {
            let saving = place.map_or(-1, |place| i64::from(place.saving != 0));
            Ok(time_tuple(at, saving))
        }
        "utctimetuple" => Ok(time_tuple(place.map_or(at, |place| instant(at, place)), 0)),
        "replace" => replaced(at, place, args),
        "astimezone" => as_time_zone(at, place, args),
        "utcoffset" | "dst" | "tzname" => of_place(place, name),
        _ => of_date(at.date(), name, args),
    }
}

fn replaced(at: NaiveDateTime, place: Option<&Place>, args: &[Value]) -> Outcome {
    const NAMES: &[&str] =
        &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
    let args = Args::bind("replace", NAMES, args)?;
    let place = args.get(7).map_or(Ok(place.cloned()), place_of)?;
    let both = NaiveDateTime::new(replaced_date(at.date(), &args)?, time_of(&args, 3, at.time())?);
    Ok(moment(Moment::DateTime(both, place)))
}

/// The offset of this machine's zone at what its wall clock shows.
fn local_place(at: NaiveDateTime) -> Place {
    let here = at.and_local_timezone(Local).earliest();
    Place::fixed(here.map_or(0, |here: DateTime<Local>| here.offset().fix().local_minus_utc()))
}

fn as_time_zone(at: NaiveDateTime, place: Option<&Place>, args: &[Value]) -> Outcome {
    let args = Args::bind("astimezone", &["tz"], args)?;
    let seen = place.cloned().unwrap_or_else(|| local_place(at));
    let instant = instant(at, &seen);
    let there = match args.some(0).map(of) {
        None => local_place(instant),
        Some(Some(Moment::Zone(zone))) => Place::at_utc(zone.clone(), instant),
        Some(_) => return Err(type_error("tz argument must be an instance of tzinfo")),
    };
    let wall = later_by(instant, there.offset);
    Ok(moment(Moment::DateTime(wall, Some(there))))
}

fn of_zone(zone: &Zone, name: &str, args: &[Value]) -> Outcome {
    let args = Args::bind("tzinfo", &["dt", "is_dst"], args)?;
    let is_dst = args.flag(1, false);
    let place = |at: NaiveDateTime| Place::at_wall(zone.clone(), at, is_dst);
    match (name, args.get(0).and_then(of)) {
        ("localize", Some(Moment::DateTime(at, None))) => Ok(moment(Moment::DateTime(*at, Some(place(*at))))),
        ("localize", Some(Moment::DateTime(..))) => {
            Err(value_error("Not naive datetime (tzinfo is already set)"))
        }
        ("normalize", Some(Moment::DateTime(at, Some(old)))) => {
            let instant = instant(*at, old);
            let place = Place::at_utc(zone.clone(), instant);
            Ok(moment(Moment::DateTime(later_by(instant, place.offset), Some(place))))
        }
        ("fromutc", Some(Moment::DateTime(at, _))) => {
            let place = Place::at_utc(zone.clone(), *at);
            Ok(moment(Moment::DateTime(later_by(*at, place.offset), Some(place))))
        }
        ("utcoffset" | "dst" | "tzname", Some(Moment::DateTime(at, _))) => of_place(Some(&place(*at)), name),
        ("utcoffset" | "dst" | "tzname", _) if !matches!(zone, Zone::Pytz(_)) => {
            of_place(Some(&Place::attached(zone.clone())), name)
        }
        ("utcoffset" | "dst" | "tzname", _) => Ok(Value::from(())),
        _ => unknown(),
    }
}
