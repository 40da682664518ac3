//! Filters that compare: `dictsort groupby max min sort sum unique`.

use std::fmt;
use std::sync::Arc;

use minijinja::Error;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use super::Row;
use super::attribute::{Path, folded};
use crate::jinja::value::{
    Args, Outcome, decimal, hashable, index_of, iterate, list, operators, pairs, print, python_type_name,
    tuple, type_error, value_error,
};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("dictsort", |_, args| dict_sort(args)),
    ("groupby", |_, args| group_by(args)),
    ("max", |_, args| extreme(args, true)),
    ("min", |_, args| extreme(args, false)),
    ("sort", |_, args| sort(args)),
    ("sum", |_, args| sum(args)),
    ("unique", |_, args| unique(args)),
];

fn dict_sort(args: &[Value]) -> Outcome {
    let args = Args::bind("dictsort", &["value", "case_sensitive", "by", "reverse"], args)?;
    let by_value = match args.text_or(2, "key")? {
        "key" => false,
        "value" => true,
        _ => return Err(value_error("You can only sort by either \"key\" or \"value\"")),
    };
    let exact = args.flag(1, false);
    let keyed = pairs(args.need(0)?)?.into_iter().map(|(key, value)| {
        let by = if by_value { value.clone() } else { key.clone() };
        (folded(by, exact), tuple(vec![key, value]))
    });
    operators::sorted_by_key(keyed.collect(), args.flag(3, false)).map(list)
}

fn sort(args: &[Value]) -> Outcome {
    let args = Args::bind("sort", &["value", "reverse", "case_sensitive", "attribute"], args)?;
    let (paths, exact) = (Path::several(args.some(3)), args.flag(2, false));
    let keyed = iterate(args.need(0)?)?.into_iter().map(|item| {
        // In a list, items that are equal are never asked which is less.
        let key = list(paths.iter().map(|path| folded(path.of(&item), exact)).collect());
        (key, item)
    });
    operators::sorted_by_key(keyed.collect(), args.flag(1, false)).map(list)
}

fn group_by(args: &[Value]) -> Outcome {
    let args = Args::bind("groupby", &["value", "attribute", "default", "case_sensitive"], args)?;
    let (path, exact) = (Path::new(Some(args.need(1)?), args.some(2)), args.flag(3, false));
    let keyed = iterate(args.need(0)?)?.into_iter().map(|item| (folded(path.of(&item), exact), item));
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in operators::sorted_by_key(keyed.collect(), false)? {
        let key = folded(path.of(&item), exact);
        match groups.last_mut().filter(|group| operators::equal(&group.0, &key)) {
            Some((_, items)) => items.push(item),
            None => groups.push((key, vec![item])),
        }
    }
    let group = |(key, items): (Value, Vec<Value>)| {
        // Where case does not count, the first item's own spelling names the group.
        let name = if exact { key } else { path.of(&items[0]) };
        Value::from_object(Group([name, list(items)]))
    };
    Ok(list(groups.into_iter().map(group).collect()))
}

fn extreme(args: &[Value], greatest: bool) -> Outcome {
    let args = Args::bind("max", &["value", "case_sensitive", "attribute"], args)?;
    let (path, exact) = (Path::new(args.some(2), None), args.flag(1, false));
    let mut best: Option<(Value, Value)> = None;
    for item in iterate(args.need(0)?)? {
        let key = folded(path.of(&item), exact);
        let better = match &best {
            None => true,
            Some((old, _)) if greatest => operators::compare(&key, old)?.is_gt(),
            Some((old, _)) => operators::compare(&key, old)?.is_lt(),
        };
        if better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or(Value::UNDEFINED, |(_, item)| item))
}

fn sum(args: &[Value]) -> Outcome {
    let args = Args::bind("sum", &["iterable", "attribute", "start"], args)?;
    let (path, start) = (Path::new(args.some(1), None), args.or(2, 0));
    if start.as_str().is_some() {
        return Err(type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    let items = iterate(args.need(0)?)?;
    items.iter().try_fold(start, |total, item| {
        let item = path.of(item);
        operators::add(&total, &item).map_err(|error| match item.is_undefined() {
            true => error,
            false => {
                let (left, right) = (python_type_name(&total), python_type_name(&item));
                Error::new(error.kind(), format!("unsupported operand type(s) for +: '{left}' and '{right}'"))
            }
        })
    })
}

fn unique(args: &[Value]) -> Outcome {
    let args = Args::bind("unique", &["value", "case_sensitive", "attribute"], args)?;
    let (path, exact) = (Path::new(args.some(2), None), args.flag(1, false));
    let mut seen = std::collections::HashSet::new();
    let mut items = Vec::new();
    for item in iterate(args.need(0)?)? {
        let key = folded(path.of(&item), exact);
        hashable(&key)?;
        if seen.insert(decimal::set_key(key)) {
            items.push(item);
        }
    }
    Ok(list(items))
}

/// What `groupby` gives: `(grouper, list)`, whose parts also have these names.
#[derive(Debug)]
struct Group([Value; 2]);

impl Object for Group {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some("grouper") => Some(self.0[0].clone()),
            Some("list") => Some(self.0[1].clone()),
            Some(_) => None,
            None => {
                let at = index_of(key).ok()?;
                self.0.get(usize::try_from(if at < 0 { at + 2 } else { at }).ok()?).cloned()
            }
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.to_vec())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(2)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::repr(&tuple(self.0.to_vec())))
    }
}
