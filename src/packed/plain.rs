//! Numbers, texts, lists and tables as bytes.

use super::{Packed, Reader, Writer};
use indexmap::IndexMap;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;

impl Packed for bool {
    fn pack(&self, to: &mut Writer) {
        to.raw(&[u8::from(*self)]);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Packed for u64 {
    fn pack(&self, to: &mut Writer) {
        to.number(*self);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        from.number()
    }
}

impl Packed for usize {
    fn pack(&self, to: &mut Writer) {
        to.number(*self as u64);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl Packed for i64 {
    fn pack(&self, to: &mut Writer) {
        to.raw(&self.to_le_bytes());
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Some(i64::from_le_bytes(from.raw(8)?.try_into().ok()?))
    }
}

impl Packed for f64 {
    fn pack(&self, to: &mut Writer) {
        to.raw(&self.to_le_bytes());
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Some(f64::from_le_bytes(from.raw(8)?.try_into().ok()?))
    }
}

impl Packed for String {
    fn pack(&self, to: &mut Writer) {
        to.text(self);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        from.text().map(str::to_string)
    }
}

/// A word of the program, such as an event's class. What is read again lives as long as the program: there are
/// few of them, and they are read once.
impl Packed for &'static str {
    fn pack(&self, to: &mut Writer) {
        to.text(self);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        from.text().map(|text| &*text.to_string().leak())
    }
}

impl Packed for Arc<str> {
    fn pack(&self, to: &mut Writer) {
        to.shared_text(self);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        from.shared_text()
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, to: &mut Writer) {
        self.is_some().pack(to);
        if let Some(value) = self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        match bool::unpack(from)? {
            true => T::unpack(from).map(Some),
            false => Some(None),
        }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, to: &mut Writer) {
        self.len().pack(to);
        self.iter().for_each(|item| item.pack(to));
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        let count = from.count()?;
        from.below(|from| (0..count).map(|_| T::unpack(from)).collect())
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
        self.1.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::unpack(from)?, B::unpack(from)?))
    }
}

/// Tables are lists of pairs.
macro_rules! table {
    ($($table:ident: $($bound:path),+;)+) => {$(
        impl<K: Packed $(+ $bound)+, V: Packed> Packed for $table<K, V> {
            fn pack(&self, to: &mut Writer) {
                self.len().pack(to);
                for (key, value) in self {
                    key.pack(to);
                    value.pack(to);
                }
            }

            fn unpack(from: &mut Reader<'_>) -> Option<Self> {
                let count = from.count()?;
                from.below(|from| (0..count).map(|_| <(K, V)>::unpack(from)).collect())
            }
        }
    )+};
}
table! {
    IndexMap: Eq, Hash;
    HashMap: Eq, Hash;
    BTreeMap: Ord;
}
