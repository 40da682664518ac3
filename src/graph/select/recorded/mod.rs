//! 281 selections as dbt Core 1.11 works them out (`dbt ls` on one project with every kind of
//! resource), compared with ours. `recorded.json` holds the project's nodes and dbt's answers.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::graph::Graph;
use crate::manifest::sample::{exposure, id, map, node, source, texts, unit_test};
use crate::manifest::*;
use serde_json::{Value as Json, json};
use std::collections::HashSet;

fn recorded() -> (Manifest, Json) {
    let file: Json = serde_json::from_str(include_str!("recorded.json")).unwrap();
    let all = |key: &str| file["resources"][key].as_array().unwrap().clone();
    let json = |key: &str| all(key).iter().map(|n| (id(n), n.clone())).collect();
    let manifest = Manifest {
        nodes: all("nodes").iter().map(|n| (id(n), node(n))).collect(),
        functions: all("functions").iter().map(|n| (id(n), node(n))).collect(),
        sources: all("sources").iter().map(|n| (id(n), source(n))).collect(),
        exposures: all("exposures").iter().map(|n| (id(n), exposure(n))).collect(),
        unit_tests: all("unit_tests").iter().map(|n| (id(n), unit_test(n))).collect(),
        metrics: json("metrics"),
        semantic_models: json("semantic_models"),
        saved_queries: json("saved_queries"),
        selectors: map(&file["selectors"]),
        project_name: "shop".to_string(),
        ..Manifest::default()
    };
    (manifest, file)
}

/// Our answer to a case, in the words of the record.
fn answer(graph: &Graph, manifest: &Manifest, case: &Json) -> Json {
    let mode =
        case["indirect"].as_str().map_or(IndirectSelection::Eager, |m| IndirectSelection::parse(m).unwrap());
    let spec = match case["selector"].as_str() {
        Some(name) => Selectors::with_mode(&manifest.selectors, mode).unwrap().get(name).cloned(),
        None => Spec::parse(&texts(&case["select"]), &texts(&case["exclude"]), mode),
    };
    match spec.and_then(|spec| select(graph, manifest, &spec, None)) {
        Ok(selected) => {
            let mut ids: Vec<_> = selected.ids.iter().map(UniqueId::as_str).collect();
            ids.retain(|id| !id.starts_with("analysis."));
            ids.sort_unstable();
            json!({ "ids": ids, "warnings": selected.warnings })
        }
        Err(error) => json!({ "error": error.message() }),
    }
}

#[test]
fn selects_what_dbt_selects() {
    let (manifest, file) = recorded();
    let graph = Graph::build(&manifest).unwrap();
    let ids = texts(&file["ids"]);
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let ours = answer(&graph, &manifest, case);
        // `selector:` on the command line came with dbt 1.12.
        if case["select"] == json!(["selector:nightly"]) {
            assert!(ours["ids"].as_array().is_some_and(|ids| !ids.is_empty()));
            continue;
        }
        let fits = match case["error"].as_str() {
            Some(error) => ours["error"].as_str().is_some_and(|ours| error.starts_with(ours)),
            None => {
                let expect = case["ids"].as_array().unwrap().iter();
                let expect: Vec<_> = expect.map(|n| ids[n.as_u64().unwrap() as usize].as_str()).collect();
                ours == json!({ "ids": expect, "warnings": texts(&case["warnings"]) })
            }
        };
        if !fits {
            wrong.push(format!("{case}\n  ours: {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn waits_for_tests_as_dbt_build_does() {
    let (manifest, file) = recorded();
    let graph = Graph::for_build(&manifest).unwrap();
    for (test, waiting) in file["waits"].as_object().unwrap() {
        let mut ours = graph.dependents(&UniqueId::from(test.as_str()));
        ours.retain(|id| manifest.nodes.contains_key(id) && !id.as_str().starts_with("test."));
        ours.sort_unstable();
        let ours: Vec<_> = ours.iter().map(|id| id.as_str().to_string()).collect();
        assert_eq!(ours, texts(waiting), "{test}");
    }
}

/// An earlier run in which the marts were other, a model failed and a source stood still.
struct Earlier;

impl PreviousState for Earlier {
    fn removed(&self, _: &str, _: &Manifest) -> crate::error::Result<()> {
        Ok(())
    }

    fn state(&self, check: &str, id: &UniqueId, manifest: &Manifest) -> crate::error::Result<bool> {
        let file = manifest.node(id).map(|node| node.original_file_path.as_str());
        Ok(check == "modified.body" && file.is_some_and(|file| file.ends_with("orders.sql")))
    }

    fn with_result(&self, status: &str) -> crate::error::Result<Option<HashSet<UniqueId>>> {
        Ok((status == "error").then(|| HashSet::from([UniqueId::from("model.shop.customers")])))
    }

    fn fresher(&self) -> crate::error::Result<Option<HashSet<UniqueId>>> {
        Ok(Some(HashSet::from([UniqueId::from("source.shop.raw.orders")])))
    }
}

#[test]
fn asks_the_earlier_run() {
    let (manifest, _) = recorded();
    let graph = Graph::build(&manifest).unwrap();
    let check = |word: &str, expect: &str| {
        let spec = Spec::parse(&[word.to_string()], &[], IndirectSelection::Empty).unwrap();
        let told = match select(&graph, &manifest, &spec, Some(&Earlier)) {
            Ok(found) => {
                let mut ids: Vec<_> = found.ids.iter().map(UniqueId::as_str).collect();
                ids.sort_unstable();
                ids.join(" ")
            }
            Err(error) => error.message().to_string(),
        };
        assert!(told.starts_with(expect) && told.is_empty() == expect.is_empty(), "{word}: {told}");
    };
    check("state:modified.body", "model.shop.int_orders model.shop.orders model.shop.stg_orders");
    check("state:new", "");
    check("state:nope", "Got an invalid selector \"nope\", expected one of \"['new', ");
    check("result:error", "model.shop.customers");
    check("1+result:error", "model.shop.customers model.shop.int_orders model.shop.stg_customers");
    check("result:fail", "No comparison run_results");
    check("source_status:fresher", "source.shop.raw.orders");
    check("source_status:staler", "");
}

#[test]
fn normalizes_selectors_as_dbt_does() {
    let (manifest, _) = recorded();
    let file = json!({ "selectors": [
        { "name": "nightly", "description": "at night", "definition": "tag:nightly" },
        { "name": "kv", "definition": { "tag": "stage" } },
        { "name": "uni", "definition": { "union": [
            "tag:nightly",
            { "intersection": [
                { "method": "path", "value": "models/marts" },
                { "method": "config.materialized", "value": "incremental" },
            ] },
            { "exclude": [{ "method": "fqn", "value": "unique_*" }] },
        ] } },
        { "name": "inh", "definition": { "union": [
            { "method": "selector", "value": "kv" },
            { "exclude": [{ "method": "selector", "value": "nightly" }] },
        ] } },
    ] });
    for (name, entry) in normalized(&file).unwrap() {
        assert_eq!(entry, manifest.selectors[&name], "{name}");
    }
}
