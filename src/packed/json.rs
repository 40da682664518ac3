//! JSON as bytes: a byte for the kind, then the value.

use super::{Packed, Reader, Writer};
use serde_json::{Map, Number, Value as Json};
use std::sync::Arc;

impl Packed for Json {
    fn pack(&self, to: &mut Writer) {
        match self {
            Json::Null => to.raw(&[0]),
            Json::Bool(false) => to.raw(&[1]),
            Json::Bool(true) => to.raw(&[2]),
            Json::Number(number) => number.pack(to),
            Json::String(text) => {
                to.raw(&[6]);
                to.text(text);
            }
            Json::Array(items) => {
                to.raw(&[7]);
                items.pack(to);
            }
            Json::Object(map) => {
                to.raw(&[8]);
                map.pack(to);
            }
        }
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Json::Null,
            1 => Json::Bool(false),
            2 => Json::Bool(true),
            3 => Json::from(u64::unpack(from)?),
            4 => Json::from(i64::unpack(from)?),
            5 => Json::Number(Number::from_f64(f64::unpack(from)?)?),
            6 => Json::String(String::unpack(from)?),
            7 => Json::Array(Vec::unpack(from)?),
            8 => Json::Object(Map::unpack(from)?),
            _ => return None,
        })
    }
}

/// Written with its kind: for [`Json`] alone.
trait Kind {
    fn pack(&self, to: &mut Writer);
}

impl Kind for Number {
    fn pack(&self, to: &mut Writer) {
        if let Some(number) = self.as_u64() {
            to.raw(&[3]);
            number.pack(to);
        } else if let Some(number) = self.as_i64() {
            to.raw(&[4]);
            number.pack(to);
        } else {
            to.raw(&[5]);
            self.as_f64().unwrap_or_default().pack(to);
        }
    }
}

impl Packed for Map<String, Json> {
    fn pack(&self, to: &mut Writer) {
        self.len().pack(to);
        for (key, value) in self {
            to.text(key);
            value.pack(to);
        }
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        let count = from.count()?;
        from.below(|from| {
            let mut map = Map::with_capacity(count);
            for _ in 0..count {
                map.insert(String::unpack(from)?, Json::unpack(from)?);
            }
            Some(map)
        })
    }
}

impl Packed for Arc<Map<String, Json>> {
    fn pack(&self, to: &mut Writer) {
        to.shared_map(self);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        from.shared_map()
    }
}
