//! Python's `datetime` values: date, time, datetime (with or without a zone), timedelta, tzinfo.

use minijinja::Value;

/// One value of the `datetime` module.
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// `datetime.date`.
    Date(chrono::NaiveDate),
}

impl Moment {
    /// The name of its class.
    pub fn type_name(&self) -> &'static str {
        "datetime.date"
    }
}

/// `repr(x)`, if `x` is one of these.
pub fn repr(_value: &Value) -> Option<String> {
    None
}

macro_rules! later { ($($name:ident)*) => { $(
    /// An operator on dates; `None` where neither side is one.
    pub fn $name(_a: &Value, _b: &Value) -> Option<super::Outcome> { None }
)* } }
later!(add subtract multiply divide floor_divide);
/// Order.
pub fn compare(_a: &Value, _b: &Value) -> Option<std::cmp::Ordering> {
    None
}
impl minijinja::value::Object for Moment {}
