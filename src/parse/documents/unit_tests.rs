//! Unit tests: given rows, a model, rows to come out.

use super::rows::{doubled_fixtures, fixture, from_csv, promote};
use crate::error::{Error, Result};
use crate::manifest::{DependsOn, Map, RefArgs, ResourceType, UniqueId, UnitTest, UnitTestFixture};
use crate::parse::configs::{Own, Whose, check};
use crate::parse::findings::Findings;
use crate::parse::json::{map, python_repr, text};
use crate::parse::nodes::Nodes;
use crate::parse::properties::{Entry, Key, Properties, Spot};
use crate::parse::stage::Stage;
use crate::project::yaml::Yaml;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A unit test that is not resolved yet.
pub(in crate::parse) struct UnitTestDraft {
    /// The test.
    pub test: UnitTest,
    /// Where its name stands.
    pub spot: Spot,
}

/// Every unit test, disabled ones too.
pub(super) fn unit_tests(
    stage: &Stage<'_>,
    properties: &Properties,
    nodes: &Nodes,
    findings: &mut Findings,
) -> Vec<UnitTestDraft> {
    let entries: Vec<&Entry> = properties.of(Key::UnitTests).collect();
    doubled_fixtures(stage.project).into_iter().for_each(|fault| findings.error(fault));
    entries
        .into_iter()
        .filter_map(|entry| {
            let test = findings.keep(Reader { stage, nodes, entry }.read())?;
            Some(UnitTestDraft { test, spot: entry.spot() })
        })
        .collect()
}

struct Reader<'a> {
    stage: &'a Stage<'a>,
    nodes: &'a Nodes,
    entry: &'a Entry,
}

impl Reader<'_> {
    fn read(&self) -> Result<UnitTest> {
        let entry = self.entry;
        let Some(model) = entry.optional_text("model")? else {
            return Err(entry
                .fault(format!("unit test `{}` names no model", entry.name))
                .help("write `model: ...`"));
        };
        let below = entry.file.original_file_path.split_once('/').map_or("", |(_, below)| below);
        let folders = below.rsplit_once('/').map_or("", |(folders, _)| folders);
        let folders = folders.split('/').filter(|folder| !folder.is_empty());
        let fqn = std::iter::once(&*entry.file.package).chain(folders).chain([&*model, &*entry.name]);
        let fqn: Vec<String> = fqn.map(str::to_string).collect();
        let config = self.config(&fqn)?;
        let given = match entry.node.get("given").filter(|given| !given.is_null()) {
            Some(given) => entry
                .file
                .yaml
                .expect_list(given, "given")?
                .iter()
                .map(|one| self.fixture(one, true))
                .collect::<Result<_>>()?,
            None => Vec::new(),
        };
        let Some(expect) = entry.node.get("expect") else {
            let said = format!("unit test `{}` expects nothing", entry.name);
            let name = entry.node.get("name").unwrap_or(&entry.node);
            return Err(entry
                .file
                .yaml
                .lacks((name, &entry.node), "expect", said)
                .help("write `expect: {rows: [...]}`"));
        };
        let expect = self.fixture(expect, false)?;
        let overrides = self.overrides()?;
        let versions = entry.map("versions")?;
        let named = |key: &str| versions.get(key).is_some_and(|list| !list.is_null());
        if named("include") && named("exclude") {
            return Err(entry.fault(format!(
                "unit test `{}` names versions to include and versions to exclude: only one of both may be given",
                entry.name
            )));
        }
        let field = |key: &str| versions.get(key).cloned().unwrap_or(Json::Null);
        let versions =
            (!versions.is_empty()).then(|| json!({"include": field("include"), "exclude": field("exclude")}));
        let mut test = UnitTest {
            name: entry.name.clone(),
            resource_type: ResourceType::UnitTest,
            package_name: entry.file.package.to_string(),
            path: entry.file.path.clone(),
            original_file_path: entry.file.original_file_path.clone(),
            unique_id: UniqueId::from(format!("unit_test.{}.{model}.{}", entry.file.package, entry.name)),
            fqn,
            model,
            given,
            expect,
            description: entry.text("description")?,
            overrides,
            depends_on: DependsOn::default(),
            config: config.into(),
            checksum: None,
            schema: None,
            created_at: self.stage.now,
            versions,
            version: None,
            tested_node_unique_id: None,
            this_input_node_unique_id: None,
        };
        test.checksum = Some(checksum(&test));
        Ok(test)
    }

    fn config(&self, fqn: &[String]) -> Result<Map> {
        let entry = self.entry;
        let said = entry.map("config")?;
        let whose = Whose { kind: ResourceType::UnitTest, package: &entry.file.package, fqn };
        let own = Own { patch: Some(&said), ..Own::default() };
        let told = |error: Error| entry.spot().mark(error.about(format!("unit_test {}", entry.name)));
        let config = self.stage.configs.merged(whose, own).map_err(told)?;
        match Error::all(check(ResourceType::UnitTest, &config)) {
            Some(error) => Err(told(error)),
            None => Ok(config),
        }
    }

    fn overrides(&self) -> Result<Option<Json>> {
        let overrides = self.entry.map("overrides")?;
        let part = |key: &str| Json::Object(map(&overrides, key));
        Ok((!overrides.is_empty())
            .then(|| json!({"macros": part("macros"), "vars": part("vars"), "env_vars": part("env_vars")})))
    }

    /// An input or the expectation, its rows read from wherever they are.
    fn fixture(&self, node: &Yaml, is_input: bool) -> Result<UnitTestFixture> {
        let (entry, yaml) = (self.entry, &self.entry.file.yaml);
        yaml.expect_map(node, if is_input { "input" } else { "expect" })?;
        let data = node.to_json().as_object().cloned().unwrap_or_default();
        let input = text(&data, "input");
        if is_input && input.is_none() {
            return Err(yaml
                .lacks((node, node), "input", "an input of a unit test has no `input`")
                .help("write `- input: ref('...')`"));
        }
        let format = text(&data, "format").unwrap_or_else(|| "dict".to_string());
        let file = text(&data, "fixture");
        let written = data.get("rows").cloned().unwrap_or(Json::Null);
        let what = if is_input { "input" } else { "expected" };
        let unfit = |more: &str| {
            let said =
                format!("Unit test {} has {what} rows{more} which do not match format {format}", entry.name);
            yaml.lacks((node, node), "rows", said)
        };
        let placed = |error: Error| yaml.lines.draw(error.or_located(yaml.place(node)));
        let mut rows = match (format.as_str(), &file) {
            ("dict", None) if written.is_null() && is_input => {
                self.seed_rows(input.as_deref().unwrap_or_default()).map_err(placed)?
            }
            ("dict", _) if written.is_array() => written,
            ("dict", _) => return Err(unfit("")),
            ("csv", Some(name)) => from_csv(self.fixture_text(node, name)?, true).map_err(placed)?,
            ("csv", None) => {
                from_csv(written.as_str().ok_or_else(|| unfit(" or fixtures"))?, true).map_err(placed)?
            }
            ("sql", Some(name)) => Json::String(self.fixture_text(node, name)?.to_string()),
            ("sql", None) if written.is_string() => written,
            ("sql", None) => return Err(unfit(" or fixtures")),
            _ => {
                return Err(
                    yaml.fault(node, format!("`format` must be one of dict, csv, sql, not `{format}`"))
                );
            }
        };
        promote(&mut rows);
        Ok(UnitTestFixture { input, rows: Some(rows), format, fixture: file })
    }

    fn fixture_text(&self, node: &Yaml, name: &str) -> Result<&str> {
        let entry = self.entry;
        let found = fixture(self.stage.project, &entry.file.package, name);
        found.map(|file| file.stripped()).ok_or_else(|| {
            let path = &entry.file.original_file_path;
            let message = format!("File not found for fixture '{name}' in unit tests in {path}");
            entry.file.yaml.fault(node, message).help("fixtures are files in `fixtures/` of a test path")
        })
    }

    /// The rows of the seed that an input names.
    fn seed_rows(&self, input: &str) -> Result<Json> {
        let asked = self.named(input)?;
        let name = asked.as_ref().map_or(input, |asked| asked.name.as_str());
        let package = asked.as_ref().and_then(|asked| asked.package.as_deref());
        let package = package.unwrap_or(&self.entry.file.package);
        let mut seeds = self.nodes.named(name).map(|parsed| &parsed.node);
        let seed =
            seeds.find(|node| node.resource_type == ResourceType::Seed && node.package_name == package);
        let root = self.stage.project.package(package).and_then(|package| package.root.clone());
        let Some((seed, root)) = seed.zip(root) else {
            let paths = &self.stage.project.main().file.paths.seeds;
            return Err(Error::parsing(format!(
                "Unable to find seed '{package}.{name}' for unit tests in directories: {paths:?}"
            ))
            .help("give the input `rows`, or name a seed"));
        };
        let path = root.join(&seed.original_file_path);
        let read = crate::disk::read_text(&path);
        from_csv(
            &read.map_err(|why| Error::parsing(format!("cannot read `{}`: {why}", path.display())))?,
            false,
        )
    }

    fn named(&self, input: &str) -> Result<Option<RefArgs>> {
        let (context, recorder) = self.stage.base.naming(self.stage.session, &self.entry.file.package);
        let template = format!("{{{{ {input} }}}}");
        self.stage.session.engine.render_str(&self.entry.file.yaml.path, &template, &Arc::new(context))?;
        Ok(recorder.take().refs.pop())
    }
}

