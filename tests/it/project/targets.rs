//! Targets, profiles and threads: from the files, the flags and the environment.

use crate::harness::*;

fn two_targets(p: &Project) {
    let profiles = format!("{}    prod:\n{}", p.profiles("shop"), p.output("production"));
    p.file("profiles.yml", &profiles);
    p.file("models/a.sql", "select '{{ target.name }}' as name, '{{ target.schema }}' as schema_name, '{{ target.type }}' as kind, {{ target.threads }} as threads, '{{ target.profile_name }}' as profile");
}

#[test]
fn the_target_decides_where_models_go() {
    on_adapters(|p| {
        two_targets(p);
        p.karat(["run"]).success();
        let columns = "name, schema_name, kind, threads, profile";
        let expect = |name: &str, schema: &str, threads: &str| {
            vec![name.into(), schema.into(), p.adapter.name().into(), threads.into(), "shop".to_string()]
        };
        assert_eq!(p.rows(&format!("select {columns} from analytics.a")), [expect("dev", "analytics", "4")]);
        p.karat(["run", "--target", "prod", "--threads", "2"]).success();
        assert_eq!(
            p.rows(&format!("select {columns} from production.a")),
            [expect("prod", "production", "2")]
        );
        p.karat(["--target=prod", "run", "-s", "a"]).success();
        p.env("DBT_TARGET", "prod").karat(["run"]).success().stdout_has("(target='prod')");
    });
}

#[test]
fn a_profile_may_be_chosen_by_flag() {
    on_adapters(|p| {
        p.file(
            "profiles.yml",
            &format!("{}{}", p.profiles("shop"), p.profiles("elsewhere").replace("analytics", "other")),
        );
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run", "--profile", "elsewhere"]).success();
        assert_eq!(p.relations(), ["other.a view"]);
    });
}

#[test]
fn profiles_are_looked_for_in_four_places() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        let profiles = p.text("profiles.yml");
        let put = |schema: &str, folder: &str| {
            p.file(&format!("{folder}/profiles.yml"), &profiles.replace("analytics", schema))
        };
        put("by_flag", "conf1");
        put("by_variable", "conf2");
        put("by_home", "../home/.dbt");
        let conf2 = p.path("conf2").display().to_string();
        p.karat(["run", "--profiles-dir", "conf1"]).success();
        p.karat(["run"]).success();
        p.remove("profiles.yml").karat(["run"]).success();
        p.env("DBT_PROFILES_DIR", &conf2).karat(["run"]).success();
        assert_eq!(
            p.relations(),
            ["analytics.a view", "by_flag.a view", "by_home.a view", "by_variable.a view"]
        );
    });
}

#[test]
fn a_project_may_be_run_from_outside() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        let root = p.root().display().to_string();
        let elsewhere = p.scratch("home");
        p.karat_in(&elsewhere, ["run", "--project-dir", &root, "--profiles-dir", &root]).success();
        assert!(p.path("target/run_results.json").exists());
    });
}

/// The profile with further lines in its output.
fn more(p: &Project, lines: &str) {
    p.file("profiles.yml", &p.profiles("shop").replace("threads: 4\n", &format!("threads: 4\n{lines}")));
}

#[test]
fn keys_of_no_adapter_are_told_and_passed_over() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        more(p, "      schemas: x\n      cost_centre: {a: 1}\n");
        let told = |key: &str| {
            format!("`{key}` in the profile's output is no key of this adapter and has no effect")
        };
        let near = format!("{}: did you mean `schema`?", told("schemas"));
        p.karat(["run"]).success().stdout_has(&near).stdout_has(&told("cost_centre"));
        p.karat(["debug"]).success().stdout_has(&near);
        assert_eq!(p.relations(), ["analytics.a view"]);
    });
}

#[test]
fn a_key_in_the_place_of_a_required_one_is_pointed_at() {
    on_postgres(|p| {
        p.file("profiles.yml", &p.profiles("shop").replace("port:", "prot:"));
        p.karat(["parse"])
            .exit(2)
            .stdout_has("the profile's output lacks the key `port`")
            .stdout_has("help: `prot` is none: did you mean `port`?");
    });
}

#[test]
fn two_names_of_one_key_are_refused() {
    on_postgres(|p| {
        more(p, "      pass: x\n      database: y\n");
        p.karat(["parse"])
            .exit(2)
            .stdout_has("`password` and `pass` in the profile's output are the same key")
            .stdout_has("`dbname` and `database` in the profile's output are the same key");
    });
}

#[test]
fn nulls_that_are_written_are_seen_by_templates() {
    on_postgres(|p| {
        let model = "select '{{ target.application_name }}' as a, '{{ target.autocommit }}' as b";
        p.file("models/a.sql", model);
        p.karat(["run"]).success();
        assert_eq!(p.rows("select a, b from analytics.a"), [["dbt", "False"]]);
        more(p, "      application_name:\n      autocommit:\n");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select a, b from analytics.a"), [["None", "None"]]);
    });
}

#[test]
fn constants_of_project_files_are_texts() {
    on_adapters(|p| {
        p.configure(
            "models: {+meta: {sum: '{{ 1 + 1 }}', list: '{{ [1, 2] }}', sure: '{{ true }}', \
             seen: '{{ target.threads }}', number: '{{ 1 + 1 | as_number }}', made: \"{{ '1,2'.split(',') }}\"}}",
        );
        p.file("models/a.sql", "select 1 as id");
        let manifest = p.karat(["parse"]).success().manifest();
        let expect = serde_json::json!({
            "sum": "2", "list": "[1, 2]", "sure": "True", "seen": 4, "number": 2, "made": ["1", "2"]
        });
        assert_eq!(manifest["nodes"]["model.shop.a"]["config"]["meta"], expect);
    });
}
