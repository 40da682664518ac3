//! Keeps secrets out of every output: each one becomes `*****`, also in its URL-encoded form.

/// What stands in place of a secret.
const STARS: &str = "*****";

/// Replaces secrets in texts. Cheap where there are none.
#[derive(Debug, Clone, Default)]
pub struct Scrubber {
    needles: Vec<String>,
}

impl Scrubber {
    /// A scrubber for these secrets; empty ones are passed over.
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut needles: Vec<String> = Vec::new();
        for secret in secrets.into_iter().filter(|s| !s.trim().is_empty()) {
            let quoted = serde_json::Value::from(secret.as_str()).to_string();
            needles.push(url_encoded(&secret));
            needles.push(quoted[1..quoted.len() - 1].to_string());
            needles.push(secret);
        }
        needles.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        needles.dedup();
        Scrubber { needles }
    }

    /// The text without the secrets. The longest is replaced first, so that none is left in part.
    pub fn scrub(&self, text: String) -> String {
        self.needles.iter().fold(text, |text, needle| match text.contains(needle.as_str()) {
            true => text.replace(needle.as_str(), STARS),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(secrets: &[&str], text: &str, expect: &str) {
        let scrubber = Scrubber::new(secrets.iter().map(|s| s.to_string()));
        assert_eq!(scrubber.scrub(text.into()), expect);
    }

    #[test]
    fn secrets_become_stars() {
        check(&["p@ss"], "postgres://u:p%40ss@h p@ss", "postgres://u:*****@h *****");
        check(&["abc", "abcdef"], "abcdef abc", "***** *****");
        check(&["q\"t"], r#"{"a":"q\"t"}"#, r#"{"a":"*****"}"#);
        check(&["", " "], "nothing to hide", "nothing to hide");
    }
}
