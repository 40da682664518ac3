//! A large file looked at by several threads, each taking the next piece of it. A piece begins behind a line
//! end, which may stand within quotes: so each piece goes on until a row of its own begins at the very byte
//! where another piece does, and what was read by pieces between the two does not count. At the first fault of
//! any kind in what counts, the whole answer is none, and the file is read from its start to its end by one
//! thread, which finds the fault and words it.

use super::infer::Inference;
use super::rows::Rows;
use super::{SeedFile, quotes};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Result, Seek, SeekFrom};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How far a line end is looked for, and a last row may reach beyond.
const BEYOND: u64 = 1 << 20;
/// How many pieces a reading may go on for. A reader that was misled by quotes holds no more than these.
const ON: usize = 8;

/// How a file is cut.
pub struct Pieces {
    /// Bytes of a piece.
    bytes: u64,
    threads: usize,
}

impl Default for Pieces {
    fn default() -> Self {
        Pieces { bytes: 4 << 20, threads: thread::available_parallelism().map_or(1, usize::from) }
    }
}

impl Pieces {
    /// Names and kinds of the columns; none where only a reading in order can tell.
    pub fn infer(&self, file: &SeedFile, rows: &Rows<'_>, first: &Inference) -> Option<Inference> {
        // A blank line is a row where there is but one column, and only lines that are counted tell of it.
        if rows.names.len() == 1 {
            return None;
        }
        let bounds = bounds(file, rows.begin(), self.bytes).ok()?;
        let threads = self.threads.min(bounds.len() - 1);
        if threads < 2 {
            return None;
        }
        let work = Work { file, first, bounds, taken: AtomicUsize::new(0) };
        let done = thread::scope(|scope| {
            let each: Vec<_> = (0..threads).map(|_| scope.spawn(|| work.pieces())).collect();
            each.into_iter().map(thread::ScopedJoinHandle::join).collect::<thread::Result<Vec<_>>>().ok()
        });
        work.joined(done?.into_iter().flatten().collect())
    }
}

/// What one reading found, and the piece before which it ended.
struct Found {
    columns: Inference,
    next: usize,
}

/// Where pieces begin, each behind a line end, and where the file ends.
fn bounds(file: &SeedFile, begin: u64, piece: u64) -> Result<Vec<u64>> {
    let mut opened = File::open(&file.path)?;
    let end = opened.metadata()?.len();
    let mut bounds = vec![begin];
    let mut near = begin + piece;
    while near < end {
        opened.seek(SeekFrom::Start(near))?;
        let mut line = Vec::new();
        BufReader::with_capacity(512, &opened).take(BEYOND).read_until(b'\n', &mut line)?;
        let next = near + line.len() as u64;
        if line.ends_with(b"\n") && next < end {
            bounds.push(next);
        }
        near = next + piece;
    }
    bounds.push(end);
    Ok(bounds)
}

/// What the threads share.
struct Work<'a> {
    file: &'a SeedFile,
    first: &'a Inference,
    bounds: Vec<u64>,
    taken: AtomicUsize,
}

