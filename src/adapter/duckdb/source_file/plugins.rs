//! dbt-duckdb's plugins are Python modules, which karat does not run: what does their work instead.

/// By a plugin's module or name, the way that needs no Python.
const INSTEAD: &[(&str, &str)] = &[
    (
        "excel",
        "the extension `excel` reads and writes workbooks: `external_location: \"read_xlsx('x.xlsx')\"`",
    ),
    ("gsheet", "the community extension `gsheets` reads sheets: `{name: gsheets, repo: community}`"),
    (
        "sqlalchemy",
        "`attach` opens databases of other engines: `attach: [{path: x.db, type: sqlite, alias: x}]`",
    ),
    ("postg", "`attach` opens databases of other engines, each by its `type`"),
    ("delta", "the extension `delta` reads such tables: `external_location: \"delta_scan('path')\"`"),
    ("iceberg", "the extension `iceberg` reads such tables: `external_location: \"iceberg_scan('path')\"`"),
    ("motherduck", "`attach: [{path: 'md:'}]` opens MotherDuck"),
    ("glue", "let a crawler register the files, or do it in a hook of your scheduler"),
];

/// What to do instead of using a plugin.
pub fn instead_of(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let found = INSTEAD.iter().find(|(module, _)| lower.contains(module)).map(|(_, way)| way.to_string());
    found.unwrap_or_else(|| "use an extension of DuckDB, `attach`, or a Python model".to_string())
}
