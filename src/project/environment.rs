//! The environment of a run: a snapshot of its variables, `env_var`'s rules, and what must stay secret.

use super::Map;
use super::secrets::{Needles, of_output};
use crate::error::{Error, Result};
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError, RwLock};

/// Names that begin so hold secrets: allowed in profiles.yml and packages.yml only, never shown.
pub const SECRET_PREFIX: &str = "DBT_ENV_SECRET";
/// Names that begin so go into the metadata of every artifact.
pub const CUSTOM_PREFIX: &str = "DBT_ENV_CUSTOM_ENV_";
/// What a secret is replaced by wherever text leaves the program.
pub const SCRUBBED: &str = "*****";

/// May a template read a secret variable?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// Yes (profiles.yml, packages.yml): it gets a placeholder that [`Environment::reveal`] replaces, so
    /// that no filter can leak a part of it.
    Allowed,
    /// No: an error.
    Refused,
}

/// The environment variables of a run, taken once by the command line. Remembers which were read.
#[derive(Debug, Default)]
pub struct Environment {
    vars: IndexMap<String, String>,
    read: Mutex<BTreeMap<String, Option<String>>>,
    hidden: RwLock<Needles>,
}

impl Environment {
    /// A snapshot: later pairs win over earlier ones, so that the shell wins over a `.env` before it.
    pub fn new(vars: impl IntoIterator<Item = (String, String)>) -> Self {
        let vars: IndexMap<String, String> = vars.into_iter().collect();
        let mut hidden = Needles::default();
        let is_secret = |(name, _): &(&String, &String)| name.starts_with(SECRET_PREFIX);
        hidden.add(vars.iter().filter(is_secret).map(|(_, value)| value.clone()));
        Environment { vars, read: Mutex::default(), hidden: RwLock::new(hidden) }
    }

    /// A variable's value, read by karat itself: not recorded.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str)
    }

    /// The names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.vars.keys().map(String::as_str)
    }

    /// `env_var(name, default)` of a template. Every variable but a secret one is recorded as read.
    ///
    /// # Errors
    /// `Env var required but not provided: 'X'`, and a secret variable where none may be read.
    pub fn env_var(&self, name: &str, default: Option<&str>, secrets: Secrets) -> Result<String> {
        if name.starts_with(SECRET_PREFIX) {
            return self.secret(name, default, secrets);
        }
        let found = self.get(name);
        self.record(name, found);
        found.or(default).map(str::to_string).ok_or_else(|| missing(name))
    }

    fn secret(&self, name: &str, default: Option<&str>, secrets: Secrets) -> Result<String> {
        match (secrets, self.get(name), default) {
            (Secrets::Refused, ..) => Err(Error::parsing(format!(
                "Secret env vars are allowed only in profiles.yml or packages.yml. \
                 Found '{name}' referenced elsewhere."
            ))),
            (_, Some(_), _) => Ok(placeholder(name)),
            (_, None, Some(default)) => Ok(default.to_string()),
            (_, None, None) => Err(missing(name)),
        }
    }

    fn record(&self, name: &str, value: Option<&str>) {
        if let Ok(mut read) = self.read.lock() {
            read.insert(name.to_string(), value.map(str::to_string));
        }
    }

    /// The variables that templates have read so far, each with its value then (`None`: a default was
    /// taken). A parse depends on them.
    pub fn read_so_far(&self) -> BTreeMap<String, Option<String>> {
        self.read.lock().map(|read| read.clone()).unwrap_or_default()
    }

    /// Puts the secrets where rendering left their placeholders.
    pub fn reveal(&self, text: &str) -> String {
        let secrets = self.vars.iter().filter(|(name, _)| name.starts_with(SECRET_PREFIX));
        secrets.fold(text.to_string(), |text, (name, value)| text.replace(&placeholder(name), value))
    }

    /// From now on the passwords of this output of profiles.yml are secrets too.
    pub(super) fn hide_output(&self, fields: &Map) {
        self.hidden.write().unwrap_or_else(PoisonError::into_inner).add(of_output(fields));
    }

    /// `--vars` whose names are those of secrets hold secrets too (dbt's rule).
    pub fn hide_vars(&self, vars: &Map) {
        let secret = vars.iter().filter(|(name, _)| name.starts_with(SECRET_PREFIX));
        let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_string);
        let values = secret.map(|(_, value)| text(value));
        self.hidden.write().unwrap_or_else(PoisonError::into_inner).add(values);
    }

    /// The text with every secret value replaced by [`SCRUBBED`], also where it is encoded.
    pub fn scrub(&self, text: impl Into<String>) -> String {
        self.hidden.read().unwrap_or_else(PoisonError::into_inner).scrub(text.into())
    }

    /// `DBT_ENV_CUSTOM_ENV_*`, by their names without the prefix, in the order of the environment:
    /// `metadata.env` of the artifacts.
    pub fn custom(&self) -> IndexMap<String, String> {
        let own = |(name, value): (&String, &String)| {
            name.strip_prefix(CUSTOM_PREFIX).map(|name| (name.to_string(), value.clone()))
        };
        self.vars.iter().filter_map(own).collect()
    }
}

