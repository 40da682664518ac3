//! Tables of what YAML text gives, and of what is wrong with it.
#![allow(clippy::unwrap_used)]

use super::YamlFile;
use crate::error::ErrorKind;
use serde_json::{Value as Json, json};

fn read(bytes: &[u8]) -> crate::error::Result<YamlFile> {
    YamlFile::parse("f.yml", bytes, ErrorKind::Parsing)
}

fn check(text: &str, expect: Json) {
    assert_eq!(read(text.as_bytes()).unwrap().root.to_json(), expect, "{text}");
}

#[track_caller]
fn fails(bytes: &[u8], expect: &str) {
    let fault = read(bytes).unwrap_err();
    assert_eq!(fault.to_string(), expect);
    assert!(!fault.helps().is_empty(), "no help: {expect}");
    assert!(fault.source_line().is_some(), "no line: {expect}");
}

#[test]
fn reads_what_dbt_reads() {
    check("", Json::Null);
    check("# nothing\n", Json::Null);
    check("\u{feff}a: 1\r\nb: [x, 'y', \"z\"]\r\n", json!({"a": 1, "b": ["x", "y", "z"]}));
    check("a: !!str 1\nb: ! 2\nc: !!int 3\n", json!({"a": "1", "b": "2", "c": 3}));
    check("a: |\n  x\n  y\nb: >-\n  x\n  y\n", json!({"a": "x\ny\n", "b": "x y"}));
    check("1: a\nyes: b\n~: c\n", json!({"1": "a", "true": "b", "null": "c"}));
    check(
        "a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\n",
        json!({"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}}),
    );
    check(
        "x: &x {p: 1}\ny: &y {p: 2, q: 2}\nz: {<<: [*x, *y]}",
        json!({"x": {"p": 1}, "y": {"p": 2, "q": 2}, "z": {"p": 1, "q": 2}}),
    );
    check("a: &x [1]\nb: *x\n", json!({"a": [1], "b": [1]}));
    check("k:\n  a: [\n    'x',\n  ]\n  b: \"p\nq\"\n", json!({"k": {"a": ["x"], "b": "p q"}}));
    check("a: |\n  x", json!({"a": "x"}));
    check("at: 2020-01-02\n", json!({"at": "2020-01-02"}));
}

#[test]
fn knows_places() {
    let file = read(b"a: 1\nbb:\n  - x\n  -  {c: 2}\n").unwrap();
    let item = &file.root.get("bb").unwrap().items()[1];
    let c = item.get("c").unwrap();
    assert_eq!((item.line, item.column, c.line, c.column), (4, 6, 4, 10));
}

#[test]
fn says_what_is_wrong_and_where() {
    fails(b"a:\n\tb: 1\n", "a tab indents this line (f.yml:2:1)");
    fails(b"a:\n  b: 1\n\tc: 1\n", "a tab indents this line (f.yml:3:1)");
    fails(b"a: 1\nb: 2\na: 3\n", "key `a` is written twice; first at line 1, column 1 (f.yml:3:1)");
    fails(b"a: 1\nb: \xff\xfe\n", "byte 0xff at offset 8 is not UTF-8 (f.yml:2:4)");
    fails(b"a: 1\n---\nb: 2\n", "expected a single document, but another one begins here (f.yml:2:1)");
    fails(
        b"a: !!python/name:os.system x\n",
        "unknown tag `tag:yaml.org,2002:python/name:os.system` (f.yml:1:4)",
    );
    fails(b"a: !secret x\n", "unknown tag `!secret` (f.yml:1:4)");
    fails(b"a: {{ x }}\n", "a mapping cannot be a key (f.yml:1:5)");
    fails(b"a: &x [*x]\n", "this alias stands within its own anchor (f.yml:1:8)");
    fails(b"a: 1\n<<: 2\n", "`<<` must name a mapping or a list of mappings, not the number `2` (f.yml:2:5)");
    let deep = "[".repeat(200);
    fails(deep.as_bytes(), "nested deeper than 128 levels (f.yml:1:129)");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_string();
    for n in 1..9 {
        bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
    }
    let fault = read(bomb.as_bytes()).unwrap_err();
    assert_eq!(fault.message(), "aliases expand to more than 250000 values");
}

#[test]
fn says_what_syntax_is_broken() {
    for text in
        ["a: b: c\n", "a: 'x\n", "a: [1, 2\n", "a: @x\n", "a: 1\n b: 2\n", "- a\nb: 1\n", "a: *nope\n"]
    {
        let fault = read(text.as_bytes()).unwrap_err();
        assert!(fault.message().starts_with("invalid YAML: "), "{text}: {fault}");
        assert!(fault.location().is_some_and(|place| place.line.is_some()) && !fault.helps().is_empty());
    }
}

#[test]
fn words_types_and_keys() {
    let file = read(b"name: 1\nmodles: {}\nzzzzzz: 1\n").unwrap();
    let fault = file.expect_str(file.root.get("name").unwrap(), "name").unwrap_err();
    assert_eq!(fault.to_string(), "`name` must be a text, not the number `1` (f.yml:1:7)");
    let faults = file.unknown_keys(&file.root, &["name", "models"], "this file");
    assert_eq!(faults[0].to_string(), "this file has no key `modles` (f.yml:2:1)");
    assert_eq!(faults[0].helps(), ["did you mean `models`?"]);
    assert_eq!(faults[1].helps(), ["known keys: name, models"]);
}
