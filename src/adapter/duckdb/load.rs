//! A CSV file read by DuckDB's own reader straight into a table.

use super::error;
use crate::adapter::CsvLoad;
use crate::adapter::csv_file;
use crate::error::{Error, Location, Result};
use crate::relation::{quote_identifier, quote_literal};

/// The statement that loads a file: every option is said, so that nothing is guessed from the data.
pub fn statement(load: &CsvLoad) -> String {
    let names: Vec<_> = load.columns.iter().map(|(name, _)| quote_identifier(name)).collect();
    let names = names.join(", ");
    let typed = |(name, of): &(String, String)| format!("{}: {}", quote_literal(name), quote_literal(of));
    let columns: Vec<_> = load.columns.iter().map(typed).collect();
    format!(
        "insert into {} ({names}) select {names} from read_csv({}, auto_detect = false, header = true, \
         delim = {}, quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = true, \
         strict_mode = true, null_padding = false, ignore_errors = false, encoding = 'utf-8', \
         columns = {{{}}})",
        load.into.name(),
        quote_literal(&load.path.display().to_string()),
        quote_literal(&char::from(load.delimiter).to_string()),
        columns.join(", ")
    )
}

/// What went wrong: the file's own fault if it has one, else a value that does not fit its column.
pub fn failed(fault: &duckdb::Error, load: &CsvLoad) -> Error {
    if let Err(error) = csv_file::check(load) {
        return error;
    }
    let message = error::text(fault);
    let told = |prefix: &str| {
        let line = message.lines().find_map(|line| line.trim().strip_prefix(prefix));
        line.map(|rest| rest.trim().trim_end_matches('.').to_string())
    };
    let Some(line) = told("CSV Error on Line: ").or_else(|| told("Invalid Input Error: CSV Error on Line: ")) else {
        return error::of_statement(fault).located(Location::file(&load.path));
    };
    let column = told("Error when converting column ").map(|rest| {
        rest.trim_matches('"').split('"').next().unwrap_or_default().to_string()
    });
    let reason = ["Could not convert", "Conversion Error", "Conversion error"];
    let reason = message.lines().flat_map(|line| reason.iter().filter_map(|sign| Some(&line[line.find(sign)?..])));
    let mut sentence = reason.last().unwrap_or("a value cannot be read").trim().to_string();
    if let Some(column) = column {
        sentence += &format!(" (column `{column}`)");
    }
    let place = match line.parse() {
        Ok(line) => Location::line(&load.path, line),
        Err(_) => Location::file(&load.path),
    };
    Error::database(sentence)
        .with_code("Conversion")
        .located(place)
        .help("mend the value, or give the column another type with `column_types`")
}

/// Loads the file; the number of rows is DuckDB's.
pub fn load(connection: &duckdb::Connection, load: &CsvLoad) -> Result<u64> {
    // The header is checked first: DuckDB itself would skip whatever the first line holds.
    csv_file::CsvFile::open(load)?;
    connection.execute(&statement(load), []).map(|rows| rows as u64).map_err(|fault| failed(&fault, load))
}
