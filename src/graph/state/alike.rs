//! Values of two manifests that mean the same, though two programs or two versions wrote them.

use serde_json::Value as Json;

/// Null and absent are one: earlier versions had fewer keys. dbt lists what a property file says of a config
/// twice over.
pub fn alike(old: &Json, new: &Json) -> bool {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            let of =
                |map: &serde_json::Map<String, Json>, key: &str| map.get(key).cloned().unwrap_or_default();
            old.keys().chain(new.keys()).all(|key| alike(&of(old, key), &of(new, key)))
        }
        (Json::Array(old), Json::Array(new)) => {
            all_alike(old, new) || is_doubled(old, new) || is_doubled(new, old)
        }
        _ => old == new,
    }
}

fn all_alike(old: &[Json], new: &[Json]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| alike(old, new))
}

fn is_doubled(long: &[Json], short: &[Json]) -> bool {
    let (first, second) = long.split_at(long.len() / 2);
    all_alike(first, short) && all_alike(second, short)
}

/// A config as it was written. Where templates are compared before they are rendered, dbt shows an argument of
/// `config()` as the tree of its expression, `Keyword(key='x', value=Const(value='y'))`; karat as its text.
pub fn written_alike(old: &Json, new: &Json) -> bool {
    alike(old, new) || is_tree_of(old, new) || is_tree_of(new, old)
}

fn is_tree_of(tree: &Json, value: &Json) -> bool {
    let Some(tree) = tree.as_str().filter(|text| text.starts_with("Keyword(key=")) else { return false };
    let sorted = |mut words: Vec<String>| {
        words.sort();
        words
    };
    let tree = sorted(leaves(tree));
    let mut plain = Vec::new();
    flatten(value, &mut plain);
    let read = |text: &str| tokens(text).into_iter().filter_map(Token::into_word).collect();
    tree == sorted(plain) || value.as_str().is_some_and(|text| tree == sorted(read(text)))
}

/// The names and values of a tree but for the outermost key; their order differs from that of the text.
fn leaves(tree: &str) -> Vec<String> {
    let tokens = tokens(tree);
    let mut found = Vec::new();
    for three in tokens.windows(3).enumerate().filter(|(at, _)| *at > 2) {
        let (at, [Token::Word(field), Token::Sign('='), value]) = three else { continue };
        let opens = tokens.get(at + 3) == Some(&Token::Sign('('));
        let is_leaf = ["key", "value", "name", "attr", "data"].contains(&field.as_str());
        if let Some(word) = value.clone().into_word().filter(|_| is_leaf && !opens) {
            found.push(word);
        }
    }
    found
}

fn flatten(value: &Json, into: &mut Vec<String>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| flatten(item, into)),
        Json::Object(map) => map.iter().for_each(|(key, value)| {
            into.push(key.clone());
            flatten(value, into);
        }),
        Json::String(text) => into.push(text.clone()),
        Json::Null => into.push("none".to_string()),
        other => into.push(other.to_string()),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

impl Token {
    /// What it says; words that join others say nothing.
    fn into_word(self) -> Option<String> {
        match self {
            Token::Word(word) if ["if", "else", "and", "or", "not", "in", "is"].contains(&word.as_str()) => {
                None
            }
            // Python's words for what JSON writes small.
            Token::Word(word) if ["True", "False", "None"].contains(&word.as_str()) => {
                Some(word.to_lowercase())
            }
            Token::Word(word) | Token::Text(word) => Some(word),
            Token::Sign(_) => None,
        }
    }
}

/// Names and numbers, texts in quotes, and single signs.
fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut word = String::new();
        if first == '\'' || first == '"' {
            while let Some(next) = rest.next().filter(|next| *next != first) {
                let next = if next == '\\' { rest.next().map_or('\\', unescaped) } else { next };
                word.push(next);
            }
            out.push(Token::Text(word));
        } else if is_of_word(first) {
            word.push(first);
            while let Some(next) = rest.next_if(|next| is_of_word(*next)) {
                word.push(next);
            }
            out.push(Token::Word(word));
        } else {
            out.push(Token::Sign(first));
        }
    }
    out
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn unescaped(c: char) -> char {
    match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_and_null_are_one_at_any_depth() {
        assert!(alike(&json!([{"a": 1}]), &json!([{"a": 1, "b": null}])));
        assert!(!alike(&json!([{"a": 1}]), &json!([{"a": 1, "b": 2}])));
    }

    #[test]
    fn a_doubled_list_is_the_list() {
        assert!(alike(&json!(["a", "b", "a", "b"]), &json!(["a", "b"])));
        assert!(alike(&json!(["a"]), &json!(["a", "a"])));
        assert!(!alike(&json!(["a", "a", "a"]), &json!(["a"])));
        assert!(!alike(&json!(["a", "b"]), &json!(["a"])));
        assert!(!alike(&json!([]), &json!(["a"])));
    }

    #[test]
    fn a_tree_is_its_text() {
        let check = |tree: &str, value: Json, expect: bool| {
            let tree = json!(format!("Keyword(key='k', value={tree})"));
            assert_eq!(written_alike(&tree, &value), expect, "{tree} {value}");
            assert_eq!(written_alike(&value, &tree), expect, "{value} {tree}");
        };
        check("Const(value='delete+insert')", json!("delete+insert"), true);
        check("Const(value='table')", json!("view"), false);
        check("Const(value=True)", json!(true), true);
        check("Const(value=10)", json!(10), true);
        check("Const(value=10)", json!(11), false);
        check("List(items=[Const(value='a'), Const(value='it\\'s')])", json!(["a", "it's"]), true);
        check("Dict(items=[Pair(key=Const(value='a'), value=Const(value=1))])", json!({"a": 1}), true);
        let call = "Call(node=Name(name='var', ctx='load'), args=[Const(value='db'), Name(name='database', ctx='load')], \
                    kwargs=[], dyn_args=None, dyn_kwargs=None)";
        check(call, json!("var('db', database)"), true);
        check(call, json!("var('other', database)"), false);
        let either = "CondExpr(test=Compare(expr=Getattr(node=Name(name='target', ctx='load'), attr='name', ctx='load'), \
                      ops=[Operand(op='eq', expr=Const(value='prod'))]), expr1=Const(value='table'), expr2=Const(value='view'))";
        check(either, json!("'table' if target.name == 'prod' else 'view'"), true);
    }
}
