//! The command line as users type it: what is taken, where, with which precedence, and how it is refused.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::project::Flags;

fn words(line: &str) -> Vec<String> {
    let mut out = vec![];
    let mut quoted = false;
    let mut word = String::new();
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => out.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    out.push(word);
    out
}

fn with_env(line: &str, env: &[(&str, &str)]) -> Result<Flags, Refusal> {
    let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string());
    settle(&read(&words(line), &env)?)
}

fn flags(line: &str) -> Flags {
    with_env(line, &[]).unwrap_or_else(|refusal| panic!("{line}: {}", refusal.text))
}

fn refused(line: &str, env: &[(&str, &str)], sentence: &str) {
    let refusal = with_env(line, env).unwrap_err();
    assert_eq!((refusal.code, refusal.asked_for), (2, false), "{line}");
    assert_eq!(refusal.text.lines().last().unwrap(), format!("Error: {sentence}"), "{line}");
}

#[test]
fn global_flags_stand_before_and_after() {
    for line in ["karat --debug -t pro run", "karat run -d --target pro", "karat -t pro run --debug"] {
        let flags = flags(line);
        assert!(flags.debug && flags.target.as_deref() == Some("pro"), "{line}");
        assert!(flags.explicit.contains("debug") && !flags.explicit.contains("quiet"));
    }
    assert_eq!(flags("karat run --threads 3 --threads 5").threads, Some(5));
    assert_eq!(flags("karat --target dev run --target pro").target.as_deref(), Some("pro"));
}

#[test]
fn pairs_switch_on_and_off() {
    let rows = [
        ("karat run", true, None),
        ("karat run --no-print --no-use-colors", false, Some(false)),
        ("karat --no-print run --print --use-colors", true, Some(true)),
        ("karat run --print --no-print", false, None),
    ];
    for (line, print, colours) in rows {
        let flags = flags(line);
        assert_eq!((flags.print, flags.use_colors), (print, colours), "{line}");
    }
}

#[test]
fn selections_take_many_values() {
    let lines = [
        "karat run -s a b",
        "karat run --select \"a b\"",
        "karat run --select a --select b",
        "karat run -m a --models b",
        "karat run --model a b --fail-fast",
        "karat run --fail-fast --select a b --exclude c",
    ];
    for line in lines {
        assert_eq!(flags(line).select, ["a", "b"], "{line}");
    }
    let list = flags("karat ls -m a --resource-type SEED test --exclude-resource-types model");
    assert_eq!(list.select, ["a"]);
    assert_eq!(list.resource_types, ["model", "seed", "test"]);
    assert_eq!(list.exclude_resource_types, ["model"]);
}

#[test]
fn the_command_line_wins_over_the_environment() {
    let env = [
        ("DBT_TARGET", "env"),
        ("DBT_QUIET", "1"),
        ("DBT_ENGINE_LOG_FORMAT", "JSON"),
        ("DBT_LOG_FORMAT", "text"),
        ("DBT_RESOURCE_TYPES", "model seed"),
        ("DBT_FULL_REFRESH", "false"),
        ("DBT_DEBUG", ""),
    ];
    let flags = with_env("karat build --no-quiet", &env).unwrap();
    assert_eq!(flags.target.as_deref(), Some("env"));
    assert_eq!(flags.log_format.as_str(), "json");
    assert_eq!(flags.resource_types, ["model", "seed"]);
    assert_eq!((flags.quiet, flags.full_refresh, flags.debug), (false, Some(false), false));
    assert!(flags.explicit.contains("quiet") && flags.explicit.contains("target"));
    assert!(!flags.explicit.contains("debug"));
    assert_eq!(with_env("karat build -t cli", &env).unwrap().target.as_deref(), Some("cli"));
}

