//! Jinja2's tests, each a row of the table.

use minijinja::value::{Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, State};

use super::macro_::Nothing;
use super::value::{
    Args, Outcome, PyDict, PyList, PySet, datetime, decimal, iterate, operators, print, python_type_name,
    type_error,
};
use super::{filters, methods};

/// The name of a test, and the function: its first argument is what stands before the `is`.
type Row = (&'static str, fn(&mut State<'_, '_>, &[Value]) -> Result<bool, Error>);

/// Undefined, or what stands for it where that is forgiven.
fn is_absent(value: &Value) -> bool {
    value.is_undefined() || value.downcast_object_ref::<Nothing>().is_some()
}

const ROWS: &[Row] = &[
    ("boolean", |_, args| one(args, |value| value.kind() == ValueKind::Bool)),
    ("callable", |_, args| one(args, is_callable)),
    ("defined", |_, args| one(args, |value| !is_absent(value))),
    ("divisibleby", |_, args| divisible(args)),
    ("eq", |_, args| compared(args, "==")),
    ("equalto", |_, args| compared(args, "==")),
    ("==", |_, args| compared(args, "==")),
    ("ne", |_, args| compared(args, "!=")),
    ("!=", |_, args| compared(args, "!=")),
    ("lt", |_, args| compared(args, "<")),
    ("lessthan", |_, args| compared(args, "<")),
    ("<", |_, args| compared(args, "<")),
    ("le", |_, args| compared(args, "<=")),
    ("<=", |_, args| compared(args, "<=")),
    ("gt", |_, args| compared(args, ">")),
    ("greaterthan", |_, args| compared(args, ">")),
    (">", |_, args| compared(args, ">")),
    ("ge", |_, args| compared(args, ">=")),
    (">=", |_, args| compared(args, ">=")),
    ("escaped", |_, args| one(args, Value::is_safe)),
    ("even", |_, args| remainder(args, 2).map(|rest| rest == Value::from(0))),
    ("odd", |_, args| remainder(args, 2).map(|rest| rest == Value::from(1))),
    ("false", |_, args| one(args, |value| value.kind() == ValueKind::Bool && !value.is_true())),
    ("true", |_, args| one(args, |value| value.kind() == ValueKind::Bool && value.is_true())),
    ("filter", |_, args| one(args, |name| name.as_str().is_some_and(filters::exists))),
    ("test", |_, args| one(args, |name| name.as_str().is_some_and(exists))),
    ("float", |_, args| one(args, |value| value.is_number() && !value.is_integer())),
    ("integer", |_, args| one(args, Value::is_integer)),
    ("number", |_, args| one(args, is_number)),
    ("in", |_, args| contained(args)),
    ("iterable", |_, args| one(args, |value| iterate(value).is_ok())),
    ("sequence", |_, args| one(args, is_sequence)),
    ("mapping", |_, args| one(args, |value| value.kind() == ValueKind::Map)),
    ("string", |_, args| one(args, |value| value.kind() == ValueKind::String)),
    ("lower", |state, args| by_method(state, "islower", args)),
    ("upper", |state, args| by_method(state, "isupper", args)),
    ("none", |_, args| one(args, Value::is_none)),
    ("sameas", |_, args| two("sameas", args, same)),
    ("undefined", |_, args| one(args, is_absent)),
];

/// Adds them all.
pub fn register(env: &mut Environment<'static>) {
    for (name, test) in ROWS.iter().copied() {
        env.add_test(
            name,
            move |state: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| -> Result<bool, Error> {
                test(state, &args.into_values())
            },
        );
    }
}

fn exists(name: &str) -> bool {
    ROWS.iter().any(|row| row.0 == name)
}

fn one(args: &[Value], holds: fn(&Value) -> bool) -> Result<bool, Error> {
    Ok(holds(Args::bind("test", &["value"], args)?.need(0)?))
}

fn two(name: &'static str, args: &[Value], holds: fn(&Value, &Value) -> bool) -> Result<bool, Error> {
    let args = Args::bind(name, &["value", "other"], args)?;
    Ok(holds(args.need(0)?, args.need(1)?))
}

fn compared(args: &[Value], sign: &str) -> Result<bool, Error> {
    let args = Args::bind("test", &["a", "b"], args)?;
    operators::compared(args.need(0)?, sign, args.need(1)?)
}

fn remainder(args: &[Value], divisor: i64) -> Outcome {
    let args = Args::bind("test", &["value"], args)?;
    let value = args.need(0)?;
    match value.as_str() {
        Some(_) => Err(type_error("not all arguments converted during string formatting")),
        None => operators::modulo(value, &Value::from(divisor)),
    }
}

fn divisible(args: &[Value]) -> Result<bool, Error> {
    let args = Args::bind("divisibleby", &["value", "num"], args)?;
    Ok(operators::equal(&operators::modulo(args.need(0)?, args.need(1)?)?, &Value::from(0)))
}

fn by_method(state: &mut State<'_, '_>, name: &'static str, args: &[Value]) -> Result<bool, Error> {
    let text = Value::from(print::text(Args::bind(name, &["value"], args)?.need(0)?));
    methods::call(state, &text, name, &[]).map(|holds| holds.is_true())
}

/// Objects that are neither data nor a moment: functions, macros, classes.
fn is_callable(value: &Value) -> bool {
    let data = datetime::of(value).is_some() || decimal::of(value).is_some();
    value.is_undefined() || (value.kind() == ValueKind::Plain && !data)
}

fn is_number(value: &Value) -> bool {
    value.is_number() || value.kind() == ValueKind::Bool || decimal::of(value).is_some()
}

fn is_sequence(value: &Value) -> bool {
    matches!(
        value.kind(),
        ValueKind::Seq | ValueKind::String | ValueKind::Map | ValueKind::Undefined | ValueKind::Bytes
    )
}

fn contained(args: &[Value]) -> Result<bool, Error> {
    let args = Args::bind("in", &["value", "seq"], args)?;
    operators::contains(args.need(1)?, args.need(0)?)
}

/// Identity. Numbers, texts and tuples have none here that could differ from equality of kind and
/// value.
fn same(a: &Value, b: &Value) -> bool {
    let address = |value: &Value| {
        let list = value.downcast_object::<PyList>().map(|it| std::sync::Arc::as_ptr(&it) as usize);
        list.or_else(|| value.downcast_object::<PyDict>().map(|it| std::sync::Arc::as_ptr(&it) as usize))
            .or_else(|| value.downcast_object::<PySet>().map(|it| std::sync::Arc::as_ptr(&it) as usize))
    };
    match (address(a), address(b)) {
        (None, None) => python_type_name(a) == python_type_name(b) && a == b,
        (a, b) => a == b,
    }
}
