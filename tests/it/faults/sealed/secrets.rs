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
