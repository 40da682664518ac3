//! What karat knows of the warehouse without asking again: the relations of the schemas of a run.

use crate::relation::{Relation, RelationKind};
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Schema by schema, the relations that exist. Filled once before a run; what karat creates, drops and
/// renames is noted here, so that the catalog is not asked for each node (dbt's relation cache).
#[derive(Debug, Default)]
pub struct RelationCache(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    schemas: HashSet<(String, String)>,
    relations: HashMap<(String, String), HashMap<String, Relation>>,
}

fn schema_key(relation: &Relation) -> (String, String) {
    let lower = |part: &Option<String>| part.as_deref().unwrap_or_default().to_lowercase();
    (lower(&relation.database), lower(&relation.schema))
}

fn name_key(relation: &Relation) -> String {
    relation.identifier.as_deref().unwrap_or_default().to_lowercase()
}

impl RelationCache {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Are the relations of this schema known?
    pub fn knows(&self, schema: &Relation) -> bool {
        self.lock().schemas.contains(&schema_key(schema))
    }

    /// Takes in a schema, whole.
    pub fn fill(&self, schema: &Relation, relations: impl IntoIterator<Item = Relation>) {
        let mut known = self.lock();
        known.schemas.insert(schema_key(schema));
        known.relations.entry(schema_key(schema)).or_default();
        for relation in relations {
            known.relations.entry(schema_key(&relation)).or_default().insert(name_key(&relation), relation);
        }
    }

    /// The relation of this name, if it exists.
    pub fn get(&self, relation: &Relation) -> Option<Relation> {
        self.lock().relations.get(&schema_key(relation))?.get(&name_key(relation)).cloned()
    }

    /// Every relation of a schema.
    pub fn list(&self, schema: &Relation) -> Vec<Relation> {
        let known = self.lock();
        let mut all: Vec<Relation> =
            known.relations.get(&schema_key(schema)).into_iter().flat_map(HashMap::values).cloned().collect();
        all.sort_by(|a, b| a.identifier.cmp(&b.identifier));
        all
    }

    /// A relation came to be.
    pub fn add(&self, relation: Relation) {
        self.lock().relations.entry(schema_key(&relation)).or_default().insert(name_key(&relation), relation);
    }

    /// A relation is gone.
    pub fn remove(&self, relation: &Relation) {
        if let Some(schema) = self.lock().relations.get_mut(&schema_key(relation)) {
            schema.remove(&name_key(relation));
        }
    }

    /// A relation has another name.
    pub fn rename(&self, from: &Relation, to: &Relation) {
        let mut known = self.lock();
        let old =
            known.relations.get_mut(&schema_key(from)).and_then(|schema| schema.remove(&name_key(from)));
        let kind = old.and_then(|old| old.kind).or(from.kind).or(to.kind);
        let mut moved = to.clone();
        moved.kind = kind.or(Some(RelationKind::Table));
        known.relations.entry(schema_key(to)).or_default().insert(name_key(to), moved);
    }

    /// A schema is gone.
    pub fn remove_schema(&self, schema: &Relation) {
        let mut known = self.lock();
        known.schemas.remove(&schema_key(schema));
        known.relations.remove(&schema_key(schema));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Relation {
        Relation::new(Some("d"), Some("s"), Some(name)).of_kind(RelationKind::Table)
    }

    #[test]
    fn follows_what_happens_to_relations() {
        let cache = RelationCache::default();
        cache.fill(&table("a").without_identifier(), [table("a")]);
        cache.rename(&table("a"), &Relation::new(Some("d"), Some("s"), Some("b")));
        assert_eq!(cache.get(&table("a")), None);
        assert_eq!(cache.get(&table("B")).and_then(|r| r.kind), Some(RelationKind::Table));
        cache.remove(&table("b"));
        assert!(cache.list(&table("x")).is_empty() && cache.knows(&table("x")));
    }
}
