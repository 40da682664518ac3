//! Where messages go: lines on the console, a live view on a terminal, the log file. [`line`] makes a
//! message a line of text or JSON for all of them.

pub(super) mod console;
pub(super) mod line;
pub(super) mod live;
pub(super) mod log_file;
