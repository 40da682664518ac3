//! Folds a query over one relation into conditions on the relation's rows.

use super::expression::{is_rowwise, moved};
use super::source::{Columns, Grouped, Meaning, Source, normal};
use sqlparser::ast::{
    BinaryOperator, Distinct, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Query,
    Select, SelectItem, SetExpr, TableAlias, TableFactor, Value, WildcardAdditionalOptions,
};

/// CTEs in sight, by name.
type Known = [(String, Source)];

/// The source that a query gives to the next.
pub fn query(query: &Query, outer: &Known) -> Option<Source> {
    let is_plain = query.order_by.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none()
        && query.locks.is_empty()
        && query.for_clause.is_none()
        && query.settings.is_none()
        && query.format_clause.is_none()
        && query.pipe_operators.is_empty();
    if !is_plain {
        return None;
    }
    let mut known = outer.to_vec();
    let mut unread = Vec::new();
    for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
        let recursive = query.with.as_ref().is_some_and(|with| with.recursive);
        if recursive || !cte.alias.columns.is_empty() || cte.from.is_some() {
            return None;
        }
        let name = normal(&cte.alias.name);
        note_reading(&cte.query, &mut unread);
        known.push((name.clone(), self::query(&cte.query, &known)?));
        unread.push(name);
    }
    note_reading(query, &mut unread);
    // A CTE that nobody reads is checked by the engine, but would not be by a shared scan.
    if !unread.is_empty() {
        return None;
    }
    match &*query.body {
        SetExpr::Select(select) => self::select(select, &known),
        SetExpr::Query(inner) => self::query(inner, &known),
        _ => None,
    }
}

