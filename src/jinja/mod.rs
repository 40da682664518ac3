//! dbt's Jinja on stock minijinja.
//!
//! The way of a template: `scan` splits it into tags and tokens, `desugar` rewrites what
//! minijinja does differently (line by line, with a map back to the source), minijinja compiles
//! it, [`Engine`] renders it with a [`Context`]. Macros are found as blocks of files
//! ([`macros_in`]), compiled once, looked up by `namespace` and called as values (`macro_`).
//! Values, methods, filters, tests and pure functions behave as Python's do ([`value`],
//! [`builtins`]). Errors come out with the user's file, line and column (`error`).

mod blocks;
pub mod builtins;
#[cfg(test)]
mod conformance;
mod context;
#[cfg(test)]
mod corpus;
mod desugar;
mod engine;
mod error;
mod filters;
mod functions;
mod macro_;
mod methods;
mod namespace;
mod native;
mod scan;
mod tests_;
pub mod value;

pub use blocks::{Block, MacroKind, MacroSource, blocks_in, in_branch, macros_in, strays_in};
pub use context::{Context, context_of};
pub use engine::{Engine, MacroInfo, Template, render_within};
pub use error::{BEYOND, UNDEFINED, raise};
pub use functions::{watched_modules, yaml_text};
pub use macro_::{DbtMacro, MacroRef};
pub use minijinja::value::Value;
pub use namespace::{Lookup, dispatch, dispatch_call};

/// Is there anything to render? dbt renders no text without a mark.
pub fn is_template(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark))
}

/// A text without anything to render, as a native template gives it back: without its last line feed.
/// `None` for a template.
pub fn plain(text: &str) -> Option<&str> {
    (!is_template(text)).then(|| text.strip_suffix('\n').unwrap_or(text))
}

/// Line ends as Jinja2 sees them: `\n` alone.
fn normalize_newlines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}
