//! The artifacts against dbt's own: the keys of each kind of resource, in order, as dbt Core 1.11
//! writes them; metadata; what was compiled; reading results back.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::manifest::sample::{exposure, node, source, unit_test};
use crate::manifest::*;
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

const BASE: &str = "database schema name resource_type package_name path original_file_path unique_id fqn alias \
    checksum config tags description columns meta group docs patch_path build_path unrendered_config created_at \
    relation_name raw_code doc_blocks";
const SQL: &str = "language refs sources metrics functions depends_on compiled_path";
const COMPILED: &str = "compiled compiled_code extra_ctes_injected extra_ctes";
const MODEL: &str = "access constraints version latest_version deprecation_date primary_key time_spine";

fn invocation() -> Invocation {
    let started_at: DateTime<Utc> = "2026-01-02T03:04:05.678901234Z".parse().unwrap();
    Invocation { id: "1-2-3".into(), started_at, env: Map::new() }
}

fn of_kind(kind: &str, name: &str, extra: Json) -> Json {
    let mut json = json!({
        "unique_id": format!("{kind}.p.{name}"), "name": name, "resource_type": kind, "package_name": "p",
        "original_file_path": format!("{name}.sql"), "fqn": ["p", name],
    });
    json.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    json
}

/// A node as the parser makes it: with its kind and language.
fn parsed(json: Json, kind: NodeKind) -> Arc<Node> {
    let mut node = Arc::unwrap_or_clone(node(&json));
    node.language = (node.resource_type != ResourceType::Seed).then(|| "sql".to_string());
    Arc::new(Node { kind, ..node })
}

fn manifest() -> Manifest {
    let mut all =
        Manifest { project_name: "shop".into(), adapter_type: "duckdb".into(), ..Manifest::default() };
    let model = of_kind(
        "model",
        "m",
        json!({ "access": "protected", "depends_on": { "nodes": ["source.p.s", "seed.p.d"] } }),
    );
    let mut grouped = Arc::unwrap_or_clone(node(&model));
    (grouped.group, grouped.language) = (Some("g".into()), Some("sql".into()));
    let generic = of_kind(
        "test",
        "t",
        json!({ "test_metadata": { "name": "unique" }, "depends_on": { "nodes": ["model.p.m"] } }),
    );
    let generic_kind = node(&generic).kind.clone();
    let nodes = [
        Arc::new(grouped),
        parsed(
            of_kind("model", "plain", json!({})),
            node(&of_kind("model", "plain", json!({}))).kind.clone(),
        ),
        parsed(of_kind("seed", "d", json!({})), NodeKind::Seed { root_path: Some("/r".into()) }),
        parsed(of_kind("snapshot", "n", json!({})), NodeKind::Snapshot {}),
        parsed(of_kind("analysis", "a", json!({})), NodeKind::Analysis {}),
        parsed(of_kind("test", "one", json!({})), NodeKind::SingularTest {}),
        parsed(generic, generic_kind),
    ];
    all.nodes = nodes.into_iter().map(|node| (node.unique_id.clone(), node)).collect();
    let table = source(&of_kind("source", "s", json!({})));
    all.sources.insert(table.unique_id.clone(), table);
    let board = exposure(&of_kind("exposure", "e", json!({})));
    all.exposures.insert(board.unique_id.clone(), board);
    let unit = unit_test(&of_kind("unit_test", "u", json!({ "depends_on": { "nodes": ["model.p.m"] } })));
    all.unit_tests.insert(unit.unique_id.clone(), unit);
    let (package_name, path) = ("p".to_string(), "f".to_string());
    let id = UniqueId::from("macro.p.f");
    let called = MacroNode {
        name: "f".into(),
        resource_type: ResourceType::Macro,
        package_name: package_name.clone(),
        path: path.clone(),
        original_file_path: path.clone(),
        unique_id: id.clone(),
        macro_sql: String::new(),
        depends_on: DependsOn::default(),
        description: String::new(),
        meta: Map::new(),
        docs: Map::new(),
        config: Config::default(),
        patch_path: None,
        arguments: Vec::new(),
        created_at: 0.0,
        supported_languages: None,
    };
    all.macros.insert(id, Arc::new(called));
    let id = UniqueId::from("group.p.g");
    let group = Group {
        name: "g".into(),
        resource_type: ResourceType::Group,
        package_name,
        path: path.clone(),
        original_file_path: path,
        unique_id: id.clone(),
        owner: Owner::default(),
        description: None,
        config: Config::default(),
    };
    all.groups.insert(id, Arc::new(group));
    all
}

