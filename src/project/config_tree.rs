//! The config trees of dbt_project.yml: by resource kind, then package and folders, general to specific.

use super::Map;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A config tree of dbt_project.yml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TreeKind {
    /// `models`; analyses take it too.
    Models,
    /// `seeds`.
    Seeds,
    /// `snapshots`.
    Snapshots,
    /// `data_tests`, once `tests`.
    DataTests,
    /// `unit_tests`.
    UnitTests,
    /// `sources`.
    Sources,
    /// `analyses`; accepted, dbt reads it nowhere.
    Analyses,
    /// `exposures`.
    Exposures,
    /// `metrics`.
    Metrics,
    /// `semantic-models`.
    SemanticModels,
    /// `saved-queries`.
    SavedQueries,
    /// `functions`.
    Functions,
}

impl TreeKind {
    /// Every kind with its key in dbt_project.yml.
    pub const ALL: &'static [(TreeKind, &'static str)] = &[
        (TreeKind::Models, "models"),
        (TreeKind::Seeds, "seeds"),
        (TreeKind::Snapshots, "snapshots"),
        (TreeKind::DataTests, "data_tests"),
        (TreeKind::UnitTests, "unit_tests"),
        (TreeKind::Sources, "sources"),
        (TreeKind::Analyses, "analyses"),
        (TreeKind::Exposures, "exposures"),
        (TreeKind::Metrics, "metrics"),
        (TreeKind::SemanticModels, "semantic-models"),
        (TreeKind::SavedQueries, "saved-queries"),
        (TreeKind::Functions, "functions"),
    ];

    /// Its key in dbt_project.yml.
    pub fn key(self) -> &'static str {
        TreeKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("models", |(_, key)| key)
    }
}

/// The config trees of one package.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConfigTrees(pub BTreeMap<TreeKind, Map>);

impl ConfigTrees {
    /// The configs that meet a node, from general to specific: the top of the tree, then each level that
    /// its fqn (package, folders, name) leads to. A key with `+` is a config whatever it holds; one
    /// without is a config unless it holds a mapping, which is a level.
    pub fn config_for(&self, kind: TreeKind, fqn: &[String]) -> Vec<Map> {
        let mut found: Vec<Map> = self.levels(kind, fqn).into_iter().map(own_configs).collect();
        found.retain(|configs| !configs.is_empty());
        found
    }

    /// The levels of the tree that an fqn leads through, as written.
    pub fn levels(&self, kind: TreeKind, fqn: &[String]) -> Vec<&Map> {
        let Some(mut level) = self.0.get(&kind) else { return Vec::new() };
        let mut found = vec![level];
        for name in fqn {
            match level.get(name).and_then(Json::as_object) {
                Some(next) => level = next,
                None => break,
            }
            found.push(level);
        }
        found
    }

    /// The levels at which something is configured, though no node of the kind has an fqn below it: each
    /// as dbt writes it, `models.my_project.staging`. `fqns` are those of all nodes of a kind, disabled
    /// ones too.
    pub fn unused_paths(&self, kind: TreeKind, fqns: &[Vec<String>]) -> Vec<String> {
        let mut paths = Vec::new();
        if let Some(tree) = self.0.get(&kind) {
            collect_paths(tree, &mut Vec::new(), &mut paths);
        }
        paths.retain(|path| !fqns.iter().any(|fqn| fqn.starts_with(path)));
        let name = |path: Vec<String>| [vec![kind.key().replace('-', "_")], path].concat().join(".");
        paths.into_iter().map(name).collect()
    }
}

fn own_configs(level: &Map) -> Map {
    let config = |(key, value): (&String, &Json)| match key.strip_prefix('+') {
        Some(name) => Some((name.trim().to_string(), value.clone())),
        None => (!value.is_object()).then(|| (key.clone(), value.clone())),
    };
    level.iter().filter_map(config).collect()
}

fn collect_paths(level: &Map, path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    for (key, value) in level {
        match value {
            Json::Object(below) if !key.starts_with('+') => {
                path.push(key.clone());
                collect_paths(below, path, paths);
                path.pop();
            }
            _ if !paths.contains(path) => paths.push(path.clone()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn trees() -> ConfigTrees {
        let models = json!({
            "+enabled": true, "materialized": "view", "meta": {"owner": "nobody"},
            "shop": {
                "+ tags": ["a"], "+meta": {"owner": "me"},
                "staging": {"materialized": "table", "orders": {"+alias": "o"}},
                "gone": {"x": {"+alias": "x"}}
            }
        });
        ConfigTrees(BTreeMap::from([(TreeKind::Models, models.as_object().unwrap().clone())]))
    }

    fn fqn(text: &str) -> Vec<String> {
        text.split('.').map(str::to_string).collect()
    }

    fn check(path: &str, expect: Json) {
        let found: Vec<Json> =
            trees().config_for(TreeKind::Models, &fqn(path)).into_iter().map(Json::Object).collect();
        assert_eq!(Json::Array(found), expect, "{path}");
    }

    #[test]
    fn goes_from_general_to_specific() {
        let top = json!({"enabled": true, "materialized": "view"});
        let shop = json!({"tags": ["a"], "meta": {"owner": "me"}});
        check("other.a", json!([top]));
        check("shop.a", json!([top, shop]));
        check("shop.staging.a", json!([top, shop, {"materialized": "table"}]));
        check("shop.staging.orders", json!([top, shop, {"materialized": "table"}, {"alias": "o"}]));
        assert!(trees().config_for(TreeKind::Seeds, &fqn("shop.a")).is_empty());
    }

    #[test]
    fn tells_what_is_unused() {
        let unused = trees().unused_paths(TreeKind::Models, &[fqn("shop.staging.orders")]);
        assert_eq!(unused, ["models.meta", "models.shop.gone.x"]);
    }
}
