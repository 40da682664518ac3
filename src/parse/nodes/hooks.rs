//! `on-run-start` and `on-run-end` as operations.

use super::draft::{Draft, Origin, sha256};
use crate::manifest::ResourceType;
use crate::parse::stage::Stage;
use crate::project::Package;
use crate::project::project_file::ProjectHook;
use std::sync::Arc;

/// The hooks of all packages, those of the start first.
pub(super) fn hooks(stage: &Stage<'_>) -> Vec<Draft> {
    stage.packages().flat_map(of_package).collect()
}

fn of_package(package: &Package) -> Vec<Draft> {
    let kinds = [("on-run-start", &package.file.on_run_start), ("on-run-end", &package.file.on_run_end)];
    if kinds.iter().all(|(_, hooks)| hooks.is_empty()) {
        return Vec::new();
    }
    let all = kinds
        .into_iter()
        .flat_map(|(kind, hooks)| hooks.iter().enumerate().map(move |(index, hook)| (kind, index, hook)));
    all.map(|(kind, index, hook)| draft(package, (kind, index), hook, &package.file.text)).collect()
}

fn draft(package: &Package, (kind, index): (&str, usize), hook: &ProjectHook, text: &Arc<str>) -> Draft {
    let name = format!("{}-{kind}-{index}", package.name);
    Draft {
        kind: ResourceType::Operation,
        package: package.name.as_str().into(),
        path: format!("hooks/{name}.sql"),
        original_file_path: "./dbt_project.yml".to_string(),
        fqn: vec![package.name.clone(), "hooks".to_string(), name.clone()],
        name,
        raw_code: hook.sql.clone(),
        language: Some("sql"),
        checksum: sha256(text.trim()),
        tags: vec![kind.to_string()],
        index: Some(index),
        root: None,
        origin: Origin {
            path: package.file.path.clone(),
            text: text.clone(),
            start: (hook.line.max(1), hook.column.max(1)),
        },
        patch: None,
    }
}