/// Strikes the CTE that a query reads.
fn note_reading(query: &Query, unread: &mut Vec<String>) {
    match &*query.body {
        SetExpr::Query(inner) => note_reading(inner, unread),
        SetExpr::Select(select) => match select.from.first().map(|from| &from.relation) {
            Some(TableFactor::Derived { subquery, .. }) => note_reading(subquery, unread),
            Some(TableFactor::Table { name, .. }) => {
                if let [part] = &name.0[..]
                    && let Some(name) = part.as_ident()
                {
                    let name = normal(name);
                    unread.retain(|known| *known != name);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

fn select(select: &Select, known: &Known) -> Option<Source> {
    if !is_plain(select) {
        return None;
    }
    let [from] = &select.from[..] else { return None };
    if !from.joins.is_empty() {
        return None;
    }
    let (source, alias) = read(&from.relation, known)?;
    let alias = alias.as_deref();
    let columns = columns(&select.projection)?;
    let mut found = filtered(source, select, alias, &columns)?;
    let GroupByExpr::Expressions(group_by, modifiers) = &select.group_by else { return None };
    if !modifiers.is_empty() {
        return None;
    }
    let distinct = match &select.distinct {
        None => false,
        Some(Distinct::Distinct) => true,
        Some(_) => return None,
    };
    match (group_by.is_empty(), distinct) {
        (true, false) if select.having.is_none() => shown(found, &columns, alias),
        (true, true) if select.having.is_none() => {
            found = shown(found, &columns, alias)?;
            match (&found.columns, &found.grouped) {
                (Columns::Named(named), Grouped::No) => {
                    let of = |(_, meaning): &(String, Meaning)| match meaning {
                        Meaning::Of(expr) => Some((**expr).clone()),
                        _ => None,
                    };
                    found.grouped = Grouped::By(named.iter().map(of).collect::<Option<_>>()?);
                    Some(found)
                }
                _ => None,
            }
        }
        (false, false) => grouped(found, select, group_by, &columns, alias),
        _ => None,
    }
}

/// One column of a list: its name, and the expression; `None` for the star alone.
type Listed<'a> = Option<Vec<(String, &'a Expr)>>;

fn columns(projection: &[SelectItem]) -> Option<Listed<'_>> {
    if let [SelectItem::Wildcard(options)] = projection {
        return (*options == WildcardAdditionalOptions::default()).then_some(None);
    }
    projection.iter().map(listed).collect::<Option<Vec<_>>>().map(Some)
}

fn listed(item: &SelectItem) -> Option<(String, &Expr)> {
    match item {
        SelectItem::ExprWithAlias { expr, alias } => Some((normal(alias), expr)),
        SelectItem::UnnamedExpr(expr) => {
            let name = match expr {
                Expr::Identifier(name) => normal(name),
                Expr::CompoundIdentifier(parts) => normal(parts.last()?),
                // A name that the engine makes up cannot be read by anyone.
                _ => "\0".to_string(),
            };
            Some((name, expr))
        }
        _ => None,
    }
}

/// The rows that `where` leaves. A column's new name is not known there, which engines see differently.
fn filtered(
    mut source: Source,
    select: &Select,
    alias: Option<&str>,
    columns: &Listed<'_>,
) -> Option<Source> {
    let Some(condition) = &select.selection else { return Some(source) };
    if let Grouped::By(keys) = &source.grouped
        && counts_more_than_one(condition, &|expr| is_count_column(expr, &source))
    {
        source.grouped = Grouped::Repeated(keys.clone());
        return Some(source);
    }
    if matches!(source.grouped, Grouped::Repeated(_)) || renames(columns, condition) {
        return None;
    }
    let condition = moved(condition, &source, alias)?;
    source.conditions.push(condition);
    Some(source)
}

/// Does an expression use a name that the list of columns gives to something else?
fn renames(columns: &Listed<'_>, expr: &Expr) -> bool {
    use sqlparser::ast::visit_expressions;
    use std::ops::ControlFlow;
    let given: Vec<&String> = columns
        .iter()
        .flatten()
        .filter(|(name, expr)| !matches!(expr, Expr::Identifier(own) if normal(own) == *name))
        .filter(|(_, expr)| !matches!(expr, Expr::CompoundIdentifier(_)))
        .map(|(name, _)| name)
        .collect();
    let outcome = visit_expressions(expr, |each| match each {
        Expr::Identifier(name) if given.contains(&&normal(name)) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    outcome.is_break()
}

/// The columns that a query without groups shows.
fn shown(mut source: Source, columns: &Listed<'_>, alias: Option<&str>) -> Option<Source> {
    let Some(columns) = columns else { return Some(source) };
    let each = |(name, expr): &(String, &Expr)| {
        if let Expr::Identifier(own) = expr
            && let Some(meaning @ (Meaning::Count | Meaning::Aggregate)) = source.meaning(own)
        {
            return Some((name.clone(), meaning));
        }
        is_rowwise(expr)
            .then(|| moved(expr, &source, alias))
            .flatten()
            .map(|expr| (name.clone(), Meaning::Of(Box::new(expr))))
    };
    let named = columns.iter().map(each).collect::<Option<_>>()?;
    source.columns = Columns::Named(named);
    Some(source)
}

/// The groups of a query: by its keys, all of them or those of more than one row.
fn grouped(
    mut source: Source,
    select: &Select,
    group_by: &[Expr],
    columns: &Listed<'_>,
    alias: Option<&str>,
) -> Option<Source> {
    let Grouped::No = source.grouped else { return None };
    let listed = columns.as_ref()?;
    let key = |expr: &Expr| {
        let expr = match expr {
            Expr::Value(value) => listed.get(place(&value.value)?)?.1,
            Expr::Identifier(_) if renames(columns, expr) => return None,
            other => other,
        };
        is_rowwise(expr).then(|| moved(expr, &source, alias)).flatten()
    };
    let keys: Vec<Expr> = group_by.iter().map(key).collect::<Option<_>>()?;
    let each = |(name, expr): &(String, &Expr)| {
        let meaning = match expr {
            _ if is_count(expr) => Meaning::Count,
            Expr::Function(_) if is_aggregate(expr) => Meaning::Aggregate,
            _ => Meaning::Of(Box::new(moved(expr, &source, alias).filter(|own| keys.contains(own))?)),
        };
        Some((name.clone(), meaning))
    };
    let named = listed.iter().map(each).collect::<Option<_>>()?;
    source.grouped = match &select.having {
        None => Grouped::By(keys),
        Some(having) if counts_more_than_one(having, &is_count) => Grouped::Repeated(keys),
        Some(_) => return None,
    };
    source.columns = Columns::Named(named);
    Some(source)
}

/// `group by 1`: the place in the list.
fn place(value: &Value) -> Option<usize> {
    let Value::Number(digits, false) = value else { return None };
    digits.parse::<usize>().ok()?.checked_sub(1)
}

/// `count > 1` in one of its spellings.
fn counts_more_than_one(expr: &Expr, counts: &dyn Fn(&Expr) -> bool) -> bool {
    let Expr::BinaryOp { left, op, right } = expr else { return false };
    let Expr::Value(right) = &**right else { return false };
    let bound = place(&right.value);
    counts(left)
        && match op {
            BinaryOperator::Gt | BinaryOperator::NotEq => bound == Some(0),
            BinaryOperator::GtEq => bound == Some(1),
            _ => false,
        }
}

fn is_count_column(expr: &Expr, source: &Source) -> bool {
    matches!(expr, Expr::Identifier(name) if matches!(source.meaning(name), Some(Meaning::Count)))
}

/// `count(*)`, or `count(1)`.
fn is_count(expr: &Expr) -> bool {
    let Expr::Function(function) = expr else { return false };
    let FunctionArguments::List(list) = &function.args else { return false };
    let counts_rows = match &list.args[..] {
        [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => true,
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] => {
            matches!(value.value, Value::Number(..))
        }
        _ => false,
    };
    function.name.to_string().eq_ignore_ascii_case("count")
        && counts_rows
        && list.duplicate_treatment.is_none()
        && list.clauses.is_empty()
        && function.filter.is_none()
        && function.over.is_none()
}

/// An aggregate over a plain column, whose outcome nobody reads.
fn is_aggregate(expr: &Expr) -> bool {
    let Expr::Function(function) = expr else { return false };
    let FunctionArguments::List(list) = &function.args else { return false };
    let of_column =
        matches!(&list.args[..], [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(_)))]);
    let name = function.name.to_string().to_ascii_lowercase();
    of_column
        && ["count", "min", "max"].contains(&name.as_str())
        && function.filter.is_none()
        && function.over.is_none()
}

/// What stands behind `from`, and the name by which its columns may be called.
fn read(factor: &TableFactor, known: &Known) -> Option<(Source, Option<String>)> {
    match factor {
        TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
            Some((query(subquery, known)?, name_of(alias.as_ref())?))
        }
        TableFactor::Table {
            name,
            alias,
            args: None,
            with_hints,
            version: None,
            with_ordinality: false,
            partitions,
            json_path: None,
            sample: None,
            index_hints,
        } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty() => {
            let last = normal(name.0.last()?.as_ident()?);
            let alias = name_of(alias.as_ref())?.unwrap_or_else(|| last.clone());
            let cte = known.iter().rev().find(|(known, _)| name.0.len() == 1 && *known == last);
            let source = cte.map_or_else(|| Source::of(name.to_string()), |(_, source)| source.clone());
            Some((source, Some(alias)))
        }
        _ => None,
    }
}

/// The alias of a relation; `None` where it renames columns.
fn name_of(alias: Option<&TableAlias>) -> Option<Option<String>> {
    match alias {
        None => Some(None),
        Some(alias) => alias.columns.is_empty().then(|| Some(normal(&alias.name))),
    }
}

/// Nothing but columns, `distinct`, `from`, `where`, `group by` and `having`.
fn is_plain(select: &Select) -> bool {
    select.top.is_none()
        && select.select_modifiers.is_none()
        && select.exclude.is_none()
        && select.into.is_none()
        && select.lateral_views.is_empty()
        && select.prewhere.is_none()
        && select.connect_by.is_empty()
        && select.cluster_by.is_empty()
        && select.distribute_by.is_empty()
        && select.sort_by.is_empty()
        && select.named_window.is_empty()
        && select.qualify.is_none()
        && select.value_table_mode.is_none()
        && select.optimizer_hints.is_empty()
        && select.flavor == sqlparser::ast::SelectFlavor::Standard
}
