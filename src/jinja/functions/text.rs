//! `local_md5`.

use md5::{Digest, Md5};
use minijinja::Value;

use super::Row;
use crate::jinja::value::{Args, Outcome, python_type_name, type_error};

/// The family's table.
pub const ROWS: &[Row] = &[("local_md5", |_, args| local_md5(args))];

fn local_md5(args: &[Value]) -> Outcome {
    let args = Args::bind("local_md5", &["value"], args)?;
    let value = args.need(0)?;
    let text = value
        .as_str()
        .ok_or_else(|| type_error(format!("local_md5() takes a str, not {}", python_type_name(value))))?;
    Ok(Value::from(hex::encode(Md5::digest(text.as_bytes()))))
}
