//! dbt_project.yml and profiles.yml: missing, of a wrong type, of a wrong shape.

use super::refusal;

refusal!(no_dbt_project, ["build"], |p| {
    p.remove("dbt_project.yml");
});

refusal!(no_profiles_file, ["build"], |p| {
    p.remove("profiles.yml");
});

refusal!(no_such_profile, ["build"], |p| {
    p.file("profiles.yml", &p.profiles("shpo"));
});

refusal!(no_such_target, ["build", "--target", "dve"], |p| {
    p.file("models/a.sql", "select 1 as id");
});

refusal!(profile_without_outputs, ["build"], |p| {
    p.file("profiles.yml", "shop:\n  target: dev\n");
});

refusal!(no_such_adapter, ["build"], |p| {
    p.file("profiles.yml", "shop:\n  target: dev\n  outputs:\n    dev:\n      type: duckbd\n      path: x\n");
});

refusal!(output_without_a_needed_key, ["build"], |p| {
    p.file(
        "profiles.yml",
        "shop:\n  target: dev\n  outputs:\n    dev:\n      type: postgres\n      host: 127.0.0.1\n",
    );
});

refusal!(threads_of_a_wrong_type, ["build"], |p| {
    p.file("profiles.yml", &p.text("profiles.yml").replace("threads: 4", "threads: many"));
});

refusal!(project_without_a_name, ["build"], |p| {
    p.file("dbt_project.yml", "version: \"1.0\"\nprofile: shop\n");
});

refusal!(project_with_a_strange_name, ["build"], |p| {
    p.file("dbt_project.yml", "name: my shop\nversion: \"1.0\"\nprofile: shop\n");
});

refusal!(paths_of_a_wrong_type, ["build"], |p| {
    p.configure("model-paths: models");
});

refusal!(unknown_key_in_the_project, ["build"], |p| {
    p.configure("modle-paths: [models]");
});

refusal!(project_is_a_list, ["build"], |p| {
    p.file("dbt_project.yml", "- name: shop\n");
});

refusal!(tab_in_the_project, ["build"], |p| {
    p.configure("models:\n\tshop:\n\t\t+materialized: table");
});

#[test]
fn vars_that_are_no_yaml() {
    crate::harness::on_duckdb(|p| {
        p.karat(["build", "--vars", "{a: 1"]).exit(2).stderr_has("Invalid value for '--vars'");
    });
}
