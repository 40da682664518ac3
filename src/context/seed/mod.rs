//! Seeds: the CSV file of a node, the types of its columns as dbt infers them, and a plain form of it
//! that an engine can read. The file is read in passes of constant memory; its rows are held only where
//! a macro asks for them.

mod fields;
mod infer;
mod pieces;
mod quotes;
mod rows;
mod table;

pub use infer::Inference;
pub use table::{inference_in, kind_in, load_function};

use super::scope::Scope;
use crate::error::{Error, Location, Result};
use crate::manifest::{Node, NodeKind, ResourceType};
use infer::ColumnKind;
use pieces::Pieces;
use rows::Rows;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// UTF-8's byte order mark.
const BOM: &[u8; 3] = b"\xef\xbb\xbf";

/// The CSV file of a seed.
#[derive(Debug)]
pub struct SeedFile {
    path: PathBuf,
    shown: String,
    delimiter: u8,
    /// Columns whose type the config gives: they are text to the inference.
    typed: Vec<String>,
}

/// A file that an engine can load as it is: the user's own, or a plain copy of it.
pub enum PlainCsv<'a> {
    /// The user's file.
    Own(&'a SeedFile),
    /// A copy with plain numbers and empty fields for NULL.
    Copy(NamedTempFile),
}

impl PlainCsv<'_> {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            PlainCsv::Own(file) => &file.path,
            PlainCsv::Copy(file) => file.path(),
        }
    }

    /// Its field separator.
    pub fn delimiter(&self) -> u8 {
        match self {
            PlainCsv::Own(file) => file.delimiter,
            PlainCsv::Copy(_) => b',',
        }
    }
}

impl SeedFile {
    /// The file of a scope's node.
    ///
    /// # Errors
    /// The node is no seed; its delimiter is not one byte.
    pub fn of(scope: &Scope) -> Result<Self> {
        let node = scope.node().filter(|node| node.resource_type == ResourceType::Seed);
        let node =
            node.ok_or_else(|| Error::compilation("can only load the rows of seeds, not of other nodes"))?;
        SeedFile::of_node(node, &scope.run().session.root)
    }

    /// The file of a seed; `root` is the project's folder.
    ///
    /// # Errors
    /// Its delimiter is not one byte.
    pub fn of_node(node: &Node, root: &Path) -> Result<Self> {
        let root = match &node.kind {
            NodeKind::Seed { root_path: Some(root) } => PathBuf::from(root),
            _ => root.to_path_buf(),
        };
        let delimiter = node.config.str("delimiter").unwrap_or(",").replace("\\t", "\t");
        let [delimiter] = delimiter.as_bytes() else {
            let message =
                format!("the delimiter of seed `{}` must be one character, not `{delimiter}`", node.name);
            return Err(Error::compilation(message).located(Location::file(&node.original_file_path)));
        };
        let typed = node.config.get("column_types").and_then(|types| types.as_object());
        Ok(SeedFile {
            path: root.join(&node.original_file_path),
            shown: node.original_file_path.clone(),
            delimiter: *delimiter,
            typed: typed.into_iter().flat_map(|types| types.keys().cloned()).collect(),
        })
    }

    /// Where it is on disk.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its path as messages show it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Names and kinds of the columns, by one reading of the file, which finds all of its faults.
    ///
    /// # Errors
    /// The file cannot be read, has no header, a column twice, an open quote, or a row with too many fields.
    pub fn infer(&self) -> Result<Inference> {
        let mut rows = Rows::open(self).map_err(|error| self.drawn(error))?;
        let mut inference = Inference::new(rows.names.clone(), &self.typed);
        if let Some(inference) = Pieces::default().infer(self, &rows, &inference) {
            return Ok(inference);
        }
        let fault = loop {
            match rows.next_row() {
                Ok(Some(row)) => drop(inference.look_at_row(row)),
                Ok(None) => break None,
                Err(fault) => break Some(fault),
            }
        };
        inference.note_filled(rows.filled);
        // A quote that is open at the end of the file was opened in the row that was read last.
        let error = self.open_quote(&rows.last)?.map_or(fault.map_or(Ok(()), Err), Err);
        error.map_err(|error| self.drawn(error))?;
        Ok(inference)
    }

