//! A column as templates see it, and dbt's rules about types: `api.Column`, `adapter.get_columns_in_relation`.

use super::{no_method, none};
use crate::jinja::value::{Args, Outcome, function, object_of, type_error};
use crate::relation::{Column, quote_identifier};
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, State};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A column in a template.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnObject(pub Column);

/// A column as a template's value.
pub fn column(column: Column) -> Value {
    Value::from_object(ColumnObject(column))
}

/// The column that a value is, if it is one.
pub fn column_of(value: &Value) -> Option<Column> {
    value.downcast_object_ref::<ColumnObject>().map(|object| object.0.clone())
}

const TEXT: [&str; 6] = ["text", "character varying", "character", "varchar", "string", "bpchar"];
const FLOAT: [&str; 6] = ["real", "float4", "float", "double precision", "float8", "double"];
const INTEGER: [&str; 19] = [
    "smallint",
    "integer",
    "bigint",
    "smallserial",
    "serial",
    "bigserial",
    "int2",
    "int4",
    "int8",
    "serial2",
    "serial4",
    "serial8",
    "tinyint",
    "utinyint",
    "usmallint",
    "uinteger",
    "ubigint",
    "hugeint",
    "uhugeint",
];
const NUMERIC: [&str; 2] = ["numeric", "decimal"];

/// What dbt tells of a column's type.
impl Column {
    fn is_one_of(&self, names: &[&str]) -> bool {
        names.contains(&self.dtype.to_lowercase().as_str())
    }

    /// Is it a character type?
    pub fn is_string(&self) -> bool {
        self.is_one_of(&TEXT)
    }

    /// Is it a floating point type?
    pub fn is_float(&self) -> bool {
        self.is_one_of(&FLOAT)
    }

    /// Is it an integer type?
    pub fn is_integer(&self) -> bool {
        self.is_one_of(&INTEGER)
    }

    /// Is it an exact decimal type?
    pub fn is_numeric(&self) -> bool {
        self.is_one_of(&NUMERIC)
    }

    /// The length of a character type; 256 where none is known, as in dbt. `None` for other types.
    pub fn string_size(&self) -> Option<i64> {
        let unbounded = self.dtype.eq_ignore_ascii_case("text") || self.char_size.is_none();
        self.is_string().then(|| if unbounded { 256 } else { self.char_size.unwrap_or(256) })
    }

    /// The type as DDL writes it: `character varying(256)`, `numeric(10,2)`.
    pub fn data_type(&self) -> String {
        if self.is_string() && !self.dtype.eq_ignore_ascii_case("text") && self.char_size.is_some() {
            return format!("{}({})", self.dtype.to_lowercase(), self.string_size().unwrap_or(256));
        }
        match (self.is_numeric(), self.numeric_precision, self.numeric_scale) {
            (true, Some(digits), Some(scale)) => format!("{}({digits},{scale})", self.dtype),
            (true, Some(digits), None) => format!("{}({digits})", self.dtype),
            _ => self.dtype.clone(),
        }
    }

    /// Can this column be widened to hold what the other holds?
    pub fn can_expand_to(&self, other: &Column) -> bool {
        match (self.string_size(), other.string_size()) {
            (Some(mine), Some(theirs)) => theirs > mine,
            _ => false,
        }
    }
}

impl ColumnObject {
    fn attribute(&self, key: &str) -> Option<Value> {
        let it = &self.0;
        let number = |n: Option<i64>| n.map_or_else(none, Value::from);
        Some(match key {
            "name" | "column" => Value::from(it.name.as_str()),
            "quoted" => Value::from(quote_identifier(&it.name)),
            "dtype" => Value::from(it.dtype.as_str()),
            "data_type" | "expanded_data_type" => Value::from(it.data_type()),
            "char_size" => number(it.char_size),
            "numeric_precision" => number(it.numeric_precision),
            "numeric_scale" => number(it.numeric_scale),
            _ => return None,
        })
    }
}

