//! A project edited at random: after each edit, the warm manifest is the cold one.

use super::manifest;
use crate::harness::*;

/// Numbers by chance, the same ones for a seed each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

fn start(p: &Project) {
    p.configure(
        "packages-install-path: packs\nvars: {depth: 1}\nmodels: {shop: {+tags: [all], staging: {+materialized: view}}}\n\
         on-run-start: [\"select {{ var('depth') }} -- {{ run_started_at }}\"]",
    );
    p.file("packages.yml", "packages: [{local: ../tools}]")
        .file("packs/tools/dbt_project.yml", "name: tools\n");
    p.file("packs/tools/macros/m.sql", "{% macro shade() %}dark{% endmacro %}");
    p.file("packs/tools/models/of_tools.sql", "select 1 as id");
    p.file("macros/m.sql", "{% macro colour() %}{{ return('red') }}{% endmacro %}");
    p.file("seeds/s.csv", "id\n1\n");
    p.file("models/staging/a.sql", "select * from {{ ref('s') }}");
    p.file("models/b.sql", "select id, '{{ run_started_at }}' as at from {{ ref('a') }}");
    p.file("models/c.sql", "{{ config(meta={'c': colour()}) }} select * from {{ ref('b') }}");
    p.file(
        "models/d.sql",
        "{{ config(tags=[env_var('HUE', 'grey')]) }} select * from {{ source('raw', 't') }}",
    );
    p.file(
        "models/e.sql",
        "{{ config(materialized='incremental', meta={'v': var('depth'), 'f': flags.FAIL_FAST}) }}\n\
        select 1 as id {% if is_incremental() %} where false {% endif %}",
    );
    p.file(
        "snapshots/h.sql",
        "{% snapshot h %}{{ config(unique_key='id', strategy='check', check_cols='all') }}\
        select * from {{ ref('a') }}{% endsnapshot %}",
    );
    p.file("tests/t.sql", "select * from {{ ref('c') }} where false");
    p.file("models/d.md", "{% docs told %}told{% enddocs %}");
    p.file(
        "models/raw.yml",
        "sources: [{name: raw, tables: [{name: t, columns: [{name: id, data_tests: [unique]}]}]}]",
    );
    p.file("models/s.yml", "models:\n- name: b\n  description: \"{{ doc('told') }}\"\n  columns: [{name: id, data_tests: [not_null]}]\n\
        exposures: [{name: x, type: ml, owner: {name: ann}, depends_on: [ref('c')]}]\n\
        unit_tests: [{name: u, model: c, given: [{input: ref('b'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}]");
}

