//! The engines. `base.rs` says what karat asks of one; each has a folder; the list is here.

pub mod base;
pub mod cache;
pub mod sessions;
pub mod table;

pub use base::{Adapter, AdapterResponse, Cancel, Connection, CsvLoad, Fetch};
pub use cache::RelationCache;
pub use sessions::{Lent, Sessions};
pub use table::{Cell, Table, TableColumn};