impl Object for ColumnObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.attribute(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        let it = &self.0;
        Ok(match method {
            "is_string" => Value::from(it.is_string()),
            "is_float" => Value::from(it.is_float()),
            "is_integer" => Value::from(it.is_integer()),
            "is_numeric" => Value::from(it.is_numeric()),
            "is_number" => Value::from(it.is_float() || it.is_integer() || it.is_numeric()),
            "string_size" => Value::from(
                it.string_size().ok_or_else(|| type_error("Called string_size() on non-string field!"))?,
            ),
            "can_expand_to" => {
                let args = Args::bind("can_expand_to", &["other_column"], args)?;
                let other = args.get(0).and_then(column_of);
                let other = other.ok_or_else(|| type_error("can_expand_to() needs a column"))?;
                Value::from(it.can_expand_to(&other))
            }
            "literal" => {
                // The text is SQL already, as in dbt.
                let text = args.first().map(ToString::to_string).unwrap_or_default();
                Value::from(format!("{text}::{}", it.data_type()))
            }
            // Class methods, reachable on each column as in Python.
            "create" | "translate_type" | "string_type" | "numeric_type" | "from_description" => {
                return class_method(method, args);
            }
            _ => return Err(no_method("Column", method)),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<ColumnObject>()?;
        let key = |c: &Column| (c.name.clone(), c.data_type());
        Some(key(&self.0).cmp(&key(&other.0)))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Column {} ({})>", self.0.name, self.0.data_type())
    }
}

/// `api.Column`: a class with `create`, `translate_type`, `string_type`, `numeric_type`.
pub fn column_class() -> Value {
    const METHODS: [&str; 5] =
        ["create", "translate_type", "string_type", "numeric_type", "from_description"];
    let members = METHODS.map(|name| (name, function(name, move |_, args| class_method(name, args))));
    let constructor = function("Column", |_, args| construct(args));
    object_of("Column", members, Some(constructor))
}

fn class_method(method: &str, args: &[Value]) -> Outcome {
    match method {
        "create" => {
            let args = Args::bind("create", &["name", "label_or_dtype"], args)?;
            Ok(column(labelled(args.text(0)?, args.text_or(1, "")?)))
        }
        "translate_type" => {
            let args = Args::bind("translate_type", &["dtype"], args)?;
            Ok(Value::from(translate(args.text(0)?)))
        }
        "string_type" => {
            let args = Args::bind("string_type", &["size"], args)?;
            Ok(Value::from(format!("character varying({})", args.whole_or(0, 256)?)))
        }
        "numeric_type" => {
            let args = Args::bind("numeric_type", &["dtype", "precision", "scale"], args)?;
            let dtype = args.text(0)?;
            Ok(Value::from(match (args.some(1), args.some(2)) {
                (Some(digits), Some(scale)) => format!("{dtype}({digits},{scale})"),
                _ => dtype.to_string(),
            }))
        }
        _ => {
            let args = Args::bind("from_description", &["name", "raw_data_type"], args)?;
            described(args.text(0)?, args.text(1)?).map(column)
        }
    }
}

fn construct(args: &[Value]) -> Outcome {
    const NAMES: [&str; 5] = ["column", "dtype", "char_size", "numeric_precision", "numeric_scale"];
    let args = Args::bind("Column", &NAMES, args)?;
    let size = |at: usize| args.some(at).and_then(Value::as_i64);
    Ok(column(Column {
        char_size: size(2),
        numeric_precision: size(3),
        numeric_scale: size(4),
        ..plain(args.text(0)?, args.text(1)?)
    }))
}

fn plain(name: &str, dtype: &str) -> Column {
    Column {
        name: name.to_string(),
        dtype: dtype.to_string(),
        char_size: None,
        numeric_precision: None,
        numeric_scale: None,
    }
}

/// dbt's general words for types, in both engines' words.
fn translate(label: &str) -> String {
    match label.to_uppercase().as_str() {
        "STRING" => "TEXT".to_string(),
        _ => label.to_string(),
    }
}

/// A column of a type that is told by its label, as `api.Column.create` makes it.
pub fn labelled(name: &str, label: &str) -> Column {
    plain(name, &translate(label))
}

/// Reads `numeric(10, 2)` or `character varying(8)`.
///
/// # Errors
/// The text is no type.
pub fn described(name: &str, raw: &str) -> Result<Column, Error> {
    let unreadable = || type_error(format!("Could not interpret data type \"{raw}\""));
    let Some((dtype, rest)) = raw.split_once('(') else { return Ok(plain(name, raw.trim())) };
    let inside = rest.trim_end().strip_suffix(')').ok_or_else(unreadable)?;
    let numbers: Vec<i64> =
        inside.split(',').map(|n| n.trim().parse().map_err(|_| unreadable())).collect::<Result<_, _>>()?;
    let mut made = plain(name, dtype.trim());
    match numbers[..] {
        [size] if made.is_string() => made.char_size = Some(size),
        [digits] => made.numeric_precision = Some(digits),
        [digits, scale] => (made.numeric_precision, made.numeric_scale) = (Some(digits), Some(scale)),
        _ => return Err(unreadable()),
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_and_written() {
        let check = |raw: &str, written: &str| {
            let column = described("c", raw).map(|c| c.data_type()).unwrap_or_default();
            assert_eq!(column, written, "{raw}");
        };
        check("numeric(10, 2)", "numeric(10,2)");
        check("character varying(8)", "character varying(8)");
        check("integer", "integer");
        check("varchar(x)", "");
    }

    #[test]
    fn text_widens_but_does_not_shrink() {
        let (small, large) = (described("c", "varchar(8)"), described("c", "varchar(80)"));
        let (small, large) =
            (small.unwrap_or_else(|_| unreachable!()), large.unwrap_or_else(|_| unreachable!()));
        assert!(small.can_expand_to(&large) && !large.can_expand_to(&small));
    }
}
