//! The table of COMPATIBILITY.md: the tests that its rows name are there.

use std::path::Path;

#[test]
fn the_tests_that_rows_name_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("COMPATIBILITY.md")).unwrap();
    let (_, table) = text.split_once("## Row by row").unwrap();
    let named: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).flat_map(tests_of).collect();
    assert!(named.len() > 50, "the table names {} tests", named.len());
    for name in named.into_iter().filter(|name| !name.starts_with("src/")) {
        let file = root.join(format!("tests/it/{name}.rs"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(text.contains("#[test]"), "no test in tests/it/{name}.rs");
    }
}

/// The names in the last column of a row.
fn tests_of(line: &str) -> impl Iterator<Item = &str> {
    let last = line.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
    last.split('`').skip(1).step_by(2)
}
