//! Deprecations: told once for each class, counted at the end, silenced or taken for errors by their names.

use crate::harness::*;

const SUMMARY: &str = "Summary of encountered deprecations:";

/// Two stray tags, a name of an exposure that dbt means to refuse, a call of itertools.
fn outdated(p: &Project) {
    p.file("macros/m.sql", "{% set x = 1 %}\n{% macro m() %}1{% endmacro %}\n{% endmacro %}");
    p.file("models/a.sql", "select {{ modules.itertools.chain([1], []) | list | first }} as id");
    let exposure = "exposures: [{name: my page, type: dashboard, owner: {email: a@b.c}}]";
    p.file("models/e.yml", exposure);
}

#[test]
fn the_first_of_each_is_told_and_all_are_counted() {
    on_duckdb(|p| {
        outdated(p);
        let said = p.karat(["run", "--no-partial-parse"]);
        said.success().stdout_has("Found unexpected 'set' block tag. in file `macros/m.sql`");
        said.stdout_lacks("Found unexpected 'endmacro'");
        said.stdout_has("Usage of itertools modules is deprecated").stdout_has("- ExposureNameDeprecation");
        said.stdout_has(SUMMARY).stdout_has("- UnexpectedJinjaBlockDeprecation: 2 occurrences");
        said.stdout_has("- ExposureNameDeprecation: 1 occurrence").stdout_has("`--show-all-deprecations`");
        let all = p.karat(["run", "--no-partial-parse", "--show-all-deprecations"]);
        all.success().stdout_has("Found unexpected 'endmacro'").stdout_lacks("shows all");
    });
}

#[test]
fn json_has_dbts_fields() {
    on_duckdb(|p| {
        outdated(p);
        let lines = p.karat(["parse", "--log-format", "json"]).lines();
        let events: Vec<serde_json::Value> =
            lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let of = |name: &str| events.iter().find(|event| event["info"]["name"] == name).expect(name);
        assert_eq!(of("ExposureNameDeprecation")["data"]["exposure"], "my page");
        assert_eq!(of("ExposureNameDeprecation")["info"]["code"], "D007");
        let stray = &of("UnexpectedJinjaBlockDeprecation")["data"];
        assert_eq!(
            (&stray["file"], &stray["msg"]),
            (&"macros/m.sql".into(), &"Found unexpected 'set' block tag.".into())
        );
        let summary = &of("DeprecationsSummary")["data"];
        assert_eq!(summary["show_all_hint"], true);
        let first = serde_json::json!(
            {"event_name": "UnexpectedJinjaBlockDeprecation", "event_code": "D023", "occurrences": 2}
        );
        assert!(summary["summaries"].as_array().expect("a list").contains(&first), "{summary}");
    });
}

#[test]
fn json_has_numbers_and_truths_as_such() {
    on_duckdb(|p| {
        p.configure("flags: {require_resource_names_without_spaces: false, warn_error_options: {include: all, exclude: [Deprecations]}}");
        p.file("models/a b.sql", "select 1 as id").file("models/c d.sql", "select 1 as id");
        let lines = p.karat(["parse", "--log-format", "json"]).lines();
        let events = lines.iter().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let events: Vec<_> = events.collect();
        let of = |name: &str| {
            events.iter().find(|event| event["info"]["name"] == name).expect(name)["data"].clone()
        };
        let spaces = of("ResourceNamesWithSpacesDeprecation");
        assert_eq!(
            spaces,
            serde_json::json!({"count_invalid_names": 2, "show_debug_hint": true, "level": ""})
        );
        let older = of("WEOIncludeExcludeDeprecation");
        assert_eq!(older, serde_json::json!({"found_include": true, "found_exclude": true}));
    });
}

#[test]
fn they_are_silenced_or_errors_by_name_and_as_a_group() {
    on_duckdb(|p| {
        outdated(p);
        let parse = |options: &str| p.karat(["parse", "--no-partial-parse", "--warn-error-options", options]);
        parse("{silence: [Deprecations]}").success().stdout_lacks("Deprecat").stdout_lacks("deprecat");
        parse("{silence: [ExposureNameDeprecation]}")
            .success()
            .stdout_lacks("of an exposure")
            .stdout_has(SUMMARY);
        parse("{error: [Deprecations]}")
            .exit(2)
            .stdout_has("Found unexpected 'endmacro'")
            .stdout_has("my page");
        parse("{error: [ExposureNameDeprecation]}").exit(2).stdout_has("my page");
        let older = parse("{include: [NothingToDo], exclude: []}");
        older.success().stdout_has("Found `include` and `exclude` in");
    });
}

#[test]
fn names_of_variables_flags_and_folders_that_are_out_of_date() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.env("DBT_ENGINE_OWN", "1").env("DBT_NO_PRINT", "1").env("DBT_DEFER_TO_STATE", "0");
        let said = p.karat(["ls", "-m", "a", "--printer-width", "200"]);
        said.success().stdout_has("Found custom environment variable `DBT_ENGINE_OWN`");
        said.stdout_has("The environment variable `DBT_NO_PRINT` has been renamed as `DBT_ENGINE_PRINT`");
        said.stdout_has(
            "The environment variable `DBT_DEFER_TO_STATE` has been renamed as `DBT_ENGINE_DEFER`",
        );
        said.stdout_has("Usage of `--models`, `--model`, and `-m` is deprecated");
        p.configure("clean-targets: [dbt_modules]");
        p.karat(["clean"]).success().stdout_has("install path has changed");
        p.configure("data-paths: [data]\nflags: {require_event_names_in_deprecations: true}");
        let named = p.karat(["parse"]);
        named.success().stdout_has("[ConfigDataPathDeprecation]: Deprecated functionality");
    });
}

#[test]
fn flags_in_profiles_yml_hold_and_are_to_move() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file("profiles.yml", &format!("config: {{write_json: false}}\n{}", p.text("profiles.yml")));
        let said = p.karat(["run", "--printer-width", "200"]);
        said.success().stdout_has("User config should be moved from the 'config' key in profiles.yml");
        assert!(!p.path("target/run_results.json").exists());
        p.configure("flags: {fail_fast: true}");
        p.karat(["run"]).exit(2).stdout_has("Do not specify both 'config' in profiles.yml and 'flags'");
    });
}
