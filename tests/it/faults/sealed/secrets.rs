//! Secrets appear nowhere (promise 13), whether a variable calls them so or a profile.

use super::*;

/// Every file below the project, but for those that hold the secret on purpose.
fn leaks(p: &Project, secret: &str) -> Vec<String> {
    let files =
        walkdir::WalkDir::new(p.root()).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files
        .filter(|entry| !entry.path().ends_with("profiles.yml") && !entry.path().ends_with("dbt_project.yml"))
        .filter(|entry| String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).contains(secret))
        .map(|entry| entry.path().display().to_string())
        .collect()
}

#[test]
fn secrets_appear_nowhere() {
    on_postgres(|p| {
        let secret = "hunter2@geheim";
        p.env("DBT_ENV_SECRET_TOKEN", secret);
        p.file("models/a.sql", "select 1 as id");
        let password = "password: ''";
        profile(p, password, "password: \"{{ env_var('DBT_ENV_SECRET_TOKEN') }}\"");
        for words in [
            &["build", "-d"][..],
            &["debug"],
            &["docs", "generate"],
            &["build", "--vars", "{t: hunter2@geheim}", "-d"],
        ] {
            let outcome = p.karat(words);
            assert!(!outcome.stdout().contains(secret) && !outcome.stderr().contains(secret), "{words:?}");
        }
        let mut broken = p.text("profiles.yml");
        broken.push_str("      passwort: hunter2@geheim\n      port: [\n");
        p.file("profiles.yml", &broken);
        let outcome = p.karat(["build", "-d"]);
        assert!(!outcome.exit(2).stdout().contains(secret), "{}", outcome.stdout());
        assert_eq!(leaks(p, secret), Vec::<String>::new());
    });
}

/// A password that stands in profiles.yml as it is, and one that only a URL shows encoded.
#[test]
fn a_plain_password_of_the_profile_appears_nowhere() {
    on_postgres(|p| {
        let secret = "s3cr3t/pa ss";
        profile(p, "password: ''", &format!("password: '{secret}'"));
        p.file("models/a.sql", "select 1 as id {{ log('url: postgres://u:s3cr3t%2Fpa%20ss@h', info=true) }}");
        p.file("models/b.sql", "select nothing");
        for words in [
            &["build", "-d"][..],
            &["debug", "--log-format", "json"],
            &["run", "-s", "a", "--log-level-file", "none", "--vars", "{t: s3cr3t/pa ss}"],
        ] {
            let outcome = p.karat(words);
            for hidden in [secret, "s3cr3t%2Fpa%20ss"] {
                assert!(
                    !outcome.stdout().contains(hidden) && !outcome.stderr().contains(hidden),
                    "{words:?}"
                );
            }
        }
        assert_eq!(leaks(p, secret), Vec::<String>::new());
        p.file("models/b.sql", "select 1 as id");
        p.karat(["retry"]).success();
    });
}

/// The name of the user as the password: nothing else is blotted out for it.
#[test]
fn a_password_that_is_shown_elsewhere_hides_nothing() {
    on_postgres(|p| {
        profile(p, "password: ''", "password: warehouse");
        p.file("models/a.sql", "select 1 as id");
        p.karat(["debug"]).success().stdout_has("user: warehouse");
    });
}

/// A password that stands plainly in profiles.yml, typed again wherever something can be typed.
#[test]
fn a_password_that_is_typed_again_appears_nowhere() {
    on_postgres(|p| {
        let secret = "hunter2/geheim";
        let sound = p.text("profiles.yml").replace("password: ''", &format!("password: {secret}"));
        p.file("models/a.sql", "select 1 as id");
        let vars = format!("{{t: {secret}}}");
        let failing = format!("select cast('{secret}' as integer) as v");
        let (broken, inline) = (format!("{{t: {secret}"), format!("select '{secret}' as v"));
        for words in [
            &["build", "-d", "--vars", &vars][..],
            &["build", "-d", "--log-format", "json", "--vars", &vars],
            &["ls", "--vars", &vars],
            &["parse", "--vars", &vars],
            &["docs", "generate", "--vars", &vars],
            &["compile", "--vars", &broken],
            &["run-operation", "nope", "--args", &vars],
            &["run", "--select", secret],
            &["run", "--target", secret],
            &["run", "--profile", secret],
            &["run", "--nope", secret],
            &["show", "--inline", &inline],
            &["show", "--inline", &failing],
            &[secret],
        ] {
            for profiles in [&sound, &format!("{sound}      port: [")] {
                p.file("profiles.yml", profiles);
                let outcome = p.karat(words);
                let said = outcome.stdout() + &outcome.stderr();
                assert!(!said.contains(secret), "{words:?}: {said}");
                assert_eq!(leaks(p, secret), Vec::<String>::new(), "{words:?}");
            }
        }
    });
}