/// dbt's hash of a unit test: of its parts as Python prints them.
fn checksum(test: &UnitTest) -> String {
    let optional = |value: &Option<Json>| python_repr(&value.clone().unwrap_or(Json::Null));
    let fixture = |fixture: &UnitTestFixture| {
        let member = match fixture.format.as_str() {
            "csv" => "CSV",
            "sql" => "SQL",
            _ => "Dict",
        };
        let rest = format!(
            "rows={}, format=<UnitTestFormat.{member}: '{}'>, fixture={}",
            optional(&fixture.rows),
            fixture.format,
            python_repr(&json!(fixture.fixture)),
        );
        match &fixture.input {
            Some(input) => format!("UnitTestInputFixture(input={}, {rest})", python_repr(&json!(input))),
            None => format!("UnitTestOutputFixture({rest})"),
        }
    };
    let field = |of: &Json, key: &str| python_repr(of.get(key).unwrap_or(&Json::Null));
    let versions = test.versions.as_ref().map_or("None".to_string(), |versions| {
        format!(
            "UnitTestNodeVersions(include={}, exclude={})",
            field(versions, "include"),
            field(versions, "exclude")
        )
    });
    let overrides = test.overrides.as_ref().map_or("None".to_string(), |all| {
        let [macros, vars, env] = ["macros", "vars", "env_vars"].map(|key| field(all, key));
        format!("UnitTestOverrides(macros={macros}, vars={vars}, env_vars={env})")
    });
    let given: Vec<String> = test.given.iter().map(fixture).collect();
    let mut data =
        format!("{}-{versions}-[{}]-{}-{overrides}", test.model, given.join(", "), fixture(&test.expect));
    for input in test.given.iter().filter(|input| input.fixture.is_some()) {
        let rows = input.rows.as_ref().map_or("None".to_string(), crate::parse::json::python_str);
        data += &format!("-{rows}");
    }
    hex::encode(Sha256::digest(data))
}
