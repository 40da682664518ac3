//! A CSV file read row by row, with its faults told by file and line.

use super::base::CsvLoad;
use crate::error::{Error, Location, Result};
use std::fs::File;
use std::io::{BufReader, Read};

/// A file open for reading, its header behind it. Memory stays at one row whatever its size.
pub struct CsvFile<'a> {
    load: &'a CsvLoad,
    reader: csv::Reader<SkipBom<BufReader<File>>>,
    record: csv::ByteRecord,
}

impl<'a> CsvFile<'a> {
    /// Opens the file, skips a byte order mark and the header.
    pub fn open(load: &'a CsvLoad) -> Result<Self> {
        let unreadable = |e: std::io::Error| {
            Error::runtime(format!("the seed file `{}` cannot be read: {e}", load.path.display()))
        };
        let source = SkipBom::new(BufReader::new(File::open(&load.path).map_err(unreadable)?));
        let reader = csv::ReaderBuilder::new().delimiter(load.delimiter).from_reader(source);
        let mut file = CsvFile { load, reader, record: csv::ByteRecord::new() };
        let header = file.reader.byte_headers().map_err(|e| worded(load, &e))?.len();
        if header != load.columns.len() {
            let expected = load.columns.len();
            let told = format!("the header has {header} fields where {expected} columns are to be loaded");
            return Err(Error::parsing(told).located(Location::line(&load.path, 1)));
        }
        Ok(file)
    }

    /// The next row, or `None` after the last.
    pub fn next_row(&mut self) -> Result<Option<&csv::ByteRecord>> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(worded(self.load, &error)),
        }
        match self.record.iter().position(|field| std::str::from_utf8(field).is_err()) {
            None => Ok(Some(&self.record)),
            Some(field) => {
                let column = &self.load.columns[field].0;
                let told = format!("the value of column `{column}` is not UTF-8");
                Err(Error::parsing(told)
                    .located(Location::line(&self.load.path, self.line()))
                    .help("save the file in the encoding UTF-8"))
            }
        }
    }

    /// The line on which the last row began, from 1.
    pub fn line(&self) -> usize {
        self.record.position().map_or(1, |p| p.line() as usize)
    }
}

/// Reads the whole file for its faults alone.
#[cfg(any(test, feature = "duckdb"))]
pub fn check(load: &CsvLoad) -> Result<()> {
    let mut file = CsvFile::open(load)?;
    while file.next_row()?.is_some() {}
    Ok(())
}

/// The line on which a row begins, the first row behind the header being 1.
#[cfg(feature = "duckdb")]
pub fn line_of_row(load: &CsvLoad, row: usize) -> Result<usize> {
    let mut file = CsvFile::open(load)?;
    let mut rows = 0;
    while rows < row && file.next_row()?.is_some() {
        rows += 1;
    }
    Ok(file.line())
}

fn worded(load: &CsvLoad, error: &csv::Error) -> Error {
    let line = error.position().map_or(1, |p| p.line() as usize);
    let place = Location::line(&load.path, line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let told = format!("the row has {} where the header has {expected_len}", fields(*len));
            let help = if len > expected_len {
                "put a value that holds the delimiter into double quotes"
            } else {
                "add the missing delimiters: an empty field is NULL"
            };
            Error::parsing(told).located(place).help(help)
        }
        csv::ErrorKind::Io(e) => {
            Error::runtime(format!("the seed file `{}` cannot be read: {e}", load.path.display()))
        }
        _ => Error::parsing(format!("the seed file cannot be read as CSV: {error}")).located(place),
    }
}

fn fields(count: u64) -> String {
    if count == 1 { "1 field".to_string() } else { format!("{count} fields") }
}

/// A source without its UTF-8 byte order mark.
struct SkipBom<R> {
    inner: R,
    head: Vec<u8>,
    started: bool,
}

impl<R: Read> SkipBom<R> {
    fn new(inner: R) -> Self {
        SkipBom { inner, head: Vec::new(), started: false }
    }
}

impl<R: Read> Read for SkipBom<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if !self.started {
            self.started = true;
            (&mut self.inner).take(3).read_to_end(&mut self.head)?;
            if self.head == [0xEF, 0xBB, 0xBF] {
                self.head.clear();
            }
        }
        if self.head.is_empty() {
            return self.inner.read(buffer);
        }
        let count = self.head.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.head[..count]);
        self.head.drain(..count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::relation::Relation;

    fn check_text(text: &[u8], expect: &str) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.csv");
        std::fs::write(&path, text).unwrap();
        let columns = ["a", "b"].map(|c| (c.to_string(), "text".to_string())).to_vec();
        let into = Relation::new(None, None, Some("s"));
        let load = CsvLoad { path, delimiter: b',', into, columns, longest_row: 0 };
        let told = match check(&load) {
            Ok(()) => "fine".to_string(),
            Err(e) => {
                format!("{}: {}", e.location().map_or(0, |l| l.line.unwrap_or(0)), e.message())
            }
        };
        assert_eq!(told, expect);
    }

    #[test]
    fn faults_name_their_line() {
        check_text(b"a,b\n1,2\n", "fine");
        check_text(b"\xEF\xBB\xBFa,b\r\n\"x\ny\",2\n", "fine");
        check_text(b"a,b\n\"x\ny\",2\n1\n", "4: the row has 1 field where the header has 2");
        check_text(b"a,b\n1,2,3\n", "2: the row has 3 fields where the header has 2");
        check_text(b"a,b\n1,2\n1,\xFF\n", "3: the value of column `b` is not UTF-8");
        check_text(b"a\n1\n", "1: the header has 1 fields where 2 columns are to be loaded");
    }
}
