//! The tests that an entry asks for, on itself and on its columns; not built yet.

use super::entry::{PropertyFile, Spot};
use crate::error::Result;
use crate::parse::json::{distinct, texts};
use crate::project::yaml::Yaml;
use crate::relation::quote_identifier;
use serde_json::Value as Json;

/// One test as it was asked for.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Asked {
    /// The column it stands on, quoted where the column says so.
    pub column: Option<String>,
    /// The column's tags.
    pub tags: Vec<String>,
    /// A text, or a mapping with name and arguments.
    pub definition: Json,
    /// Where it stands.
    pub spot: Spot,
}

/// The tests of columns and of the whole, in the order in which they are built.
///
/// # Errors
/// Both `tests` and `data_tests` in one place; something else than a list.
pub(in crate::parse) fn asked_of(
    file: &PropertyFile,
    columns: &[&Yaml],
    (whole, quote_columns): (&Yaml, bool),
) -> Result<Vec<Asked>> {
    let mut all = Vec::new();
    for column in columns {
        for test in list(file, column)? {
            all.push(of_column(file, column, test, quote_columns));
        }
    }
    for test in list(file, whole)? {
        let spot = Spot::of(&file.yaml, test);
        all.push(Asked { column: None, tags: Vec::new(), definition: test.to_json(), spot });
    }
    Ok(all)
}

fn of_column(file: &PropertyFile, column: &Yaml, test: &Yaml, quote_columns: bool) -> Asked {
    let name = column.get("name").and_then(Yaml::as_str).unwrap_or_default();
    let quoted = column.get("quote").and_then(Yaml::as_bool).unwrap_or(quote_columns);
    let json = |key: &str, of: &Yaml| of.get(key).map(Yaml::to_json);
    let own = texts(json("tags", column).as_ref());
    let config = texts(column.get("config").and_then(|config| json("tags", config)).as_ref());
    Asked {
        column: Some(if quoted { quote_identifier(name) } else { name.to_string() }),
        tags: distinct([own, config].concat()),
        definition: test.to_json(),
        spot: Spot::of(&file.yaml, test),
    }
}

/// The list under `data_tests`, once `tests`.
fn list<'y>(file: &PropertyFile, node: &'y Yaml) -> Result<&'y [Yaml]> {
    let under = |key: &str| node.get(key).filter(|list| !list.is_null());
    match (under("tests"), under("data_tests")) {
        (Some(old), Some(_)) if !old.items().is_empty() => Err(file
            .yaml
            .fault(old, "Invalid test config: cannot have both 'tests' and 'data_tests' defined")
            .help("`tests` is the old name of `data_tests`: move its items there")),
        (_, Some(new)) => file.yaml.expect_list(new, "data_tests"),
        (Some(old), None) => file.yaml.expect_list(old, "tests"),
        (None, None) => Ok(&[]),
    }
}
