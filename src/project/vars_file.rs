//! vars.yml: the root project's vars in a file of their own, which dbt_project.yml itself may use.

use super::render::Renderer;
use super::yaml::YamlFile;
use super::{Environment, Flags, Map, Secrets};
use crate::error::{Error, ErrorKind, Result};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::Arc;

/// The file's name, beside dbt_project.yml.
const NAME: &str = "vars.yml";

/// The vars of the file; none where there is no such file.
///
/// # Errors
/// The file is no mapping with `vars`; the project has `vars:` as well; a template in it fails.
pub(super) fn read(
    root: &Path,
    project: &YamlFile,
    (flags, environment): (&Flags, &Arc<Environment>),
) -> Result<Map> {
    let path = root.join(NAME);
    if !path.exists() {
        return Ok(Map::new());
    }
    let file = YamlFile::read(&path, NAME, ErrorKind::Project)?;
    if let Some(doubled) = project.root.get("vars").filter(|vars| !vars.is_null()) {
        return Err(project
            .fault(doubled, "vars stand in both dbt_project.yml and vars.yml")
            .help("keep one of them: move these to vars.yml, or remove that file"));
    }
    let Some(vars) = file.root.get("vars").filter(|vars| !vars.is_null()) else {
        let help = "write `vars:` with the names and values below it";
        return match file.root.is_null() {
            true => Ok(Map::new()),
            false => Err(file.fault(&file.root, "vars.yml has no `vars`").help(help)),
        };
    };
    file.expect_map(vars, "vars")?;
    let renderer = Renderer::new(environment, &flags.vars, Secrets::Refused, None)?;
    let mut faults = Vec::new();
    let rendered = renderer.render_tree(&file, vars, |_| false, &mut faults);
    match (Error::all(faults), rendered.to_json()) {
        (Some(fault), _) => Err(fault),
        (None, Json::Object(vars)) => Ok(vars),
        (None, _) => Ok(Map::new()),
    }
}
