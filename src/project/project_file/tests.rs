//! Tables of what dbt_project.yml may say, and of what is wrong with it.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::error::{Error, ErrorKind, Result};
use crate::project::config_tree::TreeKind;
use crate::project::environment::{Environment, Secrets};
use crate::project::render::Renderer;
use crate::project::yaml::YamlFile;
use crate::project::{Map, Warning};
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn read_text(text: &str) -> Result<(ProjectFile, Vec<Warning>)> {
    let environment = Arc::new(Environment::new([("WHO".to_string(), "ann".to_string())]));
    let target = json!({"name": "dev", "threads": 4});
    let vars: Map = json!({"days": 3}).as_object().unwrap().clone();
    let renderer = Renderer::new(&environment, &vars, Secrets::Refused, target.as_object()).unwrap();
    let file = YamlFile::parse(FILE_NAME, text.as_bytes(), ErrorKind::Project)?;
    let mut warnings = Vec::new();
    let asked = Asked { renderer: &renderer, check_version: true, lenient: false };
    Ok((render(&file, &asked, &mut warnings)?, warnings))
}

/// Every fault, each with its place and its first help.
fn faults(text: &str) -> Vec<(String, String)> {
    let told = |fault: &Error| (fault.to_string(), fault.helps().first().cloned().unwrap_or_default());
    read_text(text).unwrap_err().iter().map(told).collect()
}

#[track_caller]
fn fails(text: &str, expect: &str, help: &str) {
    assert_eq!(faults(text), [(expect.to_string(), help.to_string())]);
}

#[test]
fn defaults_are_dbts() {
    let (file, warnings) = read_text("name: shop\n").unwrap();
    let expect =
        ProjectFile { path: FILE_NAME.into(), text: "name: shop\n".into(), ..ProjectFile::named("shop") };
    assert_eq!(file, expect);
    assert!(warnings.is_empty());
    let all = ["models", "seeds", "snapshots", "analyses", "macros", "tests", "functions"];
    assert_eq!(file.paths.all(), all);
    assert_eq!(file.paths.docs(), all);
    assert_eq!(file.clean_targets(), ["target"]);
}

