//! What must stay secret, and texts without it: each secret becomes `*****`, also as a URL or JSON writes it.

use super::Map;
use super::environment::SCRUBBED;
use serde_json::Value as Json;

/// What keys with secret values are called, in part.
const WORDS: [&str; 7] = ["pass", "secret", "token", "key_id", "access_key", "credential", "authorization"];
/// What stands before a secret within a connection string.
const LEADS: [&str; 4] = ["password=", "token=", "secret=", "pwd="];
/// A shorter password would blot out words that have nothing to do with it.
const SHORTEST: usize = 5;

/// The texts to look for. Cheap where there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Needles(Vec<String>);

impl Needles {
    /// Adds secrets; empty ones are passed over.
    pub fn add(&mut self, secrets: impl IntoIterator<Item = String>) {
        for secret in secrets.into_iter().filter(|secret| !secret.trim().is_empty()) {
            let quoted = Json::from(secret.as_str()).to_string();
            self.0.push(url_encoded(&secret));
            self.0.push(quoted[1..quoted.len() - 1].to_string());
            self.0.push(secret);
        }
        self.0.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        self.0.dedup();
    }

    /// The text without the secrets. The longest is replaced first, so that none is left in part.
    pub fn scrub(&self, text: String) -> String {
        self.0.iter().fold(text, |text, needle| match text.contains(needle.as_str()) {
            true => text.replace(needle.as_str(), SCRUBBED),
            false => text,
        })
    }
}

fn url_encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => (b as char).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The secrets of a profile's output: what its keys call so, and passwords within connection strings. A value
/// that another key shows anyway (the user's name as the password) is none.
pub(super) fn of_output(fields: &Map) -> Vec<String> {
    let (mut secret, mut open) = (Vec::new(), vec!["true".to_string(), "false".to_string()]);
    gather(fields, (&mut secret, &mut open));
    secret.retain(|text| text.chars().count() >= SHORTEST && !open.contains(text));
    secret
}

fn gather(fields: &Map, (secret, open): (&mut Vec<String>, &mut Vec<String>)) {
    for (key, value) in fields {
        let key = key.to_ascii_lowercase();
        let hidden = WORDS.iter().any(|word| key.contains(word));
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for item in items {
            match item {
                Json::Object(map) => gather(map, (secret, open)),
                Json::String(text) if hidden => secret.push(text.clone()),
                Json::String(text) => {
                    secret.extend(within(text));
                    open.push(text.clone());
                }
                Json::Number(number) if hidden => secret.push(number.to_string()),
                _ => {}
            }
        }
    }
}

/// Passwords within `password=x` and `scheme://user:x@host`.
fn within(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let led = LEADS.iter().filter_map(|lead| {
        let rest = text.get(lower.find(lead)? + lead.len()..)?;
        rest.split([' ', '&', ';', '\'']).next().map(str::to_string)
    });
    let user = text.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    let password = user.and_then(|(user, _)| user.split_once(':')).map(|(_, password)| password.to_string());
    led.chain(password).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn check(secrets: &[&str], text: &str, expect: &str) {
        let mut needles = Needles::default();
        needles.add(secrets.iter().map(|secret| secret.to_string()));
        assert_eq!(needles.scrub(text.into()), expect);
    }

    #[test]
    fn secrets_become_stars() {
        check(&["p@ss"], "postgres://u:p%40ss@h p@ss", "postgres://u:*****@h *****");
        check(&["abc", "abcdef"], "abcdef abc", "***** *****");
        check(&["q\"t"], r#"{"a":"q\"t"}"#, r#"{"a":"*****"}"#);
        check(&["", " "], "nothing to hide", "nothing to hide");
    }

    #[test]
    fn the_secrets_of_an_output_are_found() {
        let output = json!({
            "user": "warehouse", "password": "hunter2", "pass": "warehouse", "port": 5432,
            "secrets": [{"type": "s3", "secret": "s3cret", "region": "eu-west"}],
            "attach": [{"path": "postgres:dbname=x password=inner1 host=h"}, {"path": "mysql://u:inner2@h/x"}],
            "settings": {"s3_access_key_id": "abc", "motherduck_token": "eyJhb"},
        });
        let found = of_output(output.as_object().unwrap());
        assert_eq!(found, ["hunter2", "s3cret", "inner1", "inner2", "eyJhb"]);
    }
}
