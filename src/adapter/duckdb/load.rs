//! A CSV file read by DuckDB's own reader straight into a table.

use super::error;
use super::memory::Memory;
use crate::adapter::CsvLoad;
use crate::adapter::csv_file;
use crate::error::{Error, Location, Result};
use crate::relation::{quote_identifier, quote_literal};

/// Bytes of the file that DuckDB reads at a time: a thread's share of the work. Its own choice, 32 MB, is much
/// for each of many threads.
const BUFFER: usize = 1 << 20;

const OWN_LIMIT: &str =
    "give DuckDB a `memory_limit` among `settings` in the profile; karat bounds no load then";

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
         {}, columns = {{{}}})",
        load.into.name(),
        quote_literal(&load.path.display().to_string()),
        quote_literal(&char::from(load.delimiter).to_string()),
        buffer(load.longest_row),
        columns.join(", ")
    )
}

/// The reader's room: a row must fit, each of its quotes being doubled at most.
fn buffer(longest_row: usize) -> String {
    let line = 2 * longest_row + 64;
    if line <= BUFFER {
        return format!("buffer_size = {BUFFER}");
    }
    format!("buffer_size = {}, max_line_size = {line}", 2 * line)
}

/// What went wrong: the file's own fault if it has one, else a value that does not fit its column.
pub fn failed(fault: &duckdb::Error, load: &CsvLoad) -> Error {
    if let Err(error) = csv_file::check(load) {
        return error;
    }
    let message = error::text(fault);
    let after =
        |sign: &str| message.find(sign).map(|at| message[at + sign.len()..].lines().next().unwrap_or(""));
    let row = after("CSV Error on Line: ").and_then(|number| number.trim().parse::<usize>().ok());
    // DuckDB counts rows, the header being the first.
    let line = row.and_then(|row| csv_file::line_of_row(load, row.saturating_sub(1)).ok());
    let (Some(line), Some(column)) = (line, after("Error when converting column \"")) else {
        return error::of_statement(fault).located(Location::file(&load.path));
    };
    let (column, reason) = column.split_once("\". ").unwrap_or((column, "the value does not fit"));
    Error::database(format!("{} (column `{column}`)", reason.trim()))
        .with_code("Conversion")
        .located(Location::line(&load.path, line))
        .help("mend the value, or give the column another type with `column_types`")
}

/// Loads the file; the number of rows is DuckDB's.
pub fn load(connection: &duckdb::Connection, memory: &Memory, load: &CsvLoad) -> Result<u64> {
    // The header is checked first: DuckDB itself would skip whatever the first line holds.
    csv_file::CsvFile::open(load)?;
    let insert = || connection.execute(&statement(load), []);
    match memory.while_loading(connection, load.columns.len(), insert) {
        Ok(rows) => Ok(rows as u64),
        Err(fault) if error::text(&fault).starts_with("Out of Memory Error") && memory.lift() => {
            Err(error::of_statement(&fault).with_code("conflict").help(OWN_LIMIT))
        }
        Err(fault) => Err(failed(&fault, load)),
    }
}
