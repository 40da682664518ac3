//! Sending SQL: `execute`, `add_query`, `run_sql_for_tests`, `load_csv`, `commit`.

use super::Answer;
use crate::adapter::{CsvLoad, Fetch};
use crate::context::objects::relation::need_relation;
use crate::context::objects::response::response;
use crate::context::objects::table::TableObject;
use crate::context::objects::{none, nothing};
use crate::context::scope::Scope;
use crate::context::seed;
use crate::error::Error;
use crate::event::Event;
use crate::jinja::value::{Args, Outcome, iterate, pairs, python_type_name, tuple, value_error};
use crate::jinja::{Value, raise};
use crate::relation::quote_literal;
use minijinja::value::ValueKind;
use std::sync::Arc;

/// The family; `None` for other methods.
pub fn call(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Answer {
    Some(match method {
        "execute" => execute(scope, args),
        "add_query" => add_query(scope, args),
        "run_sql_for_tests" => run_sql_for_tests(scope, args),
        "load_csv" => load_csv(scope, args),
        "commit" | "commit_if_has_connection" => scope.commit().map_err(raise).and_then(|()| nothing()),
        "rollback" | "rollback_if_open" => scope.rollback().map_err(raise).and_then(|()| nothing()),
        "release_connection" | "clear_transaction" => nothing(),
        "nice_connection_name" => Ok(Value::from(scope.connection_name())),
        "debug_query" => scope.execute("select 1 as id", true, Fetch::Nothing).map_err(raise).map(|_| none()),
        "validate_sql" => validate_sql(scope, args),
        _ => return None,
    })
}

/// `execute(sql, auto_begin, fetch, limit)`: what the engine said, and a table.
fn execute(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("execute", &["sql", "auto_begin", "fetch", "limit"], args)?;
    let fetch = match (args.flag(2, false), args.some(3).and_then(Value::as_usize)) {
        (false, _) => Fetch::Nothing,
        (true, None) => Fetch::All,
        (true, Some(limit)) => Fetch::Limit(limit),
    };
    let (said, table) =
        scope.execute(&args.need(0)?.to_string(), args.flag(1, false), fetch).map_err(raise)?;
    let table = if args.flag(2, false) { TableObject::from_result(&table) } else { TableObject::default() };
    Ok(tuple(vec![response(said), table.value()]))
}

/// `add_query(sql, auto_begin, bindings, ...)`: nobody reads the result.
fn add_query(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("add_query", &["sql", "auto_begin", "bindings", "abridge_sql_log"], args)?;
    let sql = args.need(0)?.to_string();
    let sql = match args.some(2) {
        Some(bindings) => bound(&sql, &iterate(bindings)?)?,
        None => sql,
    };
    let (said, _) = scope.execute(&sql, args.flag(1, true), Fetch::Nothing).map_err(raise)?;
    Ok(tuple(vec![none(), response(said)]))
}

/// SQL with a literal for each mark (`%s`, `?`, `$1`): the driver's binding, done here.
fn bound(sql: &str, values: &[Value]) -> Result<String, minijinja::Error> {
    let mut made = String::with_capacity(sql.len() * 2);
    let mut values = values.iter();
    let mut rest = sql;
    while let Some(at) = rest.find(['%', '?', '\'', '"']) {
        made.push_str(&rest[..at]);
        let tail = &rest[at..];
        let quote = tail.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let taken = match quote {
            Some(quote) => tail[1..].find(quote).map_or(tail.len(), |end| end + 2),
            None if tail.starts_with("%s") => 2,
            None => 1,
        };
        let is_mark = quote.is_none() && (tail.starts_with("%s") || tail.starts_with('?'));
        match is_mark {
            true => made
                .push_str(&literal(values.next().ok_or_else(|| value_error("not enough values to bind"))?)),
            false => made.push_str(&tail[..taken]),
        }
        rest = &tail[taken..];
    }
    made.push_str(rest);
    Ok(made)
}

fn literal(value: &Value) -> String {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => "null".to_string(),
        ValueKind::Bool => value.is_true().to_string(),
        ValueKind::Number => value.to_string(),
        _ if python_type_name(value) == "Decimal" => value.to_string(),
        _ => quote_literal(&value.to_string()),
    }
}

/// `run_sql_for_tests(sql, fetch, conn)`: dbt's own test-suite calls it.
fn run_sql_for_tests(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("run_sql_for_tests", &["sql", "fetch", "conn"], args)?;
    let (_, table) = scope.execute(&args.need(0)?.to_string(), false, Fetch::All).map_err(raise)?;
    scope.commit().map_err(raise)?;
    let table = TableObject::from_result(&table);
    match args.some(1).and_then(Value::as_str) {
        Some("one") => Ok(table.rows.first().map_or_else(none, |row| tuple(row.clone()))),
        Some("all") => Ok(table.matrix()),
        _ => nothing(),
    }
}

fn validate_sql(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("validate_sql", &["sql"], args)?;
    let sql = format!("explain {}", args.need(0)?);
    scope.execute(&sql, false, Fetch::Nothing).map(|(said, _)| response(said)).map_err(raise)
}

/// `load_csv(relation, column_types, table)`: the node's seed file streamed into a table by the engine's own
/// reader. Returns the number of rows.
fn load_csv(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("load_csv", &["relation", "column_types", "agate_table"], args)?;
    let into = need_relation("load_csv()", args.get(0))?;
    let types = pairs(args.need(1)?)?;
    let columns = types.into_iter().map(|(name, kind)| (name.to_string(), kind.to_string())).collect();
    let file = seed::SeedFile::of(scope).map_err(raise)?;
    let known = args.some(2).and_then(seed::inference_in);
    let known = known.map_or_else(|| file.infer().map(Arc::new), Ok).map_err(raise)?;
    let plain = file.plain_csv(&known).map_err(raise)?;
    let (path, delimiter, longest_row) = (plain.path().to_path_buf(), plain.delimiter(), known.longest());
    let load = CsvLoad { path, delimiter, into, columns, longest_row };
    if scope.run().session.flags.empty {
        return Ok(Value::from(0));
    }
    scope.load_csv(&load).map(Value::from).map_err(|error| raise(file.in_file(error)))
}

/// `warn_once(message)`: a warning that a whole run needs to hear once is told by each node that has
/// it; the reporter leaves out the doubled ones.
pub fn warn_once(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("warn_once", &["msg"], args)?;
    let error = Error::compilation(args.need(0)?.to_string());
    scope.run().session.reporter.report(Event::Warning { name: "AdapterEventWarning", error });
    nothing()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_take_the_place_of_marks() {
        let values = [Value::from("it's"), Value::from(()), Value::from(3)];
        let sql = bound("insert into \"a?\" values (%s, ?, %s) -- '%s'", &values);
        assert_eq!(sql.unwrap_or_default(), "insert into \"a?\" values ('it''s', null, 3) -- '%s'");
    }
}
