//! selectors.yml: read ([`yaml`]), checked with its places ([`places`]), written out in full ([`normal`]).

mod normal;
mod places;
mod yaml;

pub use normal::normalized;
pub use places::selectors_checked;
pub use yaml::Selectors;
