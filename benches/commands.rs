//! What users wait for, whole commands on a project of 1,000 models with tests, docs and macros, on DuckDB:
//! `cargo bench --bench commands`. The figures of the last release stand in `benches/baseline.txt`; those beside
//! other tools in BENCHMARKS.md.

use divan::Bencher;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

const MODELS: usize = 1000;

fn main() {
    divan::main();
}

/// A project in a temporary folder.
static PROJECT: LazyLock<Project> = LazyLock::new(Project::generate);

struct Project(tempfile::TempDir);

impl Project {
    fn generate() -> Self {
        let project = Project(tempfile::tempdir().unwrap_or_else(|why| panic!("no temporary folder: {why}")));
        project.file(
            "dbt_project.yml",
            "name: bench\nprofile: bench\nmodels: {bench: {silver: {+tags: [s]}}}\n",
        );
        project.file(
            "profiles.yml",
            "bench: {target: dev, outputs: {dev: {type: duckdb, path: bench.duckdb, threads: 4}}}\n",
        );
        project.file(
            "macros/keys.sql",
            "{% macro key(columns) %}md5({% for c in columns %}coalesce({{ c }}::text, '')\
             {% if not loop.last %} || '-' || {% endif %}{% endfor %}){% endmacro %}",
        );
        for number in 0..MODELS {
            project.model(number);
        }
        project.run(&["build", "--select", "m0"]);
        project
    }

    fn model(&self, number: usize) {
        let folder = ["bronze", "silver", "gold"][number * 3 / MODELS];
        let parents: Vec<usize> = (1..=3).filter_map(|back| number.checked_sub(back * 7)).collect();
        let joined: String = parents
            .iter()
            .map(|parent| format!("left join {{{{ ref('m{parent}') }}}} as p{parent} using (id)\n"))
            .collect();
        self.file(
            &format!("models/{folder}/m{number}.sql"),
            &format!(
                "{{{{ config(materialized='table', tags=['daily']) }}}}\nwith own as (select {number} as id)\n\
                 select own.id, {{{{ key(['own.id', 'own.id + 1']) }}}} as row_key from own\n{joined}"
            ),
        );
        self.file(
            &format!("models/{folder}/m{number}.yml"),
            &format!(
                "models:\n- name: m{number}\n  description: Model {number} of the bench.\n  columns:\n  \
                 - {{name: id, description: Its number., data_tests: [not_null, unique]}}\n  \
                 - {{name: row_key, description: A key., data_tests: [not_null]}}\n"
            ),
        );
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .unwrap_or_else(|why| panic!("{why}"));
    }

    fn target(&self) -> PathBuf {
        self.root().join("target")
    }

    fn run(&self, words: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_karat"));
        command.args(words).current_dir(self.root()).stdout(Stdio::null()).env("DO_NOT_TRACK", "1");
        let status = command.status().unwrap_or_else(|why| panic!("karat does not start: {why}"));
        assert!(status.success(), "karat {words:?}: {status}");
    }
}

#[divan::bench]
fn start() {
    PROJECT.run(&["--version"]);
}

#[divan::bench(sample_count = 20)]
fn parse_cold(bencher: Bencher) {
    let parse = |()| PROJECT.run(&["parse"]);
    bencher.with_inputs(|| drop(fs::remove_dir_all(PROJECT.target()))).bench_values(parse);
}

#[divan::bench(sample_count = 20)]
fn parse_warm() {
    PROJECT.run(&["parse"]);
}

#[divan::bench(sample_count = 20)]
fn list_all() {
    PROJECT.run(&["ls"]);
}

#[divan::bench(sample_count = 20)]
fn select_by_graph() {
    PROJECT.run(&["ls", "--select", "+m990,tag:daily", "--exclude", "m10+"]);
}

#[divan::bench(sample_count = 20)]
fn run_one_edited(bencher: Bencher) {
    let mut turn = 0;
    let edit = || {
        turn += 1;
        PROJECT.file(
            "models/bronze/m0.sql",
            &format!("{{{{ config(materialized='table') }}}} select {turn} as id, 'k' as row_key"),
        );
    };
    bencher.with_inputs(edit).bench_local_values(|()| PROJECT.run(&["run", "--select", "m0"]));
}

#[divan::bench(sample_count = 10)]
fn compile_all() {
    PROJECT.run(&["compile"]);
}
