//! `builtins.ref.config`: the project, its packages and the call, where packages look for what no other
//! name gives them.

use crate::context::arguments::args_dict;
use crate::jinja::Value;
use crate::jinja::value::{dict, from_json, function, list, object_of};
use crate::manifest::Map;
use crate::project::{Package, Project};
use serde_json::Value as Json;

/// The config of a run.
pub fn runtime_config(project: &Project) -> Value {
    let packages = project.packages.iter().filter(|package| !package.built_in);
    let of =
        |package: &Package| (Value::from(package.name.as_str()), object_of(CLASS, of_package(package), None));
    let mut all = of_package(project.main());
    all.extend([
        ("dependencies", dict(packages.map(of).collect())),
        ("args", from_json(&Json::Object(args_dict(&project.flags)))),
        ("cli_vars", from_json(&Json::Object(project.vars.cli().clone()))),
        ("profile_name", Value::from(project.target.profile_name.as_str())),
        ("target_name", Value::from(project.target.name.as_str())),
        ("threads", Value::from(project.target.threads)),
        ("credentials", from_json(&Json::Object(project.target.to_jinja()))),
        ("target_path", Value::from(project.target_path.display().to_string())),
        ("project_target_path", Value::from(project.target_path.display().to_string())),
        ("log_path", Value::from(project.log_path.display().to_string())),
    ]);
    object_of(CLASS, all, None)
}

/// How it prints.
const CLASS: &str = "RuntimeConfig";

fn of_package(package: &Package) -> Vec<(&'static str, Value)> {
    let file = &package.file;
    let paths = |paths: &[String]| list(paths.iter().map(|path| Value::from(path.as_str())).collect());
    vec![
        ("project_name", Value::from(file.name.as_str())),
        ("version", file.version.as_deref().map_or_else(super::none, Value::from)),
        (
            "project_root",
            package.root.as_ref().map_or_else(super::none, |root| root.display().to_string().into()),
        ),
        ("vars", vars(file.vars.clone())),
        ("model_paths", paths(&file.paths.models)),
        ("seed_paths", paths(&file.paths.seeds)),
        ("macro_paths", paths(&file.paths.macros)),
        ("snapshot_paths", paths(&file.paths.snapshots)),
        ("test_paths", paths(&file.paths.tests)),
        ("analysis_paths", paths(&file.paths.analyses)),
        ("packages_install_path", Value::from(file.packages_install_path.as_str())),
    ]
}

/// The vars of a project file: `config.vars.to_dict()`, `config.vars.vars`.
fn vars(vars: Map) -> Value {
    let all = Json::Object(vars);
    let shown = from_json(&all);
    let to_dict = function("to_dict", move |_, _| Ok(from_json(&all)));
    object_of("VarProvider", [("vars", shown), ("to_dict", to_dict)], None)
}

/// `ref` as a value: called, and asked for its `config`.
pub fn with_config(call: Value, config: &Value) -> Value {
    object_of("ref", [("config", config.clone())], Some(call))
}
