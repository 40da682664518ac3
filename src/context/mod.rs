//! What Jinja sees. [`session`] is what one call of karat shares, [`base`] the values of every template,
//! [`parse`] records what a node says of itself, [`run`] answers a node that runs.

pub mod base;
pub mod exceptions;
pub mod objects;
pub mod parse;
pub mod results;
pub mod session;
pub mod variables;

pub use session::{Invocation, QueryComment, Session};