#[test]
fn yaml_is_read() {
    let flags = flags("karat run --vars \"{a: 1, b: [x]}\" --warn-error-options \"{error: all}\"");
    assert_eq!(serde_json::Value::Object(flags.vars).to_string(), r#"{"a":1,"b":["x"]}"#);
    assert_eq!(flags.warn_error_options.error, ["all"]);
    refused("karat run --vars x", &[], "Invalid value for '--vars': String 'x' is not valid YAML");
}

#[test]
fn usage_errors_name_the_command_as_it_was_typed() {
    let check = |line: &str, expect: &str| {
        let text = with_env(line, &[]).unwrap_err().text;
        assert_eq!(text.lines().next(), Some(format!("Usage: {expect} [OPTIONS]").as_str()), "{line}");
        assert_eq!(text.lines().nth(1), Some(format!("Try '{expect} --help' for help.").as_str()), "{line}");
    };
    check("dbt ls --nope", "dbt ls");
    check("dbt list --nope", "dbt list");
    check("dbt ls --nope --select list run", "dbt ls");
    check("dbt source freshness --nope", "dbt source freshness");
    check("dbt source snapshot-freshness --nope", "dbt source snapshot-freshness");
    check("karat -q docs generate --threads x", "karat docs generate");
}

#[test]
fn refusals_read_like_clicks() {
    let refusal = with_env("dbt run --nope", &[]).unwrap_err();
    let head = "Usage: dbt run [OPTIONS]\nTry 'dbt run --help' for help.\n\nError: No such option: --nope";
    assert!(refusal.text.starts_with(head), "{}", refusal.text);
    refused("dbt nope", &[], "No such command 'nope'.");
    refused("dbt -s a", &[], "No such option: -s");
    refused("dbt run --threads x", &[], "Invalid value for '--threads': 'x' is not a valid integer.");
    refused("dbt run --threads", &[], "Option '--threads' requires an argument.");
    refused("dbt run --select", &[], "Option '--select' requires an argument.");
    refused("dbt run extra", &[], "Got unexpected extra argument (extra)");
    let formats = "'text', 'debug', 'json', 'default'.";
    let sentence = format!("Invalid value for '--log-format': 'foo' is not one of {formats}");
    refused("dbt run --log-format foo", &[], &sentence);
    refused("dbt run", &[("DBT_LOG_FORMAT", "foo")], &sentence);
    let sentence = "Invalid value for '--quiet': 'maybe' is not a valid boolean.";
    refused("dbt run", &[("DBT_QUIET", "maybe")], sentence);
    refused("karat completions", &[], "Missing argument 'SHELL'.");
}

#[test]
fn help_and_version() {
    let help = with_env("karat run --help", &[]).unwrap_err();
    assert!(help.asked_for && help.code == 0 && help.text.contains("karat run --select path:models/silver"));
    let none = with_env("karat", &[]).unwrap_err();
    assert!(!none.asked_for && none.code == 2 && none.text.contains("Usage: karat"));
    for line in ["dbt --version", "dbt -v", "dbt -V run"] {
        assert!(read(&words(line), &|_| None).unwrap().version, "{line}");
    }
}

#[test]
fn every_hidden_and_legacy_flag_is_taken() {
    let line = "karat --single-threaded --partial-parse-file-path x --no-use-fast-test-edges \
                --deprecated-print --hints-enabled --maximum-seed-size-mib 3 -r out run --macro-debugging";
    assert!(flags(&line.split_whitespace().collect::<Vec<_>>().join(" ")).macro_debugging);
}

#[test]
fn the_table_is_sound() {
    parser("karat").debug_assert();
    for spec in COMMANDS {
        assert!(spec.flags.iter().all(|id| flags::find(id).is_some()), "{}", spec.name);
    }
}

/// A value that a flag takes, as typed; none for switches.
fn sample(flag: &flags::Flag) -> Option<String> {
    Some(match flag.kind {
        flags::Kind::Pair | flags::Kind::Switch => return None,
        flags::Kind::Int => "3".to_string(),
        flags::Kind::Choice(words) | flags::Kind::ManyOf(words) => words[0].to_string(),
        flags::Kind::Yaml => "{}".to_string(),
        flags::Kind::Text | flags::Kind::Path | flags::Kind::Many => "word".to_string(),
    })
}

/// Reads a line; the values that were given.
fn given(line: &str, env: &[(String, String)]) -> Given {
    let env = |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    read(&words(line), &env).unwrap_or_else(|refusal| panic!("{line}: {}", refusal.text)).given
}

#[test]
fn every_flag_of_every_command_is_taken_in_all_its_spellings() {
    let mut seen = 0;
    for spec in COMMANDS {
        let positional = if spec.required { " word" } else { "" };
        for flag in flags_of(Some(spec)) {
            let value = sample(flag).map(|value| format!(" {value}")).unwrap_or_default();
            let long =
                [flag.long].into_iter().chain(flag.aliases.iter().copied()).map(|name| format!("--{name}"));
            for spelling in long.chain(flag.short.map(|c| format!("-{c}"))) {
                let line = format!("karat {}{positional} {spelling}{value}", spec.name);
                assert_eq!(given(&line, &[]).source(flag.id), Some(Source::CommandLine), "{line}");
                seen += 1;
            }
            if flag.kind == flags::Kind::Pair {
                let line = format!("karat {}{positional} --no-{}", spec.name, flag.long);
                assert_eq!(given(&line, &[]).bool(flag.id), Some(false), "{line}");
            }
            let line = format!("karat {}{positional}", spec.name);
            for variable in flag.variables() {
                let value = sample(flag).unwrap_or("true".into());
                let found = given(&line, &[(variable.clone(), value)]);
                assert_eq!(found.source(flag.id), Some(Source::Environment), "{line} with {variable}");
            }
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn the_line_goes_before_the_newer_variable_and_that_before_the_older() {
    for flag in flags::GLOBAL.iter().filter(|flag| flag.kind == flags::Kind::Pair && !flag.env.is_empty()) {
        let names = flag.variables();
        let said = |name: &String, on: &str| (name.clone(), on.to_string());
        let both = [said(&names[0], "0"), said(&names[1], "1")];
        assert_eq!(given("karat run", &both).bool(flag.id), Some(false), "{}", flag.long);
        let line = format!("karat run --{}", flag.long);
        assert_eq!(given(&line, &both).bool(flag.id), Some(true), "{}", flag.long);
    }
}
