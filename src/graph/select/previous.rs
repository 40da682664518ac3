//! What `state:`, `result:` and `source_status:` ask of an earlier run.

use crate::error::Result;
use crate::manifest::{Manifest, UniqueId};
use std::collections::HashSet;

/// The artifacts of an earlier run, as `--state` names them.
pub trait PreviousState {
    /// Does a check of [`STATE_CHECKS`](super::STATE_CHECKS) hold for a node, compared with
    /// the earlier manifest?
    ///
    /// # Errors
    /// No earlier manifest, or one that cannot be read.
    fn state(&self, check: &str, id: &UniqueId, manifest: &Manifest) -> Result<bool>;

    /// Tells of models with a contract that were in the earlier manifest and are gone, where a check asks for it.
    ///
    /// # Errors
    /// One of them has versions: those who read it were promised that it stays.
    fn removed(&self, check: &str, manifest: &Manifest) -> Result<()>;

    /// The nodes that ended with a status in the earlier run; `None` where it left no results.
    ///
    /// # Errors
    /// Results that cannot be read.
    fn with_result(&self, status: &str) -> Result<Option<HashSet<UniqueId>>>;

    /// The sources that hold newer rows than at the earlier check; `None` where there was none.
    ///
    /// # Errors
    /// Results that cannot be read, or no current check to compare with.
    fn fresher(&self) -> Result<Option<HashSet<UniqueId>>>;
}