    /// The fault of a quote that is never closed, if the row that begins here holds one.
    fn open_quote(&self, from: &csv::Position) -> Result<Option<Error>> {
        let unreadable = |fault: std::io::Error| {
            Error::runtime(format!("cannot read the seed: {fault}")).located(Location::file(&self.shown))
        };
        let mut file = std::fs::File::open(&self.path).map_err(unreadable)?;
        let mut mark = [0; 3];
        let marked = file.read_exact(&mut mark).is_ok() && mark == *BOM;
        let start = from.byte() + if marked { BOM.len() as u64 } else { 0 };
        file.seek(SeekFrom::Start(start)).map_err(unreadable)?;
        let found = quotes::open_quote(BufReader::with_capacity(1 << 16, file), self.delimiter);
        Ok(found.map_err(unreadable)?.map(|(line, column)| {
            let line = line + usize::try_from(from.line()).unwrap_or(1).max(1) - 1;
            Error::parsing("the quote that opens here is never closed")
                .located(Location::at(&self.shown, line, column))
                .help("close it, or double it where it is part of the text")
        }))
    }

    /// The fault with its line of the file.
    fn drawn(&self, error: Error) -> Error {
        let line = error.location().and_then(|place| place.line);
        let text = line.and_then(|line| {
            let lines = std::io::BufRead::lines(BufReader::new(std::fs::File::open(&self.path).ok()?));
            lines.map_while(std::io::Result::ok).nth(line - 1).map(|text| "\n".repeat(line - 1) + &text)
        });
        match text {
            Some(text) => error.with_source(&text),
            None => error,
        }
    }

    /// Rows of texts, one by one; each has as many fields as the header.
    pub(super) fn each_row(&self, mut take: impl FnMut(&csv::StringRecord) -> Result<()>) -> Result<()> {
        let mut rows = Rows::open(self)?;
        while let Some(row) = rows.next_row()? {
            take(row)?;
        }
        Ok(())
    }

    /// The file, or a plain copy where it holds what only dbt's reader understands: `$1,000`, `5%`,
    /// the word `null`, short rows.
    ///
    /// # Errors
    /// The file cannot be read; a row has too many fields; the disk refuses.
    pub fn plain_csv(&self, inference: &Inference) -> Result<PlainCsv<'_>> {
        if !inference.needs_plain_copy() {
            return Ok(PlainCsv::Own(self));
        }
        let refused =
            |fault: std::io::Error| Error::runtime(format!("cannot write a temporary file: {fault}"));
        let file = NamedTempFile::with_suffix(".csv").map_err(refused)?;
        let kinds = inference.kinds();
        let mut writer = csv::Writer::from_writer(std::io::BufWriter::new(file));
        let broken = |fault: csv::Error| Error::runtime(format!("cannot write a temporary file: {fault}"));
        writer.write_record(inference.names()).map_err(broken)?;
        self.each_row(|row| {
            let fields = row.iter().zip(&kinds).map(|(field, kind)| infer::plain(field, *kind));
            writer.write_record(fields).map_err(broken)
        })?;
        let mut inner = writer.into_inner().map_err(|fault| refused(fault.into_error()))?;
        inner.flush().map_err(refused)?;
        let file = inner.into_inner().map_err(|fault| refused(fault.into_error()))?;
        Ok(PlainCsv::Copy(file))
    }

    /// An engine's error about the file it loaded, told about the user's file.
    pub fn in_file(&self, error: Error) -> Error {
        let place = error.location().cloned().filter(|place| place.line.is_some());
        match place {
            Some(place) => error.located(Location { path: self.shown.clone(), ..place }),
            None => error.or_located(Location::file(&self.shown)),
        }
    }
}

/// `load_agate_table` and others share one reading of the file.
pub(super) type SharedFile = Arc<SeedFile>;

/// The kinds by agate's words; used by tests and by the table.
pub(super) fn word(kind: ColumnKind) -> &'static str {
    kind.agate()
}
