//! Values as bytes, for files that only the same program reads again: fast to write, fast to read, and no
//! byte is trusted.
//!
//! What is told twice is written once: shared texts and shared JSON objects become numbers, and are shared
//! again when they are read.

mod file;
mod json;
mod plain;

pub use file::{UNFINISHED, hash, replace, replace_with, unfinished};

use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::sync::Arc;

/// How deep values may be nested; deeper ones are not written by karat.
const DEPTH: usize = 128;

/// A value that can be written and read.
pub trait Packed: Sized {
    /// Writes it.
    fn pack(&self, to: &mut Writer);

    /// Reads it; `None` where the bytes are not those of such a value.
    fn unpack(from: &mut Reader<'_>) -> Option<Self>;
}

/// An object that was written, kept alive so that no other can have its address, and its number.
type SharedMap = (Arc<Map<String, Json>>, u64);

/// Writes values.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    texts: HashMap<Arc<str>, u64, foldhash::fast::RandomState>,
    maps: HashMap<usize, SharedMap, foldhash::fast::RandomState>,
}

impl Writer {
    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A number, seven bits a byte.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// A text that may have been written before.
    fn shared_text(&mut self, text: &Arc<str>) {
        match self.texts.get(text) {
            Some(at) => {
                let at = *at;
                self.number(at + 1);
            }
            None => {
                let at = self.texts.len() as u64;
                self.texts.insert(text.clone(), at);
                self.number(0);
                self.text(text);
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.raw(text.as_bytes());
    }

    /// An object that may have been written before.
    fn shared_map(&mut self, map: &Arc<Map<String, Json>>) {
        let address = Arc::as_ptr(map).addr();
        match self.maps.get(&address) {
            Some((_, at)) => {
                let at = *at;
                self.number(at + 1);
            }
            None => {
                self.maps.insert(address, (map.clone(), self.maps.len() as u64));
                self.number(0);
                map.as_ref().pack(self);
            }
        }
    }
}

/// Reads values.
pub struct Reader<'a> {
    bytes: &'a [u8],
    texts: Vec<Arc<str>>,
    maps: Vec<Arc<Map<String, Json>>>,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Reads from bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, texts: Vec::new(), maps: Vec::new(), depth: 0 }
    }

    /// Is everything read?
    pub fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }

    fn raw(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A count of things of at least one byte each, so that no count asks for more than there is.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        std::str::from_utf8(self.raw(length)?).ok()
    }

    fn shared_text(&mut self) -> Option<Arc<str>> {
        match self.number()? {
            0 => {
                let text: Arc<str> = self.text()?.into();
                self.texts.push(text.clone());
                Some(text)
            }
            at => self.texts.get(usize::try_from(at - 1).ok()?).cloned(),
        }
    }

    fn shared_map(&mut self) -> Option<Arc<Map<String, Json>>> {
        match self.number()? {
            0 => {
                let map = Arc::new(Map::unpack(self)?);
                self.maps.push(map.clone());
                Some(map)
            }
            at => self.maps.get(usize::try_from(at - 1).ok()?).cloned(),
        }
    }

    /// Reads something nested.
    fn below<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }
}

/// Writes and reads a struct field by field; fields after `default` are not written. A field that is
/// forgotten does not compile.
macro_rules! packed {
    ($name:ident { $($field:ident),* $(,)? } $(default { $($unwritten:ident),* })?) => {
        impl $crate::packed::Packed for $name {
            fn pack(&self, to: &mut $crate::packed::Writer) {
                let $name { $($field,)* $($($unwritten: _,)*)? } = self;
                $($crate::packed::Packed::pack($field, to);)*
            }

            fn unpack(from: &mut $crate::packed::Reader<'_>) -> Option<Self> {
                Some($name {
                    $($field: $crate::packed::Packed::unpack(from)?,)*
                    $($($unwritten: Default::default(),)*)?
                })
            }
        }
    };
}
pub(crate) use packed;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn bytes(value: &impl Packed) -> Vec<u8> {
        let mut to = Writer::default();
        value.pack(&mut to);
        to.finish()
    }

    fn check<T: Packed + PartialEq + std::fmt::Debug>(value: T) {
        let written = bytes(&value);
        let mut from = Reader::new(&written);
        assert_eq!((T::unpack(&mut from), from.is_done()), (Some(value), true));
        for end in 0..written.len() {
            // Half of a value is none, or another one; never a panic.
            let _ = T::unpack(&mut Reader::new(&written[..end]));
        }
    }

    #[test]
    fn values_come_back() {
        check(json!({"a": [1, -1, u64::MAX, 1.5, null, true, "ä"], "b": {"c": {}}, "": i64::MIN}));
        check((vec![Some("x".to_string()), None], (f64::MIN_POSITIVE, false)));
        let shared: Arc<str> = "twice".into();
        check(vec![shared.clone(), shared, "once".into()]);
    }

    #[test]
    fn what_is_shared_is_shared_again() {
        let map = Arc::new(json!({"a": 1}).as_object().unwrap().clone());
        let written = bytes(&vec![map.clone(), map]);
        let read: Vec<Arc<Map<String, Json>>> = Vec::unpack(&mut Reader::new(&written)).unwrap();
        assert!(Arc::ptr_eq(&read[0], &read[1]));
    }

    #[test]
    fn foreign_bytes_are_no_value() {
        let deep = [[7u8, 1].repeat(100_000), vec![0]].concat();
        assert_eq!(Json::unpack(&mut Reader::new(&deep)), None);
        assert_eq!(String::unpack(&mut Reader::new(&[0xff; 20])), None);
        assert_eq!(Vec::<Json>::unpack(&mut Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1])), None);
    }
}
