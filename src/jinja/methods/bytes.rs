//! The methods of `bytes`, which `'..'.encode()` gives.

use minijinja::Value;

use crate::jinja::value::{Args, Outcome, value_error};

/// `bytes.name(args)`; `None` if there is no such method.
pub fn call(bytes: &[u8], name: &str, args: &[Value]) -> Option<Outcome> {
    match name {
        "decode" => Some(decode(bytes, args)),
        "hex" => Some(Ok(Value::from(hex::encode(bytes)))),
        _ => None,
    }
}

fn decode(bytes: &[u8], args: &[Value]) -> Outcome {
    let args = Args::bind("decode", &["encoding", "errors"], args)?;
    match args.text_or(1, "strict")? {
        "strict" => String::from_utf8(bytes.to_vec())
            .map(Value::from)
            .map_err(|_| value_error("'utf-8' codec can't decode the bytes: invalid start byte")),
        _ => Ok(Value::from(String::from_utf8_lossy(bytes).into_owned())),
    }
}