/// The engine's own name as a password hides no word of its lines.
#[test]
fn the_name_of_an_engine_is_no_secret() {
    on_postgres(|p| {
        profile(p, "password: ''", "password: postgres");
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run"]).success().stdout_has("Registered adapter: postgres=");
    });
}

/// Tokens in addresses of packages, and what DuckDB is told of other databases.
#[test]
fn tokens_and_secrets_of_others_appear_nowhere() {
    on_duckdb(|p| {
        let secret = "tok3n/of x";
        p.env("DBT_ENV_SECRET_TOKEN", secret);
        p.file("models/a.sql", "select 1 as id");
        p.file("packages.yml", "packages:\n  - git: \"https://user:{{ env_var('DBT_ENV_SECRET_TOKEN') }}@127.0.0.1:1/x/y.git\"\n    revision: main\n  - tarball: \"https://u:pl4in-token@127.0.0.1:1/x.tgz\"\n    name: x\n");
        let unsaid = |words: &[&str]| {
            let outcome = p.karat(words);
            let said = outcome.stdout() + &outcome.stderr();
            for secret in [secret, "tok3n%2Fof%20x", "pl4in-token", "inn3r-word", "k3y-of-it"] {
                assert!(!said.contains(secret), "{words:?}: {said}");
                let found: Vec<_> =
                    leaks(p, secret).into_iter().filter(|path| !path.ends_with("packages.yml")).collect();
                assert_eq!(found, Vec::<String>::new(), "{words:?}");
            }
        };
        unsaid(&["deps", "-d"]);
        p.remove("packages.yml");
        let sound = p.text("profiles.yml");
        for more in [
            "attach: [{path: \"postgres:host=127.0.0.1 port=1 user=u password=inn3r-word dbname=x\", alias: x}]",
            "attach: [{path: \"postgresql://u:inn3r-word@127.0.0.1:1/x\", type: postgres, alias: x}]",
            "secrets: [{type: s3, key_id: inn3r-word, secret: k3y-of-it, nonsense: 1}]",
            "settings: {s3_secret_access_key: k3y-of-it, no_such_setting: 1}",
        ] {
            p.file("profiles.yml", &format!("{sound}      {more}\n"));
            unsaid(&["run", "-d"]);
            unsaid(&["debug", "-d"]);
        }
    });
}

/// A var whose name says that it is a secret (dbt's rule).
#[test]
fn secret_vars_appear_nowhere() {
    on_adapters(|p| {
        let secret = "geheim4711";
        p.file("models/a.sql", "select 1 as id {{ log(var('DBT_ENV_SECRET_X'), info=true) }}");
        p.file("models/b.sql", "select {{ var('absent') }} as id");
        let vars = format!("{{DBT_ENV_SECRET_X: {secret}, other: seen}}");
        for words in [&["run", "--vars", &vars][..], &["-d", "--log-format", "json", "run", "--vars", &vars]]
        {
            let outcome = p.karat(words);
            assert!(!outcome.stdout().contains(secret), "{words:?}: {}", outcome.stdout());
        }
        let args = p.karat(["run", "-s", "a", "--vars", &vars]).run_results()["args"]["vars"].clone();
        assert_eq!(args, serde_json::json!({"DBT_ENV_SECRET_X": "*****", "other": "seen"}));
        let leaking = leaks(p, secret);
        assert!(leaking.iter().all(|path| path.ends_with("a.sql")), "{leaking:?}");
    });
}
