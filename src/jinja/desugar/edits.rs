//! Rewriting as a list of edits on the source: what is not edited is copied, byte for byte.
//!
//! The copy records which run of the result came from where, so that a place in the rewritten
//! template leads back to the exact line and column of the user's file.

use std::borrow::Cow;

/// Edits of one text, in any order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Edits {
    list: Vec<Edit>,
}

#[derive(Debug, Clone)]
struct Edit {
    at: usize,
    until: usize,
    class: Class,
    order: usize,
    text: Cow<'static, str>,
}

/// What comes first where several edits meet: text that ends something, then text that begins
/// something (the outermost first), then the replacement of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Close,
    Open,
    Replace,
}

impl Edits {
    /// Inserts before what stands at `at`; of several, the latest comes first.
    pub fn open(&mut self, at: usize, text: impl Into<Cow<'static, str>>) {
        let order = usize::MAX - self.list.len();
        self.list.push(Edit { at, until: at, class: Class::Open, order, text: text.into() });
    }

    /// Inserts after what ends at `at`; of several, the earliest comes first.
    pub fn close(&mut self, at: usize, text: impl Into<Cow<'static, str>>) {
        let order = self.list.len();
        self.list.push(Edit { at, until: at, class: Class::Close, order, text: text.into() });
    }

    /// Replaces a range. Edits inside of it have no effect.
    pub fn replace(&mut self, at: usize, until: usize, text: impl Into<Cow<'static, str>>) {
        let order = self.list.len();
        self.list.push(Edit { at, until, class: Class::Replace, order, text: text.into() });
    }

    /// Brings the edits into the order in which [`Output::copy`] needs them.
    pub fn sort(&mut self) {
        self.list.sort_unstable_by_key(|e| (e.at, e.class, e.order));
    }

    /// The sorted edits that belong to a range: an end at its start belongs to what is before it.
    fn within(&self, start: usize, end: usize) -> impl Iterator<Item = &Edit> {
        let first = self.list.partition_point(|e| e.at < start);
        self.list[first..].iter().take_while(move |e| e.at <= end).filter(move |e| match e.class {
            Class::Close => e.at > start,
            Class::Open | Class::Replace => e.at < end,
        })
    }
}

/// The rewritten text and where its parts came from.
#[derive(Debug, Default, Clone)]
pub(crate) struct Output {
    /// The text.
    pub text: String,
    runs: Vec<Run>,
}

/// A run of bytes that was copied.
#[derive(Debug, Clone, Copy)]
struct Run {
    output: usize,
    source: usize,
    length: usize,
}

impl Output {
    /// Adds text that stands in no file.
    pub fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a range of the source with its (sorted) edits applied.
    pub fn copy(&mut self, source: &str, (start, end): (usize, usize), edits: &Edits) {
        let mut at = start;
        for edit in edits.within(start, end) {
            if edit.at < at {
                continue;
            }
            self.run(source, at, edit.at);
            self.text.push_str(&edit.text);
            at = edit.until;
        }
        self.run(source, at, end);
    }

    fn run(&mut self, source: &str, start: usize, end: usize) {
        if end > start {
            self.runs.push(Run { output: self.text.len(), source: start, length: end - start });
            self.text.push_str(&source[start..end]);
        }
    }

    /// The offset in the source for an offset in the text; the next copied byte for inserted text.
    pub fn source_offset(&self, offset: usize) -> usize {
        let index = self.runs.partition_point(|run| run.output <= offset);
        let before = index.checked_sub(1).map(|i| self.runs[i]);
        match (before, self.runs.get(index)) {
            (Some(run), _) if offset < run.output + run.length => run.source + (offset - run.output),
            (_, Some(next)) => next.source,
            (Some(run), None) => run.source + run.length,
            (None, None) => 0,
        }
    }

    /// Like [`source_offset`](Output::source_offset), for the end of a range.
    pub fn source_end(&self, offset: usize) -> usize {
        let index = self.runs.partition_point(|run| run.output < offset);
        match index.checked_sub(1).map(|i| self.runs[i]) {
            Some(run) => run.source + (offset - run.output).min(run.length),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_meet_in_order() {
        let source = "a+b[1:]";
        let mut edits = Edits::default();
        edits.open(2, "S(");
        edits.replace(3, 4, ",");
        edits.close(5, "!");
        edits.replace(6, 7, ")");
        edits.open(0, "inner(");
        edits.open(0, "outer(");
        edits.close(7, ")1");
        edits.close(7, ")2");
        edits.sort();
        let mut out = Output::default();
        out.copy(source, (0, source.len()), &edits);
        assert_eq!(out.text, "outer(inner(a+S(b,1!:))1)2");
        assert_eq!(out.source_offset(12), 0);
        assert_eq!(out.source_offset(0), 0);
        assert_eq!(out.source_offset(16), 2);
        assert_eq!(out.source_end(17), 3);
    }
}
