//! Python's `datetime` values: date, time, datetime (with or without a zone), timedelta, tzinfo.

mod arithmetic;
mod delta;
mod fields;
mod iso;
mod methods;
mod print;
mod strftime;
mod strptime;
mod zone;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use minijinja::value::{DynObject, Object, ObjectRepr, Value};
use minijinja::{Error, State};

use super::{Outcome, bound};

pub use arithmetic::{add, compare, divide, floor_divide, multiply, subtract};
pub use delta::{DAY, delta_of};
pub use iso::{parse_date, parse_datetime, parse_time};
pub use methods::{date_of, place_of, time_of};
pub use strptime::strptime;
pub use zone::{Place, Zone};

/// One value of the `datetime` module.
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// `datetime.date`.
    Date(NaiveDate),
    /// `datetime.time`, with its zone if it has one.
    Time(NaiveTime, Option<Place>),
    /// `datetime.datetime`: what the clock on the wall shows, and where, if that is known.
    DateTime(NaiveDateTime, Option<Place>),
    /// `datetime.timedelta`, in microseconds.
    Delta(i128),
    /// A `tzinfo`.
    Zone(Zone),
}

/// A value of the `datetime` module as a template value.
pub fn moment(moment: Moment) -> Value {
    Value::from_object(moment)
}

/// A date.
pub fn date(date: NaiveDate) -> Value {
    moment(Moment::Date(date))
}

/// A datetime without a zone.
pub fn naive(datetime: NaiveDateTime) -> Value {
    moment(Moment::DateTime(datetime, None))
}

/// A datetime in UTC, which `pytz.utc` stands for.
pub fn utc(datetime: NaiveDateTime) -> Value {
    moment(Moment::DateTime(datetime, Some(Place::at_utc(Zone::Pytz(chrono_tz::UTC), datetime))))
}

/// A datetime with a fixed offset from UTC in seconds, as engines give them.
pub fn fixed(datetime: NaiveDateTime, offset: i32) -> Value {
    moment(Moment::DateTime(datetime, Some(Place::fixed(offset))))
}

/// The moment that a value is.
pub fn of(value: &Value) -> Option<&Moment> {
    value.downcast_object_ref::<Moment>()
}

impl Moment {
    /// The name of its class, as Python's error messages give it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Moment::Date(_) => "datetime.date",
            Moment::Time(..) => "datetime.time",
            Moment::DateTime(..) => "datetime.datetime",
            Moment::Delta(_) => "datetime.timedelta",
            Moment::Zone(_) => "tzinfo",
        }
    }
}

/// `repr(x)`, if `x` is one of these.
pub fn repr(value: &Value) -> Option<String> {
    of(value).map(print::repr)
}

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        let method = || bound(Value::from_dyn_object(self.clone()), name);
        fields::get(self, name).or_else(|| fields::has_method(self, name).then(method))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !matches!(**self, Moment::Delta(0))
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        methods::call(self, state, (name, args))
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        arithmetic::order(self, other.downcast_ref::<Moment>()?)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::text(self))
    }
}

/// The text of a moment in a format, for `'{:%Y}'.format(x)`.
///
/// # Errors
/// It is a timedelta or a zone.
pub fn formatted(moment: &Moment, format: &str) -> Result<String, Error> {
    methods::strftime(moment, format)
}
