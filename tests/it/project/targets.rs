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