/// Does one of many kinds of things to the project.
fn edit(p: &Project, chance: &mut Chance, words: &mut Vec<String>) {
    let n = chance.below(1000);
    let model = chance.pick(&["models/staging/a.sql", "models/b.sql", "models/c.sql", "models/d.sql"]);
    let more = |path: &str, text: &str| {
        if p.path(path).exists() {
            p.file(path, &format!("{}{text}", p.text(path)));
        }
    };
    match chance.below(24) {
        0..4 => more(model, &format!("\n-- {n}")),
        4 => drop(p.file(
            "models/c.sql",
            &format!("\n\nselect {n} as id from {{{{ ref('a') }}}}, {{{{ ref('b') }}}}"),
        )),
        5 => drop(p.file(
            "models/c.sql",
            &format!("{{{{ config(meta={{'c': {n}}}) }}}} select * from {{{{ ref('b') }}}}"),
        )),
        6 => {
            let kind = chance.pick(&["view", "table", "ephemeral"]);
            p.file(
                "models/c.sql",
                &format!("{{{{ config(materialized='{kind}', alias='c{n}') }}}} select 1 as id"),
            );
        }
        7 => drop(p.file(&format!("models/new{}.sql", n % 3), "select * from {{ ref('a') }}")),
        8 => drop(std::fs::remove_file(p.path(&format!("models/new{}.sql", n % 3)))),
        9 => drop(std::fs::rename(p.path("models/new0.sql"), p.path("models/new1.sql"))),
        10 => drop(
            p.file("macros/m.sql", &format!("{{% macro colour() %}}{{{{ return('{n}') }}}}{{% endmacro %}}")),
        ),
        11 => drop(p.file(
            "macros/names.sql",
            &format!("{{% macro generate_schema_name(own, node) %}}s{}{{% endmacro %}}", n % 2),
        )),
        12 => drop(std::fs::remove_file(p.path("macros/names.sql"))),
        13 => more("models/s.yml", &format!("\n# {n}")),
        14 => {
            let test = chance.pick(&["not_null", "unique"]);
            let text = p.text("models/s.yml").replace("not_null", test).replace("unique", test);
            p.file("models/s.yml", &text.replace("ann", &format!("ann{n}")));
        }
        15 => drop(p.file("models/d.md", &format!("{{% docs told %}}told {n}{{% enddocs %}}"))),
        16 => drop(p.file("seeds/s.csv", &format!("id\n{n}\n"))),
        17 => drop(p.env("HUE", chance.pick(&["blue", "green"]))),
        18 => drop(p.file(
            "dbt_project.yml",
            &p.text("dbt_project.yml").replace("depth: ", &format!("depth: {}", n % 9)),
        )),
        19 => drop(p.file("profiles.yml", &p.profiles("shop").replace("analytics", &format!("s{}", n % 2)))),
        20 => {
            *words = chance
                .pick(&[
                    "",
                    "--fail-fast",
                    "--vars {depth: 7}",
                    "--store-failures",
                    "--full-refresh",
                    "--threads 3",
                ])
                .splitn(2, ' ')
                .filter(|word| !word.is_empty())
                .map(str::to_string)
                .collect()
        }
        21 => drop(p.file("packs/tools/models/of_tools.sql", &format!("select {n} as id"))),
        22 => drop(p.file("packs/tools/macros/m.sql", &format!("{{% macro colour() %}}{n}{{% endmacro %}}"))),
        // The same length and the same time of change, as some editors and tools leave it.
        _ => {
            let path = p.path(model);
            let time = std::fs::metadata(&path).unwrap().modified().unwrap();
            p.file(model, &p.text(model).replace(" as ", " AS ").replace(" id", " ID"));
            std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        }
    }
}

fn lines_of(outcome: &Outcome) -> Vec<String> {
    let told = |line: &String| line.contains("WARNING") || line.contains("Error") || line.contains("-->");
    outcome.lines().into_iter().filter(told).collect()
}

/// How many steps are taken; `KARAT_TEST_EDITS` asks for more.
fn steps() -> usize {
    std::env::var("KARAT_TEST_EDITS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

fn run(p: &Project, seed: u64) {
    start(p);
    let (mut chance, mut words, mut good) = (Chance(seed), Vec::new(), 0);
    for step in 0..steps() {
        if step % 20 == 19 {
            // Long enough for files to be taken for unchanged by their times.
            p.karat(["parse"]);
            std::thread::sleep(std::time::Duration::from_millis(3300));
            p.karat(["parse"]);
        }
        for _ in 0..=chance.below(2) {
            edit(p, &mut chance, &mut words);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let warm = p.karat([&["build", "--select", "no_such_node"][..], &words].concat());
        let cold = [
            &["build", "--select", "no_such_node"][..],
            &words,
            &["--no-partial-parse", "--target-path", "cold"],
        ];
        let cold = p.karat(cold.concat());
        assert_eq!((warm.code(), lines_of(&warm)), (cold.code(), lines_of(&cold)), "seed {seed} step {step}");
        if warm.code() == Some(0) {
            good += 1;
            assert_eq!(manifest(p, "target"), manifest(p, "cold"), "seed {seed} step {step}");
        }
    }
    assert!(good > steps() / 4, "most edits leave a project that can be parsed: {good}");
}

#[test]
fn warm_is_cold() {
    on_adapters(|p| run(p, p.adapter.pick(11, 5)));
}