fn placeholder(name: &str) -> String {
    format!("$$$DBT_SECRET_START$$${name}$$$DBT_SECRET_END$$$")
}

fn missing(name: &str) -> Error {
    Error::parsing(format!("Env var required but not provided: '{name}'"))
        .help(format!("set it (`export {name}=...`) or give a default: `env_var('{name}', 'default')`"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn environment() -> Environment {
        let vars = [("USER_X", "ann"), ("DBT_ENV_SECRET_PW", "hush"), ("DBT_ENV_CUSTOM_ENV_TEAM", "red")];
        Environment::new(vars.map(|(name, value)| (name.to_string(), value.to_string())))
    }

    fn check(name: &str, default: Option<&str>, secrets: Secrets, expect: Result<&str, &str>) {
        let got = environment().env_var(name, default, secrets);
        match expect {
            Ok(value) => assert_eq!(got.unwrap(), value),
            Err(message) => assert_eq!(got.unwrap_err().message(), message),
        }
    }

    #[test]
    fn reads_by_dbts_rules() {
        let missing = "Env var required but not provided: 'NOPE'";
        let refused = "Secret env vars are allowed only in profiles.yml or packages.yml. Found \
                       'DBT_ENV_SECRET_PW' referenced elsewhere.";
        check("USER_X", None, Secrets::Refused, Ok("ann"));
        check("USER_X", Some("bob"), Secrets::Refused, Ok("ann"));
        check("NOPE", Some("bob"), Secrets::Refused, Ok("bob"));
        check("NOPE", None, Secrets::Refused, Err(missing));
        check("DBT_ENV_SECRET_PW", None, Secrets::Refused, Err(refused));
        check(
            "DBT_ENV_SECRET_NO",
            None,
            Secrets::Allowed,
            Err("Env var required but not provided: 'DBT_ENV_SECRET_NO'"),
        );
    }

    #[test]
    fn secrets_come_late_and_are_scrubbed() {
        let environment = environment();
        let rendered = environment.env_var("DBT_ENV_SECRET_PW", None, Secrets::Allowed).unwrap();
        assert!(!rendered.contains("hush"));
        assert_eq!(environment.reveal(&format!("<{rendered}>")), "<hush>");
        assert_eq!(environment.scrub("password hush refused"), "password ***** refused");
        assert_eq!(environment.custom(), IndexMap::from([("TEAM".to_string(), "red".to_string())]));
    }

    #[test]
    fn remembers_what_was_read() {
        let environment = environment();
        environment.env_var("USER_X", None, Secrets::Refused).unwrap();
        environment.env_var("NOPE", Some("x"), Secrets::Refused).unwrap();
        let expect = [("NOPE".to_string(), None), ("USER_X".to_string(), Some("ann".to_string()))];
        assert_eq!(environment.read_so_far(), BTreeMap::from(expect));
    }
}
