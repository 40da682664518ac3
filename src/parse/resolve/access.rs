//! Who may read a model: private to its group, protected to its package where that is restricted.

use super::names::Asker;
use crate::error::Error;
use crate::manifest::{Node, NodeKind};
use crate::parse::stage::Stage;

/// The fault of a reference that is not allowed.
pub(super) fn refused(stage: &Stage<'_>, asker: &Asker<'_>, target: &Node) -> Option<Error> {
    let NodeKind::Model { access, .. } = &target.kind else { return None };
    let foreign = asker.package != target.package_name;
    let restricted = foreign
        && target.package_name != stage.project.name()
        && stage.project.package(&target.package_name).is_some_and(|package| package.file.restrict_access);
    let (scope, kind) = match access.as_str() {
        "private" if asker.group.is_none() || asker.group != target.group.as_deref() || restricted => {
            (target.group.clone().unwrap_or_default(), "group")
        }
        "protected" if restricted => (target.package_name.clone(), "package"),
        _ => return None,
    };
    let error = Error::parsing(format!(
        "Node {} attempted to reference node {}, which is not allowed because the referenced node is {access} to the \
         '{scope}' {kind}.",
        asker.id, target.unique_id
    ));
    Some(match kind {
        "group" => {
            error.help(format!("put `{}` into the group, or make `{}` protected", asker.id, target.name))
        }
        _ => error.help(format!("only public models of `{}` may be read from outside", target.package_name)),
    })
}
