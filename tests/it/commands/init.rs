//! `init`: a new project that builds at once.

use crate::harness::*;

#[test]
fn a_new_project_builds_green() {
    on_duckdb(|p| {
        let folder = p.scratch("home");
        p.karat_in(&folder, ["init", "my_shop"]).success();
        let new = folder.join("my_shop");
        assert!(new.join("dbt_project.yml").exists());
        for _ in 0..2 {
            let outcome = p.karat_in(&new, ["build"]);
            outcome.success().stdout_has("Completed successfully").stdout_has("ERROR=0 SKIP=0");
        }
        assert!(new.join("my_shop.duckdb").exists());
        p.karat_in(&new, ["show", "--select", "sales_by_day"]).success().stdout_has("ordered_on");
    });
}

#[test]
fn a_new_project_builds_on_postgres_too() {
    on_postgres(|p| {
        let folder = p.scratch("home");
        p.karat_in(&folder, ["init", "my_shop"]).success();
        let port = Server::get().port().to_string();
        for (name, value) in
            [("PGHOST", "127.0.0.1"), ("PGPORT", &port), ("PGUSER", "warehouse"), ("PGDATABASE", &p.database)]
        {
            p.env(name, value);
        }
        p.karat_in(&folder.join("my_shop"), ["build", "--target", "pg"]).success();
    });
}

#[test]
fn a_folder_that_is_there_is_not_touched() {
    on_duckdb(|p| {
        let folder = p.scratch("home");
        std::fs::create_dir(folder.join("taken")).unwrap();
        std::fs::write(folder.join("taken/dbt_project.yml"), "mine").unwrap();
        p.karat_in(&folder, ["init", "taken"]);
        assert_eq!(std::fs::read_to_string(folder.join("taken/dbt_project.yml")).unwrap(), "mine");
        p.karat_in(&folder, ["init", "not a name!"]).exit(2);
        assert!(!folder.join("not a name!").exists());
    });
}

#[test]
fn a_project_sets_up_its_profile_by_its_template() {
    on_duckdb(|p| {
        p.file(
            "profile_template.yml",
            "fixed: {type: duckdb, threads: 2}
prompts:
  target: {default: home}
  path: {hint: a file, type: string}
  keep_open: {type: bool, default: true}
  _choose_place:
    here: {_fixed_schema: main}
    there: {schema: {hint: a schema, hide_input: true}}
",
        );
        let answers = |text: &str| p.shell(&format!("printf '{text}' | karat init --profiles-dir mine"));
        let outcome = answers("\\nx.duckdb\\nmaybe\\nno\\n7\\n2\\nmarts\\n");
        outcome.success().stdout_has("path (a file): ").stdout_has("keep_open [true]: ");
        outcome.stdout_has("[2] there").stdout_has("is not a valid bool").stdout_has("none of the numbers");
        let first = "shop:\n  target: \"home\"\n  outputs:\n    \"home\":\n      type: \"duckdb\"\n      threads: 2\n      \
                     path: \"x.duckdb\"\n      keep_open: false\n      schema: \"marts\"\n";
        assert_eq!(p.text("mine/profiles.yml"), first);
        p.file("models/a.sql", "select 1 as a");
        p.karat(["run", "--profiles-dir", "mine"]).success().stdout_has("marts.a");

        p.file(
            "mine/profiles.yml",
            &format!("# mine\n{first}\n# of another\nother: {{target: x, outputs: {{}}}}\n"),
        );
        answers("n\\n").success().stdout_has("already exists in");
        assert!(p.text("mine/profiles.yml").contains("marts"), "refused");
        answers("y\\n\\ny.duckdb\\n\\n1\\n").success();
        let text = p.text("mine/profiles.yml");
        assert!(text.contains("y.duckdb") && !text.contains("marts") && text.contains("# mine\n"), "{text}");
        assert!(text.ends_with("\n# of another\nother: {target: x, outputs: {}}\n"), "{text}");
        answers("y\\n").exit(2).stdout_has("there is no answer for target");
    });
}

#[test]
fn a_project_that_is_there_gets_a_profile_and_nothing_else() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.karat(["init", "--profile", "other"]).exit(2).stdout_has("Can not init existing project");
        p.karat(["init"]).success().stdout_has("is set up in");
        p.remove("profiles.yml").karat(["init", "--skip-profile-setup"]).success();
        assert!(!p.path("profiles.yml").exists());
        p.karat(["init"]).success().stdout_has("written to");
        assert!(p.text("profiles.yml").contains("type: duckdb"));
    });
}
