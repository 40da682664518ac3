//! Expressions that can be moved from a query into a count over the relation it reads.

use super::source::{Meaning, Source, normal};
use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Value, visit_expressions,
    visit_expressions_mut,
};
use std::ops::ControlFlow;

/// Functions that give another answer each time; a shared scan must not call them less often.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_sleep",
    "random",
    "setseed",
    "setval",
    "statement_timestamp",
    "timeofday",
    "txid_current",
    "uuid",
    "uuid_generate_v1",
    "uuid_generate_v4",
];

/// Functions that give one value for one row. Others might give one for many rows, or many for one, which
/// counts where they stand in a list of columns.
const ROWWISE: &[&str] = &[
    "abs",
    "btrim",
    "ceil",
    "ceiling",
    "char_length",
    "character_length",
    "coalesce",
    "concat",
    "date_part",
    "date_trunc",
    "floor",
    "greatest",
    "least",
    "left",
    "length",
    "lower",
    "ltrim",
    "md5",
    "mod",
    "nullif",
    "replace",
    "right",
    "round",
    "rtrim",
    "sign",
    "split_part",
    "strpos",
    "substr",
    "substring",
    "to_char",
    "to_date",
    "trim",
    "upper",
];

/// An expression over a source's columns, said of the columns of the relation itself. `None` where it holds
/// anything that cannot be moved.
pub fn moved(expr: &Expr, source: &Source, alias: Option<&str>) -> Option<Expr> {
    let mut expr = expr.clone();
    let outcome = visit_expressions_mut(&mut expr, |each| {
        let replaced = match &*each {
            Expr::Identifier(name) => column(name, source, alias),
            Expr::CompoundIdentifier(parts) => match &parts[..] {
                [of, name] if Some(normal(of).as_str()) == alias => column(name, source, None),
                _ => None,
            },
            other if is_movable(other) => return ControlFlow::Continue(()),
            _ => None,
        };
        match replaced {
            Some(replaced) => {
                *each = replaced;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(()),
        }
    });
    outcome.is_continue().then_some(expr)
}

/// The meaning of a column. A relation's own name stands for its whole row.
fn column(name: &Ident, source: &Source, alias: Option<&str>) -> Option<Expr> {
    if alias == Some(normal(name).as_str()) {
        return None;
    }
    let Meaning::Of(expr) = source.meaning(name)? else { return None };
    match *expr {
        expr @ (Expr::Identifier(_) | Expr::Value(_) | Expr::Nested(_)) => Some(expr),
        expr => Some(Expr::Nested(Box::new(expr))),
    }
}

/// Does an expression give one value for each row? (Its parts are asked, too.)
pub fn is_rowwise(expr: &Expr) -> bool {
    let outcome = visit_expressions(expr, |each| match each {
        Expr::Function(function) if !ROWWISE.contains(&name_of(function).as_str()) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    outcome.is_continue()
}

/// The last part of a function's name in lower case.
fn name_of(function: &Function) -> String {
    let last = function.name.0.last().and_then(|part| part.as_ident());
    last.map(|name| name.value.to_ascii_lowercase()).unwrap_or_default()
}

/// May this kind of expression be moved? Its parts are looked at for themselves.
fn is_movable(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => is_plain(&value.value),
        Expr::TypedString(text) => is_plain(&text.value.value),
        Expr::Function(function) => {
            is_plain_call(function) && !VOLATILE.contains(&name_of(function).as_str())
        }
        Expr::Like { any, .. } | Expr::ILike { any, .. } => !any,
        Expr::Cast { format, .. } => format.is_none(),
        Expr::Interval(interval) => matches!(*interval.value, Expr::Value(_)),
        Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotUnknown(_)
        | Expr::IsDistinctFrom(..)
        | Expr::IsNotDistinctFrom(..)
        | Expr::InList { .. }
        | Expr::Between { .. }
        | Expr::BinaryOp { .. }
        | Expr::SimilarTo { .. }
        | Expr::AnyOp { .. }
        | Expr::AllOp { .. }
        | Expr::UnaryOp { .. }
        | Expr::AtTimeZone { .. }
        | Expr::Extract { .. }
        | Expr::Ceil { .. }
        | Expr::Floor { .. }
        | Expr::Position { .. }
        | Expr::Substring { .. }
        | Expr::Trim { .. }
        | Expr::Collate { .. }
        | Expr::Nested(_)
        | Expr::Case { .. }
        | Expr::Tuple(_)
        | Expr::Array(_) => true,
        _ => false,
    }
}

/// A literal that is written back as it was read: sqlparser takes two quotes in a row for one.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Number(..) | Value::Boolean(_) | Value::Null => true,
        Value::SingleQuotedString(text) => !text.contains("''") && !text.contains('\\'),
        _ => false,
    }
}

fn is_plain_call(function: &Function) -> bool {
    let plain_arguments = match &function.args {
        FunctionArguments::None => true,
        FunctionArguments::Subquery(_) => false,
        FunctionArguments::List(list) => {
            let is_plain = |arg: &FunctionArg| matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Expr(_)));
            list.duplicate_treatment.is_none() && list.clauses.is_empty() && list.args.iter().all(is_plain)
        }
    };
    plain_arguments
        && !function.uses_odbc_syntax
        && matches!(function.parameters, FunctionArguments::None)
        && function.within_group.is_empty()
        && function.filter.is_none()
        && function.null_treatment.is_none()
        && function.over.is_none()
}
