//! Filters on sequences: `batch first join last list random reverse slice`.

use std::hash::{BuildHasher, Hasher, RandomState};

use minijinja::value::{Value, ValueKind};

use super::Row;
use super::attribute::Path;
use crate::jinja::context::note_moment;
use crate::jinja::value::{Args, Outcome, bounds, iterate, list, operators, print, type_error, value_error};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("batch", |_, args| batch(args)),
    ("first", |_, args| Ok(items("first", args)?.into_iter().next().unwrap_or_default())),
    ("last", |_, args| Ok(items("last", args)?.into_iter().next_back().unwrap_or_default())),
    ("join", |_, args| join(args)),
    ("list", |_, args| items("list", args).map(list)),
    ("random", |state, args| {
        note_moment(state);
        random(args)
    }),
    ("reverse", |_, args| reverse(args)),
    ("slice", |_, args| slice(args)),
];

fn items(name: &'static str, args: &[Value]) -> Result<Vec<Value>, minijinja::Error> {
    iterate(Args::bind(name, &["value"], args)?.need(0)?)
}

fn batch(args: &[Value]) -> Outcome {
    let args = Args::bind("batch", &["value", "linecount", "fill_with"], args)?;
    let size = usize::try_from(args.whole(1)?).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| value_error("the size of a batch must be positive"))?;
    let items = iterate(args.need(0)?)?;
    bounds::items_fit(args.some(2).map_or(Some(0), |_| items.len().div_ceil(size).checked_mul(size)))?;
    let rows = items.chunks(size).map(|row| {
        let mut row = row.to_vec();
        if let Some(fill) = args.some(2) {
            row.resize(size, fill.clone());
        }
        list(row)
    });
    Ok(list(rows.collect()))
}

/// So many columns, the first ones longer by one where it does not come out even.
fn slice(args: &[Value]) -> Outcome {
    let args = Args::bind("slice", &["value", "slices", "fill_with"], args)?;
    let columns = usize::try_from(args.whole(1)?).ok().filter(|columns| *columns > 0);
    let columns = columns.ok_or_else(|| value_error("integer division or modulo by zero"))?;
    bounds::items_fit(Some(columns))?;
    let items = iterate(args.need(0)?)?;
    let (size, longer) = (items.len() / columns, items.len() % columns);
    let mut rest = items.into_iter();
    let column = |at: usize| {
        let length = size + usize::from(at < longer);
        let mut column: Vec<Value> = rest.by_ref().take(length).collect();
        if let Some(fill) = args.some(2).filter(|_| at >= longer) {
            column.push(fill.clone());
        }
        list(column)
    };
    Ok(list((0..columns).map(column).collect()))
}

fn join(args: &[Value]) -> Outcome {
    let args = Args::bind("join", &["value", "d", "attribute"], args)?;
    let path = Path::new(args.some(2), None);
    let parts: Vec<String> = iterate(args.need(0)?)?.iter().map(|item| print::text(&path.of(item))).collect();
    bounds::joined(&parts, &print::text(&args.or(1, ""))).map(Value::from)
}

fn random(args: &[Value]) -> Outcome {
    let items = items("random", args)?;
    // The keys of a new hasher are random: enough for a template, and no generator to seed.
    let draw = RandomState::new().build_hasher().finish() as usize;
    Ok(items.get(draw % items.len().max(1)).cloned().unwrap_or_default())
}

fn reverse(args: &[Value]) -> Outcome {
    let args = Args::bind("reverse", &["value"], args)?;
    let value = args.need(0)?;
    match value.kind() {
        ValueKind::String => {
            let none = Value::from(());
            operators::slice(value, [&none, &none, &Value::from(-1)])
        }
        _ => {
            let mut items = iterate(value).map_err(|_| type_error("argument must be iterable"))?;
            items.reverse();
            Ok(list(items))
        }
    }
}
