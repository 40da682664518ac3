//! Which target is chosen, and what is said where none can be.
#![allow(clippy::unwrap_used)]
use super::*;
use crate::project::environment::Environment;
use serde_json::json;
use std::sync::Arc;

const PROFILES: &str = "\
shop:
  target: \"{{ env_var('TARGET', 'dev') }}\"
  outputs:
    dev:
      type: duckdb
      path: \"{{ env_var('DB') }}.duckdb\"
      threads: \"{{ env_var('N', 2) }}\"
    pro:
      type: postgres
      host: \"{{ env_var('NOT_SET') }}\"
      password: \"{{ env_var('DBT_ENV_SECRET_PW') }}-x\"
    odd: {type: postgres, password: \"a{{b\"}
    bare: {host: x}
    text: x
empty:
lonely: {target: dev}
";

fn choose(profile: &str, flags: &Flags) -> Result<Target> {
    let vars = [("DB", "w"), ("DBT_ENV_SECRET_PW", "hush")];
    let vars = vars.map(|(name, value)| (name.to_string(), value.to_string()));
    let environment = Arc::new(Environment::new(vars));
    let file = YamlFile::parse("profiles.yml", PROFILES.as_bytes(), ErrorKind::Profile)?;
    Choice { file: &file, profile, flags, environment: &environment }.target(Path::new("/shop"))
}

fn with_target(name: &str) -> Flags {
    Flags { target: Some(name.to_string()), ..Flags::default() }
}

#[test]
fn renders_the_chosen_target_alone() {
    let target = choose("shop", &Flags::default()).unwrap();
    assert_eq!((target.name.as_str(), target.adapter_type.as_str(), target.threads), ("dev", "duckdb", 2));
    assert_eq!(Json::Object(target.fields), json!({"path": "w.duckdb"}));
    let flags = Flags { threads: Some(8), ..Flags::default() };
    assert_eq!(choose("shop", &flags).unwrap().threads, 8);
    let odd = choose("shop", &with_target("odd")).unwrap();
    assert_eq!(odd.fields["password"], "a{{b");
}

#[test]
fn says_what_is_missing_and_what_is_there() {
    let check = |profile: &str, flags: Flags, expect: &str, help: &str| {
        let fault = choose(profile, &flags).unwrap_err();
        assert_eq!((fault.to_string().as_str(), fault.helps()[0].as_str()), (expect, help));
    };
    check(
        "shpo",
        Flags::default(),
        "Could not find profile named 'shpo' (profiles.yml:1:1)",
        "did you mean `shop`?",
    );
    check(
        "shop",
        with_target("prod"),
        "The profile 'shop' does not have a target named 'prod'. The valid target names for this profile \
             are:\n - dev\n - pro\n - odd\n - bare\n - text (profiles.yml:4:5)",
        "did you mean `pro`?",
    );
    check(
        "shop",
        with_target("bare"),
        "required field \"type\" not found in profile shop and target bare (profiles.yml:13:11)",
        "add `type: duckdb` or `type: postgres`",
    );
    check(
        "shop",
        with_target("text"),
        "output 'text' of profile 'shop' is misconfigured in profiles.yml (profiles.yml:14:11)",
        "an output is a mapping with at least `type`",
    );
    check(
        "lonely",
        Flags::default(),
        "outputs not specified in profile 'lonely' (profiles.yml:16:9)",
        "add `outputs: {dev: {type: duckdb, path: lonely.duckdb}}`",
    );
    check(
        "shop",
        with_target("pro"),
        "Env var required but not provided: 'NOT_SET' (profiles.yml:10:17)",
        "set it (`export NOT_SET=...`) or give a default: `env_var('NOT_SET', 'default')`",
    );
    check(
        "empty",
        Flags::default(),
        "Profile empty in profiles.yml is empty (profiles.yml:15:1)",
        "write one: `empty: {target: dev, outputs: {dev: {type: duckdb, path: empty.duckdb}}}`",
    );
}

#[test]
fn a_drawn_line_shows_no_password() {
    let text = "a:\n  password: hunter2\n  password: hunter3\n";
    let fault = YamlFile::parse("profiles.yml", text.as_bytes(), ErrorKind::Profile).unwrap_err();
    assert_eq!(fault.source_line(), Some("  password: *****"));
    assert!(!fault.full_text().contains("hunter"));
}

#[test]
fn looks_in_dbts_order() {
    let (work, home, root) = (Path::new("/w"), Path::new("/h"), Path::new("/w/p"));
    let places = search_path(&Flags::default(), work, Some(home), root);
    assert_eq!(places, [Path::new("/w"), Path::new("/h/.dbt"), Path::new("/w/p")]);
    let named = Flags { profiles_dir: Some("conf".into()), ..Flags::default() };
    assert_eq!(search_path(&named, work, Some(home), root), [Path::new("/w/conf")]);
    let fault = read(&places, "shop").unwrap_err();
    assert_eq!(
        fault.message(),
        "Could not find profile named 'shop': no profiles.yml in `/w`, `/h/.dbt`, `/w/p`"
    );
}