impl Work<'_> {
    fn last(&self) -> usize {
        self.bounds.len() - 1
    }

    /// A thread's life: what it found, by the number of the piece.
    fn pieces(&self) -> Vec<(usize, Found)> {
        let next = || Some(self.taken.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < self.last());
        std::iter::from_fn(next).filter_map(|at| Some((at, self.piece(at)?))).collect()
    }

    /// From piece to piece, each beginning where the one before it ended.
    fn joined(&self, found: HashMap<usize, Found>) -> Option<Inference> {
        let mut all = self.first.clone();
        let mut at = 0;
        while at < self.last() {
            let piece = found.get(&at)?;
            all.join(&piece.columns);
            at = piece.next;
        }
        Some(all)
    }

    /// The rows from the start of a piece to that of another; none where a fault is among them.
    fn piece(&self, at: usize) -> Option<Found> {
        let from = self.bounds[at];
        let end = self.bounds[self.last().min(at + ON)] + BEYOND;
        let mut opened = File::open(&self.file.path).ok()?;
        opened.seek(SeekFrom::Start(from)).ok()?;
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(self.file.delimiter).flexible(true).has_headers(false).buffer_capacity(1 << 16);
        // A line end before it keeps the reader from taking the piece's first character for the file's mark.
        let mut reader = builder.from_reader(b"\n".chain(opened.take(end - from)));
        let (mut columns, mut next) = (self.first.clone(), at + 1);
        let mut record = csv::StringRecord::new();
        let mut began = from;
        while reader.read_record(&mut record).ok()? {
            began = from + record.position()?.byte().saturating_sub(1);
            // The reader counts the second character of a line end with the row behind it.
            while next < self.last() && began > self.bounds[next] {
                next += 1;
            }
            if next < self.last() && began + 1 >= self.bounds[next] {
                return Some(Found { columns, next });
            }
            if record.as_slice().as_bytes().contains(&0) {
                return None;
            }
            columns.look_at_row(&record)?;
        }
        let whole = at + ON >= self.last() && self.is_closed(began).ok()?;
        whole.then_some(Found { columns, next: self.last() })
    }

    /// Is no quote open at the end of the file, where the last row begins here?
    fn is_closed(&self, last: u64) -> Result<bool> {
        let mut opened = File::open(&self.file.path)?;
        opened.seek(SeekFrom::Start(last))?;
        let rest = BufReader::with_capacity(1 << 16, opened);
        Ok(quotes::open_quote(rest, self.file.delimiter)?.is_none())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Write;

    /// Cut anywhere, a file gives what it gives in order, or nothing. Returns whether a cut gave something.
    fn check(text: &str) -> bool {
        let mut written = tempfile::NamedTempFile::new().unwrap();
        written.write_all(text.as_bytes()).unwrap();
        let path = written.path().to_path_buf();
        let file = SeedFile { path, shown: "s.csv".to_string(), delimiter: b',', typed: Vec::new() };
        let whole = file.infer();
        let rows = Rows::open(&file).unwrap();
        let first = Inference::new(rows.names.clone(), &[]);
        let cut = |bytes| Pieces { bytes, threads: 3 }.infer(&file, &rows, &first);
        let cuts: Vec<_> = (1..text.len() as u64).filter_map(cut).collect();
        for found in &cuts {
            let found = (found.kinds(), found.needs_plain_copy(), found.padded().collect::<Vec<_>>());
            let whole = whole.as_ref().unwrap();
            assert_eq!(
                found,
                (whole.kinds(), whole.needs_plain_copy(), whole.padded().collect()),
                "{text:?}"
            );
        }
        !cuts.is_empty()
    }

    #[test]
    fn pieces_give_what_the_whole_gives() {
        assert!(check("a,b,c\n1,x,2024-01-01\n2,y,2024-01-02\n3,z,\n4,,2024-01-04\n"));
        assert!(check("a,b\r\n1,1.5\r\n2,2\r\n3000000000,x\r\n4,007"));
        assert!(check("\u{feff}a,b\n1,x\n2,y\n\u{feff}3,z\n"));
        assert!(check("a,b\n1,007\n2,008\n3,\"$1,000\"\n4,5%\n"));
        assert!(check("a,b\n1,\"two\nlines\"\n2,\"a\n,\nb\"\n3,5\" pipe\n4,x\n"));
        assert!(check("a,b\n1\n2,null\n3,1.0\n\n\n4,2\n"));
        assert!(check("a,b\n\"x\n1,2\n3,4\",1\n5,6\n7,8\n"));
    }

    #[test]
    fn faults_are_left_to_a_reading_in_order() {
        assert!(!check("a,b\n1,x\n2,y,z\n3,x\n"));
        assert!(!check("a,b\n1,x\n2,y\n3,\"z\n4,x\n"));
        assert!(!check("a,b\n1,x\n2,\0\n3,x\n4,x\n"));
        assert!(!check("a\n1\n\n3\n"));
    }
}
