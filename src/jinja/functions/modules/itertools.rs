//! `modules.itertools`. What Python gives as iterators are lists here.

use minijinja::value::Value;
use minijinja::{Error, State};
use std::sync::Arc;

use super::itertools_endless::Endless;
use super::{Row, members};
use crate::jinja::value::{
    Args, Outcome, dict_of, function, index_of, iterate, list, operators, split_args, tuple, value_error,
};

/// The module, with the members that dbt exports.
pub fn module() -> Value {
    dict_of(members(ROWS))
}

/// The same, telling of every call.
pub fn watched(told: &Arc<dyn Fn() + Send + Sync>) -> Value {
    dict_of(ROWS.iter().map(|(name, body)| {
        let told = told.clone();
        let watched = move |state: &mut State<'_, '_>, args: &[Value]| {
            told();
            body(state, args)
        };
        (*name, function(*name, watched))
    }))
}

const ROWS: &[Row] = &[
    ("count", |_, args| {
        let args = Args::bind("count", &["start", "step"], args)?;
        Ok(Value::from_object(Endless::Count(args.or(0, 0), args.or(1, 1))))
    }),
    ("cycle", |_, args| {
        let items = iterate(Args::bind("cycle", &["iterable"], args)?.need(0)?)?;
        Ok(if items.is_empty() { list(items) } else { Value::from_object(Endless::Cycle(items)) })
    }),
    ("repeat", |_, args| repeat(args)),
    ("accumulate", accumulate),
    ("chain", |_, args| {
        let parts = split_args(args)?.0.iter().map(iterate).collect::<Result<Vec<_>, Error>>()?;
        Ok(list(parts.into_iter().flatten().collect()))
    }),
    ("compress", |_, args| {
        let args = Args::bind("compress", &["data", "selectors"], args)?;
        let chosen = iterate(args.need(0)?)?.into_iter().zip(iterate(args.need(1)?)?);
        Ok(list(chosen.filter(|(_, keep)| keep.is_true()).map(|(item, _)| item).collect()))
    }),
    ("islice", |_, args| slice(args)),
    ("starmap", |state, args| {
        let args = Args::bind("starmap", &["function", "iterable"], args)?;
        let function = args.need(0)?;
        let results = iterate(args.need(1)?)?.into_iter().map(|row| function.call(state, &iterate(&row)?));
        results.collect::<Result<_, Error>>().map(list)
    }),
    ("tee", |_, args| {
        let args = Args::bind("tee", &["iterable", "n"], args)?;
        let items = iterate(args.need(0)?)?;
        Ok(tuple((0..args.whole_or(1, 2)?.clamp(0, 1000)).map(|_| list(items.clone())).collect()))
    }),
    ("zip_longest", |_, args| zip_longest(args)),
    ("product", |_, args| product(args)),
    ("permutations", |_, args| arranged(args, |chosen, next| !chosen.contains(&next))),
    ("combinations", |_, args| arranged(args, |chosen, next| chosen.last().is_none_or(|last| *last < next))),
    ("combinations_with_replacement", |_, args| {
        arranged(args, |chosen, next| chosen.last().is_none_or(|last| *last <= next))
    }),
];

/// More rows than this no template needs.
const MOST: usize = 10_000_000;

fn too_many() -> Error {
    value_error("the result has more than 10 million rows")
}

fn repeat(args: &[Value]) -> Outcome {
    let args = Args::bind("repeat", &["object", "times"], args)?;
    let item = args.need(0)?.clone();
    match args.get(1).map(index_of).transpose()? {
        None => Ok(Value::from_object(Endless::Repeat(item))),
        Some(times) if times as usize > MOST && times > 0 => Err(too_many()),
        Some(times) => Ok(list(std::iter::repeat_n(item, times.max(0) as usize).collect())),
    }
}

fn accumulate(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("accumulate", &["iterable", "func", "initial"], args)?;
    let mut items = iterate(args.need(0)?)?;
    items.splice(0..0, args.some(2).cloned());
    let mut totals: Vec<Value> = Vec::new();
    for item in items {
        let total = match (totals.last(), args.some(1)) {
            (None, _) => item,
            (Some(total), Some(function)) => function.call(state, &[total.clone(), item])?,
            (Some(total), None) => operators::add(total, &item)?,
        };
        totals.push(total);
    }
    Ok(list(totals))
}

fn slice(args: &[Value]) -> Outcome {
    let args = Args::bind("islice", &["iterable", "start", "stop", "step"], args)?;
    let size = |at: usize, default: i64| {
        let number = args.whole_or(at, default)?;
        usize::try_from(number).map_err(|_| {
            value_error("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        })
    };
    let (start, stop) = match args.get(2) {
        None => (0, size(1, i64::MAX)?),
        Some(_) => (size(1, 0)?, size(2, i64::MAX)?),
    };
    let step = size(3, 1)?;
    if step == 0 {
        return Err(value_error("Step for islice() must be a positive integer or None."));
    }
    let source = args.need(0)?;
    if source.downcast_object_ref::<Endless>().is_some() && stop > MOST {
        return Err(too_many());
    }
    let items = source.try_iter()?.take(stop).skip(start).step_by(step);
    Ok(list(items.collect()))
}

fn zip_longest(args: &[Value]) -> Outcome {
    let (columns, named) = split_args(args)?;
    let fill = named.get("fillvalue").cloned().unwrap_or_else(|| Value::from(()));
    let columns = columns.iter().map(iterate).collect::<Result<Vec<_>, Error>>()?;
    let length = columns.iter().map(Vec::len).max().unwrap_or(0);
    let row =
        |at: usize| tuple(columns.iter().map(|column| column.get(at).unwrap_or(&fill).clone()).collect());
    Ok(list((0..length).map(row).collect()))
}

fn product(args: &[Value]) -> Outcome {
    let (columns, named) = split_args(args)?;
    let times = named.get("repeat").map_or(Ok(1), index_of)?;
    if times < 0 {
        return Err(value_error("repeat argument cannot be negative"));
    }
    let columns = columns.iter().map(iterate).collect::<Result<Vec<_>, Error>>()?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for column in (0..times).flat_map(|_| &columns) {
        if rows.len().saturating_mul(column.len()) > MOST {
            return Err(too_many());
        }
        let longer = |row: &Vec<Value>| -> Vec<Vec<Value>> {
            column.iter().map(|item| [row.as_slice(), std::slice::from_ref(item)].concat()).collect()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    Ok(list(rows.into_iter().map(tuple).collect()))
}

/// All ways to choose `r` places one after the other, each as `fits` allows it after the others.
fn arranged(args: &[Value], fits: fn(&[usize], usize) -> bool) -> Outcome {
    let args = Args::bind("combinations", &["iterable", "r"], args)?;
    let items = iterate(args.need(0)?)?;
    let length = args.whole_or(1, items.len() as i64)?;
    let length = usize::try_from(length).map_err(|_| value_error("r must be non-negative"))?;
    let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..length {
        let longer = |row: &Vec<usize>| -> Vec<Vec<usize>> {
            let next = (0..items.len()).filter(|next| fits(row, *next));
            next.map(|next| [row.as_slice(), &[next]].concat()).collect()
        };
        rows = rows.iter().flat_map(longer).collect();
        if rows.len() > MOST {
            return Err(too_many());
        }
        if rows.is_empty() {
            break;
        }
    }
    let row = |places: Vec<usize>| tuple(places.into_iter().map(|at| items[at].clone()).collect());
    Ok(list(rows.into_iter().map(row).collect()))
}
