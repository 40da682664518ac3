//! SQL as text: cut into words, into statements, CTEs put in, comments put on. Knows no project.
//!
//! [`lexer`] is total: any text has tokens, and the tokens joined are the text. So nothing here fails,
//! and nothing that a user wrote is changed beyond what was asked for.

mod comment;
mod cte;
mod lexer;
mod shape;
mod statements;

pub use comment::{CommentPlace, with_comment};
pub use cte::{cte_text, ephemeral_name, inject_ctes};
pub use lexer::{Token, TokenKind, tokens};
pub use shape::{Finds, Shape, shape};
pub use statements::statements;
