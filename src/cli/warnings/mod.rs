//! What becomes of warnings: errors, silence, or lines; and the summary of deprecations.

mod deprecations;
mod outdated;
mod strict;

pub use deprecations::is_deprecation;
pub use outdated::outdated;
pub use strict::Strict;