fn written() -> Json {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/manifest.json");
    let cte = ExtraCte { id: "model.p.x".into(), sql: " __dbt__cte__x as (\nselect 1\n)".into() };
    let compiled = Compiled {
        code: Some("select 1".into()),
        path: Some("target/compiled/m.sql".into()),
        build_path: Some("target/run/m.sql".into()),
        extra_ctes: vec![cte],
        relation_name: None,
        foreign_keys: Vec::new(),
        macros: Vec::new(),
    };
    let seed = Compiled { build_path: Some("target/run/d.csv".into()), ..Compiled::default() };
    let compiled = HashMap::from([("model.p.m".into(), compiled), ("seed.p.d".into(), seed)]);
    write_manifest(&path, &manifest(), &compiled, &invocation()).unwrap();
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing else is left");
    read_json(&path).unwrap().unwrap()
}

fn keys(json: &Json) -> String {
    json.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn shows_the_keys_that_dbt_shows() {
    let file = written();
    let check = |at: &str, expect: String| {
        let squeezed = expect.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(keys(file.pointer(at).unwrap()), squeezed, "{at}");
    };
    check(
        "",
        "metadata nodes sources macros docs exposures metrics groups selectors disabled parent_map child_map \
         group_map saved_queries semantic_models unit_tests functions"
            .into(),
    );
    check(
        "/metadata",
        "dbt_schema_version dbt_version generated_at invocation_id invocation_started_at env \
         project_name project_id user_id send_anonymous_usage_stats adapter_type quoting run_started_at"
            .into(),
    );
    check("/nodes/model.p.m", format!("{BASE} {SQL} {COMPILED} contract {MODEL}"));
    check("/nodes/model.p.plain", format!("{BASE} {SQL} contract {MODEL}"));
    check("/nodes/seed.p.d", format!("{BASE} root_path depends_on"));
    check("/nodes/snapshot.p.n", format!("{BASE} {SQL} contract"));
    check("/nodes/analysis.p.a", format!("{BASE} {SQL} contract"));
    check("/nodes/test.p.one", format!("{BASE} {SQL} contract"));
    check(
        "/nodes/test.p.t",
        format!("{BASE} {SQL} contract column_name file_key_name attached_node test_metadata"),
    );
    check("/nodes/seed.p.d/depends_on", "macros".into());
    check("/nodes/model.p.m/depends_on", "macros nodes".into());
    check("/nodes/model.p.m/contract", "enforced alias_types checksum".into());
    check("/nodes/test.p.t/test_metadata", "name kwargs namespace".into());
    check(
        "/sources/source.p.s",
        "database schema name resource_type package_name path original_file_path unique_id fqn source_name \
         source_description loader identifier quoting loaded_at_field loaded_at_query freshness external description \
         columns meta source_meta tags config patch_path unrendered_config relation_name created_at \
         unrendered_database unrendered_schema doc_blocks"
            .into(),
    );
    check(
        "/macros/macro.p.f",
        "name resource_type package_name path original_file_path unique_id macro_sql depends_on description meta \
         docs config patch_path arguments created_at supported_languages"
            .into(),
    );
    check("/macros/macro.p.f/depends_on", "macros".into());
    check(
        "/exposures/exposure.p.e",
        "name resource_type package_name path original_file_path unique_id fqn type owner description label \
         maturity meta tags config unrendered_config url depends_on refs sources metrics created_at"
            .into(),
    );
    check(
        "/groups/group.p.g",
        "name resource_type package_name path original_file_path unique_id owner description config".into(),
    );
    check(
        "/unit_tests/unit_test.p.u",
        "model given expect name resource_type package_name path original_file_path unique_id fqn description \
         overrides depends_on config checksum schema created_at versions version"
            .into(),
    );
}

#[test]
fn joins_what_was_compiled_and_maps_edges() {
    let file = written();
    let check = |at: &str, expect: Json| assert_eq!(file.pointer(at), Some(&expect), "{at}");
    check("/nodes/model.p.m/compiled_code", json!("select 1"));
    check("/nodes/model.p.m/compiled_path", json!("target/compiled/m.sql"));
    check("/nodes/model.p.m/extra_ctes/0/id", json!("model.p.x"));
    check("/nodes/seed.p.d/build_path", json!("target/run/d.csv"));
    check("/parent_map/model.p.m", json!(["seed.p.d", "source.p.s"]));
    check("/parent_map/source.p.s", json!([]));
    check("/child_map/model.p.m", json!(["test.p.t", "unit_test.p.u"]));
    check("/group_map", json!({ "g": ["model.p.m"] }));
    check("/metadata/project_id", json!("fb54f3c5992b96d001bb16e8e92d968d"));
    check("/metadata/invocation_started_at", json!("2026-01-02T03:04:05.678901Z"));
    check("/metadata/run_started_at", json!("2026-01-02T03:04:05.678901+00:00"));
}

fn outcome(id: &str, status: NodeStatus) -> RunResult {
    RunResult {
        unique_id: id.into(),
        status,
        timing: vec![Timing {
            name: "compile".into(),
            started_at: Some(invocation().started_at),
            completed_at: None,
        }],
        thread_id: "Thread-1 (worker)".into(),
        execution_time: 0.5,
        adapter_response: Map::new(),
        message: None,
        failures: None,
        compiled: None,
        compiled_code: None,
        compiled_path: None,
        relation_name: None,
        batch_results: None,
    }
}

#[test]
fn writes_results_and_reads_them_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run_results.json");
    let results =
        [outcome("model.p.a", NodeStatus::Success), outcome("model.p.b", NodeStatus::PartialSuccess)];
    let args = json!({ "which": "build" }).as_object().unwrap().clone();
    let run = RunResults { invocation: &invocation(), results: &results, elapsed_time: 1.5, args: &args };
    run.write(&path).unwrap();
    let file: Json = read_json(&path).unwrap().unwrap();
    assert_eq!(keys(&file), "metadata results elapsed_time args");
    let expect = "status timing thread_id execution_time adapter_response message failures unique_id compiled \
                  compiled_code relation_name batch_results";
    assert_eq!(keys(&file["results"][0]), expect);
    assert_eq!(file["results"][0]["timing"][0]["started_at"], "2026-01-02T03:04:05.678901Z");
    let earlier = EarlierRun::read(&path).unwrap().unwrap();
    assert_eq!(earlier.results[1].status, "partial success");
    assert_eq!(earlier.args["which"], "build");
}

#[test]
fn reads_tolerantly_and_says_where_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run_results.json");
    assert_eq!(EarlierRun::read(&path).unwrap(), None);
    assert_eq!(EarlierRun::read(Path::new("/nowhere/at/all.json")).unwrap(), None);
    let check = |text: &str, expect: Result<usize, &str>| {
        std::fs::write(&path, text).unwrap();
        match EarlierRun::read(&path) {
            Ok(run) => assert_eq!(Ok(run.unwrap().results.len()), expect, "{text}"),
            Err(error) => assert!(error.message().ends_with(expect.unwrap_err()), "{error}"),
        }
    };
    check("{}", Ok(0));
    check(r#"{"results":[{"unique_id":"a","status":"reused","new":1}]}"#, Ok(1));
    check("{\"results\":\n[", Err("is not a valid artifact: EOF while parsing a list at line 2 column 1"));
}
