//! Which tags are open: a tag without its end is told where it was opened, not at the end of the file.

use crate::jinja::scan::{Scanned, Segment, fault};

/// The stack of open tags: keyword and offset.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<(String, usize)>,
}

impl Nesting {
    /// Takes one statement.
    pub fn step(&mut self, source: &str, segment: &Segment) -> Scanned<()> {
        let keyword = segment.keyword(source);
        match keyword {
            "if" | "for" | "call" | "macro" | "filter" | "with" | "block" | "autoescape" => {
                self.open.push((keyword.to_string(), segment.start));
            }
            "set" if is_block(source, segment) => self.open.push((keyword.to_string(), segment.start)),
            "else" | "elif" => self.branch(keyword, segment.start)?,
            "break" | "continue" if !self.open.iter().any(|(open, _)| open == "for") => {
                return fault(segment.start, format!("`{{% {keyword} %}}` stands outside of a `for`"));
            }
            _ => {
                if let Some(closed) = keyword.strip_prefix("end") {
                    self.close(closed, segment.start)?;
                }
            }
        }
        Ok(())
    }

    fn branch(&self, keyword: &str, at: usize) -> Scanned<()> {
        match self.open.last() {
            Some((open, _)) if open == "if" || (open == "for" && keyword == "else") => Ok(()),
            Some((open, _)) if open != "for" => {
                fault(at, format!("`{{% {keyword} %}}` stands where `{{% end{open} %}}` is missing"))
            }
            _ => fault(at, format!("`{{% {keyword} %}}` stands outside of an `if` or `for`")),
        }
    }

    fn close(&mut self, closed: &str, at: usize) -> Scanned<()> {
        match self.open.pop() {
            Some((open, _)) if open == closed => Ok(()),
            Some((open, _)) => {
                fault(at, format!("`{{% end{closed} %}}` stands where `{{% end{open} %}}` is missing"))
            }
            None => fault(at, format!("`{{% end{closed} %}}` closes nothing")),
        }
    }

    /// The text has ended.
    pub fn finish(self) -> Scanned<()> {
        match self.open.last() {
            Some((open, at)) => fault(*at, format!("the `{open}` opened here has no `{{% end{open} %}}`")),
            None => Ok(()),
        }
    }
}

/// `{% set x %}..{% endset %}`, not `{% set x = 1 %}`.
fn is_block(source: &str, segment: &Segment) -> bool {
    let words = segment.tokens.iter().map(|t| &source[t.start..t.end]);
    words.take_while(|word| *word != "|").all(|word| word != "=")
}
