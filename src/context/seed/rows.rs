//! The rows of a seed's file, one by one, each as wide as the header: short rows are filled up with empty
//! fields, and where there is but one column a blank line is an empty field, as dbt reads them.

use super::SeedFile;
use crate::error::{Error, Location, Result};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// A file that is being read.
pub struct Rows<'a> {
    file: &'a SeedFile,
    reader: csv::Reader<Box<dyn Read>>,
    /// Bytes of a mark before the text.
    marked: u64,
    record: csv::StringRecord,
    empty: csv::StringRecord,
    /// Blank lines that are to be told before `record`.
    blanks: u64,
    ended: bool,
    /// The reader counts a line end of two characters with the next record: one line is told at the end.
    late: u64,
    /// Where the row that was read last began.
    pub last: csv::Position,
    /// The names of the columns.
    pub names: Vec<String>,
    /// Whether a row so far was not whole in the file.
    pub filled: bool,
}

impl<'a> Rows<'a> {
    /// Opens the file and reads its header.
    ///
    /// # Errors
    /// The file cannot be read, has no header, or a column twice.
    pub fn open(file: &'a SeedFile) -> Result<Self> {
        let (mut reader, marked) = reader(file)?;
        let names = header(file, &mut reader)?;
        let breaks = names.iter().map(|name| name.matches('\n').count() as u64).sum::<u64>();
        let late = (2 + breaks).saturating_sub(reader.position().line());
        let (record, empty) = (csv::StringRecord::new(), csv::StringRecord::from(vec![""]));
        Ok(Rows {
            file,
            reader,
            marked,
            record,
            empty,
            blanks: 0,
            ended: false,
            late,
            last: csv::Position::new(),
            names,
            filled: false,
        })
    }

    /// The byte of the file behind the header.
    pub fn begin(&self) -> u64 {
        self.marked + self.reader.position().byte()
    }

    /// The next row, or `None` after the last.
    ///
    /// # Errors
    /// The row has too many fields, or is no text.
    pub fn next_row(&mut self) -> Result<Option<&csv::StringRecord>> {
        match self.blanks {
            0 if self.ended => return Ok(None),
            0 => self.read()?,
            _ => self.blanks -= 1,
        }
        match self.blanks {
            0 => Ok((!self.ended).then_some(&self.record)),
            _ => Ok(Some(&self.empty)),
        }
    }

    /// Reads a record, and counts the blank lines before it.
    fn read(&mut self) -> Result<()> {
        let line = self.reader.position().line();
        let read = self.reader.read_record(&mut self.record);
        self.ended = !read.map_err(|fault| unreadable(self.file, &fault))?;
        if let Some(began) = self.record.position().filter(|_| !self.ended) {
            self.last.clone_from(began);
        }
        let width = self.names.len();
        if width == 1 {
            let breaks = |field: &str| field.matches('\n').count() as u64;
            let own = if self.ended { self.late } else { 1 + self.record.iter().map(breaks).sum::<u64>() };
            self.blanks = (self.reader.position().line() - line).saturating_sub(own);
            self.filled |= self.blanks > 0;
        }
        let at = self.record.position().map_or(line, csv::Position::line) as usize;
        let holed = self.record.iter().position(|field| field.contains('\0'));
        if let Some(column) = holed.and_then(|at| self.names.get(at)).filter(|_| !self.ended) {
            return Err(Error::parsing(format!("the value of column `{column}` holds a NUL byte"))
                .located(Location::line(&self.file.shown, at))
                .help("take the byte out: engines keep no text that holds it"));
        }
        let found = self.record.len();
        if self.ended || found == width {
            return Ok(());
        }
        if found < width {
            (found..width).for_each(|_| self.record.push_field(""));
            self.filled = true;
            return Ok(());
        }
        Err(Error::parsing(format!("the row has {}, but the header has {width}", counted(found)))
            .located(Location::line(&self.file.shown, at))
            .help("put a field that holds a delimiter or a line end in double quotes"))
    }
}

/// The file's text, and how many bytes stand before it.
fn reader(file: &SeedFile) -> Result<(csv::Reader<Box<dyn Read>>, u64)> {
    let opened = std::fs::File::open(&file.path).map_err(|fault| {
        Error::runtime(format!("cannot read the seed: {fault}")).located(Location::file(&file.shown))
    })?;
    let mut text = BufReader::with_capacity(1 << 16, opened);
    let has_mark = text.fill_buf().is_ok_and(|start| start.starts_with(b"\xef\xbb\xbf"));
    if has_mark {
        text.consume(3);
    }
    // A last line without an end gets one, so that lines can be counted.
    let crlf = text.buffer().windows(2).any(|pair| pair == b"\r\n");
    let rest: &'static [u8] = match (has_last_end(&file.path), crlf) {
        (true, _) => b"",
        (false, true) => b"\r\n",
        (false, false) => b"\n",
    };
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(file.delimiter).flexible(true);
    let marked = if has_mark { 3 } else { 0 };
    Ok((builder.from_reader(Box::new(text.chain(rest)) as Box<dyn Read>), marked))
}

fn has_last_end(path: &Path) -> bool {
    let last = || -> std::io::Result<u8> {
        let mut file = std::fs::File::open(path)?;
        file.seek(SeekFrom::End(-1))?;
        let mut byte = [0];
        file.read_exact(&mut byte)?;
        Ok(byte[0])
    };
    last().map_or(true, |byte| matches!(byte, b'\n' | b'\r'))
}

fn header(file: &SeedFile, reader: &mut csv::Reader<Box<dyn Read>>) -> Result<Vec<String>> {
    let headers = reader.headers().map_err(|fault| unreadable(file, &fault))?;
    let names: Vec<String> = headers.iter().map(|name| name.trim().to_string()).collect();
    if names.iter().all(String::is_empty) {
        return Err(Error::parsing("the seed is empty")
            .located(Location::file(&file.shown))
            .help("give it a first line with the names of its columns"));
    }
    let doubled = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
    if let Some((at, name)) = doubled {
        return Err(Error::parsing(format!("two columns of the seed are named `{name}`"))
            .located(Location::at(&file.shown, 1, column_at(headers, at)))
            .help("give each column a name of its own in the first line"));
    }
    Ok(names)
}

fn unreadable(file: &SeedFile, fault: &csv::Error) -> Error {
    let line = fault.position().map(|at| at.line() as usize);
    let place = Location { line, ..Location::file(&file.shown) };
    match fault.kind() {
        csv::ErrorKind::Utf8 { .. } => Error::parsing("the seed is not UTF-8")
            .located(place)
            .help("save the file as UTF-8: `iconv -f latin1 -t utf-8`"),
        _ => Error::parsing(format!("the seed cannot be read: {fault}")).located(place),
    }
}

/// Where a field of the header begins, as far as it is written without quotes.
fn column_at(headers: &csv::StringRecord, at: usize) -> usize {
    1 + headers.iter().take(at).map(|name| name.chars().count() + 1).sum::<usize>()
}

fn counted(fields: usize) -> String {
    if fields == 1 { "1 field".to_string() } else { format!("{fields} fields") }
}
