//! What a field list cannot say: ids, kinds, shared configs.

use crate::manifest::{ColumnInfo, Config, Node, NodeKind, ResourceType, UniqueId};
use crate::packed::{Packed, Reader, Writer};
use indexmap::IndexMap;
use std::sync::Arc;

impl Packed for UniqueId {
    fn pack(&self, to: &mut Writer) {
        self.shared().pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Arc::<str>::unpack(from).map(UniqueId::from)
    }
}

impl Packed for Config {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Packed::unpack(from).map(Config)
    }
}

impl Packed for Arc<Node> {
    fn pack(&self, to: &mut Writer) {
        self.as_ref().pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Node::unpack(from).map(Arc::new)
    }
}

impl Packed for Arc<IndexMap<String, ColumnInfo>> {
    fn pack(&self, to: &mut Writer) {
        self.as_ref().pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        IndexMap::unpack(from).map(Arc::new)
    }
}

impl Packed for ResourceType {
    fn pack(&self, to: &mut Writer) {
        ResourceType::ALL.iter().position(|kind| kind == self).unwrap_or_default().pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        ResourceType::ALL.get(usize::unpack(from)?).copied()
    }
}

/// Writes and reads the variants of [`NodeKind`] by number and fields.
macro_rules! kinds {
    ($($number:literal = $variant:ident { $($field:ident),* };)+) => {
        impl Packed for NodeKind {
            fn pack(&self, to: &mut Writer) {
                match self {
                    $(NodeKind::$variant { $($field),* } => {
                        let number: u64 = $number;
                        number.pack(to);
                        $($field.pack(to);)*
                    })+
                }
            }

            fn unpack(from: &mut Reader<'_>) -> Option<Self> {
                match u64::unpack(from)? {
                    $($number => Some(NodeKind::$variant { $($field: Packed::unpack(from)?),* }),)+
                    _ => None,
                }
            }
        }
    };
}
kinds! {
    0 = Model { access, constraints, version, latest_version, deprecation_date, primary_key, time_spine };
    1 = Seed { root_path };
    2 = GenericTest { column_name, file_key_name, attached_node, test_metadata };
    3 = SingularTest {};
    4 = Snapshot {};
    5 = Analysis {};
    6 = Operation { index };
    7 = UnitTest { tested_node_unique_id, this_input_node_unique_id, overrides };
    8 = Function { definition };
}
