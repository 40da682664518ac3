//! Documentation: [`collect`] asks the database for a catalog of the project's relations, [`page`] is the
//! page that shows it, [`serve`] a small web server for a folder.

mod catalog;
mod page;
mod rows;
mod serve;

pub use catalog::{Wanted, collect};
pub use page::{index, with_data};
pub use serve::Server;
