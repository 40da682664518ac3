//! `modules.datetime`: `date datetime time timedelta timezone tzinfo`.

use chrono::{Local, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use minijinja::value::Value;
use minijinja::{Error, State};

use super::{Row, members};
use crate::jinja::value::datetime::{
    self, DAY, Moment, Place, Zone, date_of, delta_of, moment, parse_date, parse_datetime, parse_time,
    place_of, strptime, time_of,
};
use crate::jinja::value::{
    Args, Outcome, dict_of, function, index_of, number_of, object_of, type_error, value_error,
};

type Body = fn(&mut State<'_, '_>, &[Value]) -> Outcome;

/// The module.
pub fn module() -> Value {
    dict_of([
        ("date", class("datetime.date", DATE, bounds_of_date(), |_, args| new_date(args))),
        (
            "datetime",
            class("datetime.datetime", DATETIME, bounds_of_datetime(), |_, args| new_datetime(args)),
        ),
        (
            "time",
            class("datetime.time", TIME, vec![("resolution", moment(Moment::Delta(1)))], |_, args| {
                new_time(args)
            }),
        ),
        ("timedelta", class("datetime.timedelta", &[], bounds_of_delta(), |_, args| new_delta(args))),
        ("timezone", class("datetime.timezone", &[], utc_of_zone(), |_, args| new_zone(args))),
        ("tzinfo", class("datetime.tzinfo", &[], Vec::new(), |_, _| Err(type_error("tzinfo is abstract")))),
    ])
}

/// A class: its functions, its constants, and what it makes when it is called.
fn class(
    name: &'static str,
    rows: &'static [Row],
    constants: Vec<(&'static str, Value)>,
    new: Body,
) -> Value {
    object_of(name, members(rows).chain(constants), Some(function(name, new)))
}

const DATE: &[Row] = &[
    ("today", |_, _| Ok(datetime::date(Local::now().date_naive()))),
    ("fromisoformat", |_, args| {
        parse_date(Args::bind("fromisoformat", &["date_string"], args)?.text(0)?).map(datetime::date)
    }),
    ("fromordinal", |_, args| from_ordinal(args).map(datetime::date)),
    ("fromisocalendar", |_, args| from_week(args).map(datetime::date)),
    ("fromtimestamp", |_, args| {
        let at = instant(Args::bind("fromtimestamp", &["timestamp"], args)?.need(0)?)?;
        Ok(datetime::date(local(at).date()))
    }),
];

const DATETIME: &[Row] = &[
    ("now", |_, args| now(args)),
    ("today", |_, _| Ok(datetime::naive(Local::now().naive_local()))),
    ("utcnow", |_, _| Ok(datetime::naive(to_micros(Utc::now().naive_utc())))),
    ("strptime", |_, args| {
        let args = Args::bind("strptime", &["date_string", "format"], args)?;
        strptime(args.text(0)?, args.text(1)?).map(moment)
    }),
    ("fromisoformat", |_, args| {
        parse_datetime(Args::bind("fromisoformat", &["date_string"], args)?.text(0)?).map(moment)
    }),
    ("combine", |_, args| combine(args)),
    ("fromtimestamp", |_, args| from_timestamp(args)),
    ("utcfromtimestamp", |_, args| {
        instant(Args::bind("utcfromtimestamp", &["timestamp"], args)?.need(0)?).map(datetime::naive)
    }),
    ("fromordinal", |_, args| from_ordinal(args).map(|day| datetime::naive(day.into()))),
    ("fromisocalendar", |_, args| from_week(args).map(|day| datetime::naive(day.into()))),
    // The methods, called as functions of the class: `datetime.date(x)`, `datetime.strftime(x, f)`.
    ("strftime", |state, args| unbound(state, "strftime", args)),
    ("isoformat", |state, args| unbound(state, "isoformat", args)),
];

const TIME: &[Row] = &[("fromisoformat", |_, args| {
    parse_time(Args::bind("fromisoformat", &["time_string"], args)?.text(0)?).map(moment)
})];

fn unbound(state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
    let (it, rest) =
        args.split_first().ok_or_else(|| type_error(format!("unbound method {name}() needs an argument")))?;
    it.call_method(state, name, rest)
}

fn bounds_of_date() -> Vec<(&'static str, Value)> {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default();
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default();
    vec![
        ("min", datetime::date(first)),
        ("max", datetime::date(last)),
        ("resolution", moment(Moment::Delta(DAY))),
    ]
}

fn bounds_of_datetime() -> Vec<(&'static str, Value)> {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default().into();
    let last =
        NaiveDate::from_ymd_opt(9999, 12, 31).and_then(|day| day.and_hms_micro_opt(23, 59, 59, 999_999));
    let last = datetime::naive(last.unwrap_or_default());
    vec![("min", datetime::naive(first)), ("max", last), ("resolution", moment(Moment::Delta(1)))]
}

fn bounds_of_delta() -> Vec<(&'static str, Value)> {
    let most = 1_000_000_000 * DAY - 1;
    let delta = |span: i128| moment(Moment::Delta(span));
    vec![("min", delta(-999_999_999 * DAY)), ("max", delta(most)), ("resolution", delta(1))]
}

fn utc_of_zone() -> Vec<(&'static str, Value)> {
    vec![("utc", moment(Moment::Zone(Zone::Fixed(0, None))))]
}

fn to_micros(at: NaiveDateTime) -> NaiveDateTime {
    use chrono::Timelike;
    at.with_nanosecond(at.nanosecond() / 1000 * 1000).unwrap_or(at)
}

fn new_date(args: &[Value]) -> Outcome {
    let args = Args::bind("date", &["year", "month", "day"], args)?;
    day_of(&args).map(datetime::date)
}

fn day_of(args: &Args) -> Result<NaiveDate, Error> {
    let year = args.whole(0)?;
    let small = |number: i64| u32::try_from(number).unwrap_or(0);
    match i32::try_from(year).ok().filter(|year| (1..=9999).contains(year)) {
        Some(year) => date_of(year, small(args.whole(1)?), small(args.whole(2)?)),
        None => Err(value_error(format!("year {year} is out of range"))),
    }
}

fn new_datetime(args: &[Value]) -> Outcome {
    const NAMES: &[&str] =
        &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
    let args = Args::bind("datetime", NAMES, args)?;
    let at = NaiveDateTime::new(day_of(&args)?, time_of(&args, 3, NaiveTime::MIN)?);
    Ok(moment(Moment::DateTime(at, place_of(&args.or(7, ()))?)))
}

fn new_time(args: &[Value]) -> Outcome {
    let args = Args::bind("time", &["hour", "minute", "second", "microsecond", "tzinfo", "fold"], args)?;
    Ok(moment(Moment::Time(time_of(&args, 0, NaiveTime::MIN)?, place_of(&args.or(4, ()))?)))
}

fn new_delta(args: &[Value]) -> Outcome {
    delta_of(args).map(|span| moment(Moment::Delta(span)))
}

fn new_zone(args: &[Value]) -> Outcome {
    let args = Args::bind("timezone", &["offset", "name"], args)?;
    let Some(Moment::Delta(span)) = datetime::of(args.need(0)?) else {
        return Err(type_error("timezone() argument 1 must be datetime.timedelta"));
    };
    if span.abs() >= DAY {
        return Err(value_error("offset must be a timedelta strictly between -24 hours and 24 hours"));
    }
    let name = args.some(1).and_then(Value::as_str).map(str::to_string);
    Ok(moment(Moment::Zone(Zone::Fixed((span / 1_000_000) as i32, name))))
}

fn now(args: &[Value]) -> Outcome {
    let args = Args::bind("now", &["tz"], args)?;
    match args.some(0).map(datetime::of) {
        None => Ok(datetime::naive(to_micros(Local::now().naive_local()))),
        Some(Some(Moment::Zone(zone))) => Ok(within(to_micros(Utc::now().naive_utc()), zone)),
        Some(_) => Err(type_error("tzinfo argument must be None or of a tzinfo subclass")),
    }
}

/// An instant as the clocks of a zone show it.
fn within(instant: NaiveDateTime, zone: &Zone) -> Value {
    let place = Place::at_utc(zone.clone(), instant);
    let wall = instant.checked_add_signed(TimeDelta::seconds(i64::from(place.offset))).unwrap_or(instant);
    moment(Moment::DateTime(wall, Some(place)))
}

fn local(instant: NaiveDateTime) -> NaiveDateTime {
    instant.and_utc().with_timezone(&Local).naive_local()
}

fn instant(timestamp: &Value) -> Result<NaiveDateTime, Error> {
    let seconds = number_of(timestamp).ok_or_else(|| type_error("a timestamp must be a number"))?;
    let micros = (seconds * 1e6).round_ties_even();
    let at = chrono::DateTime::from_timestamp_micros(micros as i64);
    at.map(|at| at.naive_utc()).ok_or_else(|| value_error("timestamp out of range"))
}

fn from_timestamp(args: &[Value]) -> Outcome {
    let args = Args::bind("fromtimestamp", &["timestamp", "tz"], args)?;
    let at = instant(args.need(0)?)?;
    match args.some(1).map(datetime::of) {
        Some(Some(Moment::Zone(zone))) => Ok(within(at, zone)),
        None => Ok(datetime::naive(local(at))),
        Some(_) => Err(type_error("tzinfo argument must be None or of a tzinfo subclass")),
    }
}

fn from_week(args: &[Value]) -> Result<NaiveDate, Error> {
    let args = Args::bind("fromisocalendar", &["year", "week", "day"], args)?;
    let (year, week, day) = (args.whole(0)?, args.whole(1)?, args.whole(2)?);
    let weekday = u8::try_from(day - 1).ok().and_then(|day| chrono::Weekday::try_from(day).ok());
    let found = weekday.zip(u32::try_from(week).ok()).zip(i32::try_from(year).ok());
    let found = found.and_then(|((day, week), year)| NaiveDate::from_isoywd_opt(year, week, day));
    found.ok_or_else(|| value_error(format!("Invalid week or day: {year}, {week}, {day}")))
}

fn from_ordinal(args: &[Value]) -> Result<NaiveDate, Error> {
    let args = Args::bind("fromordinal", &["ordinal"], args)?;
    let day = i32::try_from(index_of(args.need(0)?)?).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
    day.ok_or_else(|| value_error("ordinal must be >= 1"))
}

fn combine(args: &[Value]) -> Outcome {
    let args = Args::bind("combine", &["date", "time", "tzinfo"], args)?;
    let day = match datetime::of(args.need(0)?) {
        Some(Moment::Date(day)) => *day,
        Some(Moment::DateTime(at, _)) => at.date(),
        _ => return Err(type_error("combine() argument 1 must be datetime.date")),
    };
    let Some(Moment::Time(time, place)) = datetime::of(args.need(1)?) else {
        return Err(type_error("combine() argument 2 must be datetime.time"));
    };
    let place = args.get(2).map_or(Ok(place.clone()), place_of)?;
    Ok(moment(Moment::DateTime(NaiveDateTime::new(day, *time), place)))
}
