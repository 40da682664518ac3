//! What Jinja sees. [`session`] is what one call of karat shares, [`base`] the values of every template,
//! `parse` records what a node says of itself, [`scope`] answers a node that runs, with [`adapter`] as its
//! hand on the engine.

pub mod adapter;
pub mod arguments;
pub mod base;
pub mod event_time;
pub mod exceptions;
pub mod objects;
pub mod parse;
pub mod results;
pub mod scope;
pub mod seed;
pub mod session;
pub mod test_arguments;
pub mod variables;

pub use scope::{Answer, Compiled, Fixture, Run, Scope, Subject, relation_of};
pub use session::{Invocation, QueryComment, Session, SessionParts};
