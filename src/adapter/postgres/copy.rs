//! A CSV file streamed into a table by COPY, one bounded piece after the other.

use super::error;
use crate::adapter::CsvLoad;
use crate::adapter::csv_file::CsvFile;
use crate::error::{Error, Location, Result};
use bytes::Bytes;
use futures_util::SinkExt;
use std::pin::pin;
use tokio_postgres::{Client, CopyInSink};

/// Bytes that are gathered before they are sent.
const PIECE: usize = 64 * 1024;

/// Loads the file; the number of rows is the server's.
pub async fn load(client: &Client, load: &CsvLoad) -> Result<u64> {
    // Columns are told by their order, since the table may have them unquoted, in small letters.
    let sql = format!("copy {} from stdin", load.into.name());
    let mut file = CsvFile::open(load)?;
    let mut lines = LineMap::default();
    let sink: CopyInSink<Bytes> =
        client.copy_in(&sql).await.map_err(|e| error::of_statement(&e, "", &sql))?;
    // A bad row drops the sink, which makes the server forget the whole COPY.
    let mut sink = pin!(sink);
    let mut piece = Vec::with_capacity(PIECE + 4096);
    while let Some(row) = file.next_row()? {
        write_row(&mut piece, row);
        lines.note(file.line());
        if piece.len() >= PIECE {
            let full = Bytes::from(std::mem::replace(&mut piece, Vec::with_capacity(PIECE + 4096)));
            if sink.feed(full).await.is_err() {
                break;
            }
        }
    }
    let ended = async {
        // Where the server stopped listening, `finish` says why.
        drop(sink.send(Bytes::from(piece)).await);
        sink.finish().await
    };
    ended.await.map_err(|e| at_line(&e, load, &lines))
}

/// COPY's text form: tabs between, `\N` for NULL, backslashes before what would be misread.
fn write_row(out: &mut Vec<u8>, row: &csv::ByteRecord) {
    for (index, field) in row.iter().enumerate() {
        if index > 0 {
            out.push(b'\t');
        }
        if is_null(field) {
            out.extend_from_slice(b"\\N");
            continue;
        }
        for byte in field {
            match byte {
                b'\\' => out.extend_from_slice(b"\\\\"),
                b'\t' => out.extend_from_slice(b"\\t"),
                b'\n' => out.extend_from_slice(b"\\n"),
                b'\r' => out.extend_from_slice(b"\\r"),
                other => out.push(*other),
            }
        }
    }
    out.push(b'\n');
}

/// dbt reads an empty or blank field, quoted or not, and the word null as NULL on this engine.
fn is_null(field: &[u8]) -> bool {
    let text = field.trim_ascii();
    text.is_empty() || text.eq_ignore_ascii_case(b"null")
}

/// Where rows begin in the file, kept only where rows and lines part: constant memory for plain files.
#[derive(Default)]
struct LineMap {
    rows: usize,
    shifts: Vec<(usize, usize)>,
}

impl LineMap {
    fn note(&mut self, line: usize) {
        self.rows += 1;
        let shift = line - self.rows;
        if self.shifts.last().is_none_or(|(_, last)| *last != shift) {
            self.shifts.push((self.rows, shift));
        }
    }

    fn line_of(&self, row: usize) -> usize {
        let shift = self.shifts.iter().rev().find(|(first, _)| *first <= row).map_or(1, |(_, shift)| *shift);
        row + shift
    }
}

/// The server says `COPY seed, line 3, column price: "abc"`: its line is a row, ours is the file's.
fn at_line(error: &tokio_postgres::Error, load: &CsvLoad, lines: &LineMap) -> Error {
    let Some(fault) = error.as_db_error() else { return error::lost(error) };
    let context = fault.where_().unwrap_or_default();
    let after = |word: &str| context.split_once(word).map(|(_, rest)| rest);
    let row = after(", line ").and_then(|rest| {
        rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<usize>().ok())
    });
    let column = after(", column ").map(|rest| rest.split(':').next().unwrap_or(rest).to_string());
    let mut message = fault.message().to_string();
    if let Some(column) = column {
        message += &format!(" (column `{column}`)");
    }
    if let Some(detail) = fault.detail() {
        message += &format!("\nDETAIL:  {detail}");
    }
    if let Some(hint) = fault.hint() {
        message += &format!("\nHINT:  {hint}");
    }
    let code = fault.code().code();
    let told = Error::database(message).with_code(code);
    match row {
        // 22 and 23: the data's own faults. A full disk met at a row is none of the row's.
        Some(row) if code.starts_with("22") || code.starts_with("23") => told
            .located(Location::line(&load.path, lines.line_of(row)))
            .help("mend the value, or give the column another type with `column_types`"),
        _ => told.located(Location::file(&load.path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_as_copy_reads_them() {
        let check = |fields: &[&str], expect: &str| {
            let mut out = Vec::new();
            write_row(&mut out, &csv::ByteRecord::from(fields.to_vec()));
            assert_eq!(String::from_utf8_lossy(&out), expect);
        };
        check(&["a", "", " ", "NULL", "0"], "a\t\\N\t\\N\t\\N\t0\n");
        check(&["a\tb\nc\\N\r", " x "], "a\\tb\\nc\\\\N\\r\t x \n");
    }

    #[test]
    fn rows_are_found_again_in_the_file() {
        let mut lines = LineMap::default();
        [2, 3, 6, 7].into_iter().for_each(|line| lines.note(line));
        assert_eq!([1, 2, 3, 4].map(|row| lines.line_of(row)), [2, 3, 6, 7]);
        assert_eq!(lines.shifts.len(), 2);
    }
}
