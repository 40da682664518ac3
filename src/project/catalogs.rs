//! catalogs.yml: where other engines write tables for lakes. It means nothing to the engines here, but a file that
//! contradicts itself is told of, by dbt's rules.

use super::render::Renderer;
use super::yaml::{Yaml, YamlFile};
use crate::error::{Error, ErrorKind, Result};
use std::path::Path;

/// The file's name, beside dbt_project.yml.
const NAME: &str = "catalogs.yml";

/// Checks the file, if there is one.
///
/// # Errors
/// It is empty, a template fails, a catalog has no name, or does not say which of its integrations is active.
pub(super) fn check(root: &Path, renderer: &Renderer) -> Result<()> {
    let path = root.join(NAME);
    if !path.exists() {
        return Ok(());
    }
    let file = YamlFile::read(&path, NAME, ErrorKind::Runtime)?;
    if file.root.is_null() {
        let empty = file.fault(&file.root, format!("the file {NAME} is empty")).with_kind(ErrorKind::Parsing);
        return Err(empty.help("list catalogs under `catalogs:`, or remove the file"));
    }
    let mut faults = Vec::new();
    let root = renderer.render_tree(&file, &file.root, |_| false, &mut faults);
    if let Some(catalogs) = root.get("catalogs").filter(|catalogs| !catalogs.is_null()) {
        let each = file.expect_list(catalogs, "catalogs")?.iter();
        faults.extend(each.filter_map(|catalog| check_one(&file, catalog).err()));
    }
    Error::all(faults).map_or(Ok(()), Err)
}

fn check_one(file: &YamlFile, catalog: &Yaml) -> Result<()> {
    let name = name(file, catalog, "catalog")?;
    let mut known = Vec::new();
    if let Some(integrations) = catalog.get("write_integrations").filter(|it| !it.is_null()) {
        for integration in file.expect_list(integrations, "write_integrations")? {
            let own = self::name(file, integration, "write integration")?;
            if known.contains(&own) {
                let twice = format!(
                    "Catalog '{name}' cannot have multiple 'write_integrations' with the same name: '{own}'."
                );
                return Err(file.fault(integration, twice));
            }
            known.push(own);
        }
    }
    let all = known.iter().map(|own| format!("'{own}'")).collect::<Vec<_>>().join(", ");
    match catalog.get("active_write_integration").and_then(Yaml::as_str) {
        None | Some("") if known.len() == 1 => Ok(()),
        None | Some("") => Err(file.fault(
            catalog,
            format!(
                "Catalog '{name}' must specify an 'active_write_integration' when multiple 'write_integrations' are \
                 provided."
            ),
        )),
        Some(active) if known.contains(&active) => Ok(()),
        Some(active) => Err(file.fault(
            catalog,
            format!(
                "Catalog '{name}' must specify an 'active_write_integration' from its set of defined \
                 'write_integrations': [{all}]. Got: '{active}'."
            ),
        )),
    }
}

fn name<'a>(file: &YamlFile, node: &'a Yaml, what: &str) -> Result<&'a str> {
    file.expect_map(node, what)?;
    let Some(name) = node.get("name") else {
        return Err(file.fault(node, format!("'name' is a required property of a {what}")));
    };
    file.expect_str(name, "name")
}
