//! YAML with places: every node knows its line and column, so every fault can be drawn.
//!
//! The text becomes events (saphyr), the events a tree of [`Yaml`] by the rules of YAML 1.1 as dbt reads
//! it, and a [`YamlFile`] keeps tree, path and text together to word faults. Bounded in depth and in what
//! aliases may expand to.

mod file;
mod indent;
mod load;
mod node;
mod scalar;
mod suggest;
mod text;

pub use file::YamlFile;
pub use node::{ScalarStyle, Yaml, YamlValue};
pub use suggest::{distance, suggestion};
pub use text::Lines;
pub(super) use text::decode;

#[cfg(test)]
mod tests;