#[test]
fn reads_every_key() {
    let text = "
name: shop
version: 1.0
config-version: 2
profile: shop
model-paths: [m, more]
seed-paths: [data]
target-path: target/karat
packages-install-path: pkgs
require-dbt-version: ['>=1.6.0', '<2.0.0']
query-comment: {comment: hello, append: true}
quoting: {identifier: false}
on-run-start: \"select '{{ target.name }}'\"
on-run-end: [\"{{ x() }}\", select 2]
dispatch:
  - {macro_namespace: dbt_utils, search_order: [shop, dbt_utils]}
restrict-access: true
flags: {fail_fast: true}
vars: {a: \"{{ not_rendered }}\"}
models:
  +tags: [\"{{ env_var('WHO') }}\"]
  shop:
    +enabled: \"{{ target.name == 'dev' }}\"
    lookback: \"{{ var('days') }}\"
    +post-hook: \"{{ later() }}\"
tests: {+severity: warn}
";
    let (file, warnings) = read_text(text).unwrap();
    assert_eq!((file.version.as_deref(), file.profile.as_deref()), (Some("1.0"), Some("shop")));
    assert_eq!((file.paths.models.len(), file.paths.seeds[0].as_str()), (2, "data"));
    assert_eq!(
        file.query_comment,
        QueryComment { comment: Some("hello".into()), append: true, job_label: false }
    );
    assert_eq!(file.quoting.identifier, Some(false));
    assert_eq!(
        file.on_run_start[0],
        ProjectHook { sql: "select '{{ target.name }}'".into(), line: 13, column: 15 }
    );
    assert_eq!(file.on_run_end.len(), 2);
    assert_eq!(file.dispatch_order("dbt_utils").unwrap(), ["shop", "dbt_utils"]);
    assert_eq!(file.require_dbt_version, [">=1.6.0", "<2.0.0"]);
    assert_eq!(Json::Object(file.vars), json!({"a": "{{ not_rendered }}"}));
    let models =
        json!({"+tags": ["ann"], "shop": {"+enabled": true, "lookback": 3, "+post-hook": "{{ later() }}"}});
    assert_eq!(Json::Object(file.configs.0[&TreeKind::Models].clone()), models);
    assert_eq!(file.unrendered_configs.0[&TreeKind::Models]["shop"]["lookback"], "{{ var('days') }}");
    assert_eq!(Json::Object(file.configs.0[&TreeKind::DataTests].clone()), json!({"+severity": "warn"}));
    let names: Vec<_> = warnings.iter().map(|warning| warning.name).collect();
    assert_eq!(names, ["ConfigTargetPathDeprecation"]);
}

#[test]
fn says_what_is_wrong_and_where() {
    fails(
        "version: 1\n",
        "Required \"name\" field not present in project (dbt_project.yml:1:1)",
        "add `name: my_project`",
    );
    fails(
        "name: my-shop\n",
        "`name` must be letters, digits and underscores and not begin with a digit, not `my-shop` \
         (dbt_project.yml:1:7)",
        "write `name: my_shop`",
    );
    fails(
        "name: config\n",
        "Invalid project name: config is a reserved word (dbt_project.yml:1:7)",
        "write `name: my_config`",
    );
    fails(
        "name: a\nmodles: {}\n",
        "dbt_project.yml has no key `modles` (dbt_project.yml:2:1)",
        "did you mean `models`?",
    );
    fails(
        "name: a\nmodel-paths: models\n",
        "`model-paths` must be a list, not the text `models` (dbt_project.yml:2:14)",
        "'model-paths' is not a list: write `model-paths:` and then lines with `- `",
    );
    fails(
        "name: a\nmodels: [x]\n",
        "`models` must be a mapping, not a list (dbt_project.yml:2:9)",
        "write `models:` and below it `my_project:` or `+config: value`",
    );
    fails(
        "name: a\ndata-paths: [x]\nseed-paths: [y]\n",
        "data-paths and seed-paths cannot both be defined (dbt_project.yml:2:1)",
        "`data-paths` is the old name of `seed-paths`: keep `seed-paths`",
    );
    fails(
        "name: a\nrequire-dbt-version: '>=1.x'\n",
        "\">=1.x\" is not a valid semantic version. (dbt_project.yml:2:22)",
        "write comparisons such as `>=1.6.0` and `<2.0.0`",
    );
    fails(
        "name: a\nrequire-dbt-version: '<1.0.0'\n",
        "This version of dbt is not supported with the 'a' package.\nInstalled version of dbt: =1.11.16\nRequired \
         version of dbt for 'a': ['<1.0.0'] (dbt_project.yml:2:22)",
        "change the range, or run with `--no-version-check`",
    );
    fails(
        "name: a\ndispatch: [{macro_namespace: x}]\n",
        "an entry of `dispatch` needs `macro_namespace` and `search_order` (dbt_project.yml:2:12)",
        "write `- {macro_namespace: dbt_utils, search_order: [my_project, dbt_utils]}`",
    );
    fails(
        "name: a\ntests: {+x: 1}\ndata_tests: {+x: 1}\n",
        "Invalid project config: cannot have both 'tests' and 'data_tests' defined (dbt_project.yml:2:1)",
        "`tests` is the old name of `data_tests`: move its lines there",
    );
    fails(
        "name: a\nmodels:\n  +schema: \"{{ env_var('NOPE') }}\"\n",
        "Env var required but not provided: 'NOPE' (dbt_project.yml:3:16)",
        "set it (`export NOPE=...`) or give a default: `env_var('NOPE', 'default')`",
    );
    fails(
        "name: a\nmodels:\n  +schema: \"{{ var('x') }}\"\n",
        "Required var 'x' not found in config:\nVars supplied to <Configuration> = {\n    \"days\": 3\n} \
         (dbt_project.yml:3:16)",
        "set it under `vars:` in dbt_project.yml, give `--vars 'x: ...'`, or a default",
    );
}

#[test]
fn says_which_template_fails_and_where() {
    fails(
        "name: a\nmodels: {+x: \"{{ 1 + }}\"}\n",
        "expected an expression, found the end of the tag (dbt_project.yml:2:22)",
        "mend the tag; text that is no Jinja stands between `{% raw %}` and `{% endraw %}`",
    );
    fails(
        "name: a\nmodels:\n  +x: '{{ 1 '\n",
        "the tag opened here has no closing `}}` (dbt_project.yml:3:8)",
        "add `}}` where it ends",
    );
    fails(
        "name: a\nmodels:\n  +x: |\n    a\n    {{ nope() }}\n",
        "'nope' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or \
         install package dependencies with \"dbt deps\". (dbt_project.yml:5)",
        "templates of this file see `env_var`, `target`, and as `var` what `--vars` gives",
    );
    fails(
        "name: a\nmodels: {+x: \"{{ target.nope }}\"}\n",
        "`{{ target.nope }}` is undefined (dbt_project.yml:2:14)",
        "check the name, or give it a default: `{{ x | default('y') }}`",
    );
}

#[test]
fn says_all_at_once() {
    let told = faults("name: 1a\nrestrict-access: maybe\nzebra: 1\nmodels:\n  +x: \"{{ 1 + }}\"\n");
    let lines: Vec<usize> =
        told.iter().map(|(text, _)| text.rsplit(':').nth(1).unwrap().parse().unwrap()).collect();
    assert_eq!(lines, [1, 2, 3, 5], "{told:?}");
}
