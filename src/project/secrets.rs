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

/// A line of a secret of several lines that is no secret by itself is shorter.
const LONG_LINE: usize = 12;

/// The texts to look for. Cheap where there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Needles(Vec<String>);

impl Needles {
    /// Adds secrets; empty ones are passed over.
    pub fn add(&mut self, secrets: impl IntoIterator<Item = String>) {
        for secret in secrets.into_iter().filter(|secret| !secret.trim().is_empty()) {
            let quoted = Json::from(secret.as_str()).to_string();
            let encoded = url_encoded(&secret);
            // Each program has its own habits: small letters, `+` for blanks, slashes as they are.
            for encoded in [lower_hex(&encoded), encoded] {
                for slashes in [encoded.clone(), encoded.replace("%2F", "/").replace("%2f", "/")] {
                    self.0.push(slashes.replace("%20", "+"));
                    self.0.push(slashes);
                }
            }
            self.0.push(quoted[1..quoted.len() - 1].to_string());
            // Lines of a key are shown one by one.
            let lines =
                secret.lines().map(str::trim).filter(|line| line.len() >= LONG_LINE && *line != secret);
            self.0.extend(lines.map(str::to_string));
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

/// `%2F` as `%2f`.
fn lower_hex(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| {
        let (code, rest) = part.split_at(part.len().min(2));
        format!("{text}%{}{rest}", code.to_lowercase())
    })
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
        check(&["a/b c"], "a%2fb%20c a/b+c a%2Fb+c a/b%20c", "***** ***** ***** *****");
        check(&["-----BEGIN KEY-----\nMIIEvQIBADANBg\nx"], "  |  MIIEvQIBADANBg", "  |  *****");
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
