//! Verbs of a table that write: to the console, or into a file.

use super::TableObject;
use super::print::{Shown, csv, json, print_table, structure};
use crate::context::objects::none;
use crate::error::Error;
use crate::jinja::raise;
use crate::jinja::value::{Args, Outcome, index_of};
use minijinja::{State, Value};
use std::path::Path;

/// Calls one of them; `None` where there is no such method.
pub fn call(table: &TableObject, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Option<Outcome> {
    let path = || Args::bind("to_csv", &["path", "key", "newline", "indent"], args);
    Some(match method {
        "print_table" => shown(args).and_then(|shown| say(state, print_table(table, &shown))),
        "print_structure" => say(state, structure(table)),
        "print_csv" => say(state, csv(table)),
        "print_json" => json(table).and_then(|text| say(state, text.to_string())),
        "to_csv" => path().and_then(|path| save(path.text(0)?, &csv(table))),
        "to_json" => path().and_then(|path| save(path.text(0)?, &json(table)?.to_string())),
        _ => return None,
    })
}

fn shown(args: &[Value]) -> Result<Shown, minijinja::Error> {
    const NAMES: [&str; 6] =
        ["max_rows", "max_columns", "output", "max_column_width", "locale", "max_precision"];
    let args = Args::bind("print_table", &NAMES, args)?;
    let limit = |at: usize, usual: Option<usize>| match args.get(at) {
        None => Ok::<_, minijinja::Error>(usual),
        Some(value) if value.is_none() => Ok(None),
        Some(value) => Ok(Some(usize::try_from(index_of(value)?).unwrap_or(0))),
    };
    let usual = Shown::default();
    Ok(Shown {
        rows: limit(0, usual.rows)?,
        columns: limit(1, usual.columns)?,
        width: limit(3, usual.width)?,
        precision: limit(5, usual.precision.map(|it| it as usize))?.map(|it| it as u32),
    })
}

/// Prints through the template's own `print`, since only that reaches the console.
pub fn say(state: &mut State<'_, '_>, text: String) -> Outcome {
    if let Some(print) = state.lookup("print").filter(|it| !it.is_undefined()) {
        print.call(state, &[Value::from(text.trim_end_matches('\n'))])?;
    }
    Ok(none())
}

fn save(path: &str, text: &str) -> Outcome {
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder.map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text));
    match written {
        Ok(()) => Ok(none()),
        Err(error) => Err(raise(Error::runtime(format!("cannot write `{path}`: {error}")))),
    }
}
