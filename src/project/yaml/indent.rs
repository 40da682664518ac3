//! Lines that go on within brackets or quotes, indented so far that every reader takes them.
//!
//! YAML as dbt reads it lets a bracket close anywhere; saphyr wants each such line further in than the
//! block around it. White space at the head of these lines means nothing, so more of it changes nothing:
//!
//! ```yaml
//! values: [
//!   'a',
//! ]
//! ```

/// A text with its continued lines indented, and by how much each was.
#[derive(Debug, Default)]
pub(super) struct Padded {
    /// The text.
    pub text: String,
    /// Columns added to a line, by its index from 0.
    pub pads: Vec<usize>,
}

/// Indents the lines that begin within brackets or quotes to right of where these open.
pub(super) fn pad(text: &str) -> Padded {
    let mut scan = Scan::default();
    let mut padded = Padded::default();
    for line in text.split_inclusive('\n') {
        let chars: Vec<char> = line.chars().collect();
        let indent = chars.iter().take_while(|c| **c == ' ').count();
        let blank = line.trim().is_empty();
        let pad = if blank { 0 } else { scan.opened.map_or(0, |column| (column + 1).saturating_sub(indent)) };
        padded.pads.push(pad);
        padded.text += &" ".repeat(pad);
        padded.text += line;
        scan.line(&chars, indent, blank);
    }
    padded
}

/// What is open at the end of a line.
#[derive(Debug, Default)]
struct Scan {
    /// Column where the outermost bracket or quote opened.
    opened: Option<usize>,
    /// Brackets that are open.
    depth: usize,
    /// The quote that is open.
    quote: Option<char>,
    /// The column that the lines of a block scalar are to the right of.
    block: Option<usize>,
}

impl Scan {
    fn line(&mut self, chars: &[char], indent: usize, blank: bool) {
        if let Some(column) = self.block {
            if blank || indent > column {
                return;
            }
            self.block = None;
        }
        let mut at = indent;
        // The column of the innermost block that this line opens.
        let mut inner = indent;
        let mut fresh = true;
        while at < chars.len() {
            let c = chars[at];
            if let Some(quote) = self.quote {
                at += self.in_quote(chars, at, quote);
                continue;
            }
            let spaced = at == 0 || chars[at - 1].is_whitespace();
            let ends = chars.get(at + 1).is_none_or(|next| next.is_whitespace());
            match c {
                '#' if spaced => return,
                '\'' | '"' if fresh => self.open(at, Some(c)),
                '[' | '{' if fresh || self.depth > 0 => self.open(at, None),
                ']' | '}' if self.depth > 0 => self.close(),
                '|' | '>' if fresh && self.depth == 0 => {
                    self.block = Some(inner);
                    return;
                }
                '-' | '?' if fresh && ends && self.depth == 0 => inner = at,
                _ => {}
            }
            if fresh
                && self.depth == 0
                && !matches!(c, '-' | '?' | ' ')
                && inner < at
                && before_is_dash(chars, at)
            {
                inner = at;
            }
            fresh = self.stays_fresh(fresh, c, ends);
            at += 1;
        }
    }

    /// Does a value begin after this sign?
    fn stays_fresh(&self, fresh: bool, c: char, ends: bool) -> bool {
        match c {
            ':' => ends || self.depth > 0,
            ',' | '[' | '{' => self.depth > 0,
            '-' | '?' => fresh && ends,
            c if c.is_whitespace() => fresh,
            _ => false,
        }
    }

    fn open(&mut self, at: usize, quote: Option<char>) {
        self.opened.get_or_insert(at);
        match quote {
            Some(quote) => self.quote = Some(quote),
            None => self.depth += 1,
        }
    }

    fn close(&mut self) {
        self.depth -= 1;
        if self.depth == 0 {
            self.opened = None;
        }
    }

    /// How many signs to go on by within a quote.
    fn in_quote(&mut self, chars: &[char], at: usize, quote: char) -> usize {
        match chars[at] {
            '\\' if quote == '"' => 2,
            c if c == quote && quote == '\'' && chars.get(at + 1) == Some(&'\'') => 2,
            c if c == quote => {
                self.quote = None;
                if self.depth == 0 {
                    self.opened = None;
                }
                1
            }
            _ => 1,
        }
    }
}

/// Is there only `- ` (or white space) to the left?
fn before_is_dash(chars: &[char], at: usize) -> bool {
    chars[..at].iter().all(|c| matches!(c, '-' | '?' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[usize]) {
        assert_eq!(pad(text).pads, expect, "{text}");
    }

    #[test]
    fn pads_what_goes_on() {
        check("a: 1\nb:\n  - c\n", &[0, 0, 0]);
        check("a: [\n  'x',\n\n]\nb: 1\n", &[0, 2, 0, 4, 0]);
        check("a: {x: [1,\n2],\n y: '}'\n}\nb: [\n", &[0, 4, 3, 4, 0]);
        check("a: \"x\ny\\\"\nz\"\nb: 1\n", &[0, 4, 4, 0]);
        check("a: 'it''s\nz'\nb: it's [ok\nc: 1\n", &[0, 4, 0, 0]);
        check("a: [ # ]\n  x # [\n]\nb: 1\n", &[0, 2, 4, 0]);
        check("a: |\n  [ '\n\n  {\nb: 1\n", &[0; 5]);
        check("- a: >-\n    [\n  b: 1\n- |\n  [\n- c: [\n  ]\n", &[0, 0, 0, 0, 0, 0, 4]);
    }
}
