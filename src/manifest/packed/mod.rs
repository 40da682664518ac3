//! A manifest as bytes, in parts that are written and read side by side: what a warm start reads.

mod kinds;
mod structs;

use super::{Doc, Exposure, Group, MacroNode, Manifest, Node, Source, UniqueId, UnitTest};
use crate::packed::{Packed, Reader, Writer};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::sync::Arc;

/// Nodes of one part.
const PART: usize = 512;

/// Writes a manifest whose every call of a macro was understood ([`Manifest::unknown`] is not written).
///
/// One part at a time, so that no more than one is held.
pub fn pack(manifest: &Manifest) -> impl Iterator<Item = Vec<u8>> {
    let mut rest = Writer::default();
    pack_rest(manifest, &mut rest);
    let nodes: Vec<&Arc<Node>> = manifest.nodes.values().collect();
    let parts = (0..nodes.len()).step_by(PART);
    let parts = parts.map(move |from| pack_nodes(&nodes[from..nodes.len().min(from + PART)]));
    std::iter::once(rest.finish()).chain(parts)
}

fn pack_nodes(nodes: &[&Arc<Node>]) -> Vec<u8> {
    let mut to = Writer::default();
    nodes.len().pack(&mut to);
    nodes.iter().for_each(|node| node.pack(&mut to));
    to.finish()
}

/// Reads what [`pack`] wrote; `None` where it is something else.
pub fn unpack(parts: &[&[u8]]) -> Option<Manifest> {
    let (rest, parts) = parts.split_first()?;
    let nodes = || -> Option<Vec<Vec<Arc<Node>>>> { parts.par_iter().map(|part| whole(part)).collect() };
    let (manifest, nodes) = rayon::join(|| unpack_rest(&mut Reader::new(rest)), nodes);
    let (mut manifest, nodes) = (manifest?, nodes?);
    manifest.nodes = by_id(nodes.into_iter().flatten().collect(), |node| &node.unique_id);
    Some(manifest)
}

/// Exactly one value.
fn whole<T: Packed>(bytes: &[u8]) -> Option<T> {
    let mut from = Reader::new(bytes);
    T::unpack(&mut from).filter(|_| from.is_done())
}

fn by_id<T>(items: Vec<Arc<T>>, id: impl Fn(&T) -> &UniqueId) -> IndexMap<UniqueId, Arc<T>> {
    items.into_iter().map(|item| (id(&item).clone(), item)).collect()
}

fn pack_all<T: Packed>(items: &IndexMap<UniqueId, Arc<T>>, to: &mut Writer) {
    items.len().pack(to);
    items.values().for_each(|item| item.as_ref().pack(to));
}

fn unpack_all<T: Packed>(
    from: &mut Reader<'_>,
    id: impl Fn(&T) -> &UniqueId,
) -> Option<IndexMap<UniqueId, Arc<T>>> {
    Some(by_id(Vec::<T>::unpack(from)?.into_iter().map(Arc::new).collect(), id))
}

fn pack_rest(manifest: &Manifest, to: &mut Writer) {
    let Manifest { nodes: _, sources, macros, docs, exposures, groups, unit_tests, metrics, .. } = manifest;
    let Manifest { semantic_models, saved_queries, functions, selectors, disabled, .. } = manifest;
    let Manifest { disabled_names, unknown: _, project_name, adapter_type, quoting, .. } = manifest;
    pack_all(sources, to);
    pack_all(macros, to);
    pack_all(docs, to);
    pack_all(exposures, to);
    pack_all(groups, to);
    pack_all(unit_tests, to);
    pack_all(functions, to);
    metrics.pack(to);
    semantic_models.pack(to);
    saved_queries.pack(to);
    selectors.pack(to);
    disabled.pack(to);
    disabled_names.pack(to);
    project_name.pack(to);
    adapter_type.pack(to);
    quoting.pack(to);
}

fn unpack_rest(from: &mut Reader<'_>) -> Option<Manifest> {
    let manifest = Manifest {
        sources: unpack_all(from, |one: &Source| &one.unique_id)?,
        macros: unpack_all(from, |one: &MacroNode| &one.unique_id)?,
        docs: unpack_all(from, |one: &Doc| &one.unique_id)?,
        exposures: unpack_all(from, |one: &Exposure| &one.unique_id)?,
        groups: unpack_all(from, |one: &Group| &one.unique_id)?,
        unit_tests: unpack_all(from, |one: &UnitTest| &one.unique_id)?,
        functions: unpack_all(from, |one: &Node| &one.unique_id)?,
        metrics: Packed::unpack(from)?,
        semantic_models: Packed::unpack(from)?,
        saved_queries: Packed::unpack(from)?,
        selectors: Packed::unpack(from)?,
        disabled: Packed::unpack(from)?,
        disabled_names: Packed::unpack(from)?,
        project_name: Packed::unpack(from)?,
        adapter_type: Packed::unpack(from)?,
        quoting: Packed::unpack(from)?,
        nodes: IndexMap::new(),
        unknown: Default::default(),
    };
    from.is_done().then_some(manifest)
}
