//! Files of a project that are no good: each is mutated in turn, and the project is loaded and parsed.

use super::fuzz;
use karat::cli::engines::Engines;
use karat::context::seed::SeedFile;
use karat::context::{Session, SessionParts};
use karat::error::Result;
use karat::event::{Event, Reporter};
use karat::graph::select::selectors_checked;
use karat::manifest::{Manifest, Node};
use karat::packages::{DepsOptions, deps};
use karat::project::{Environment, FirstReading, Flags, LoadOptions, Project, load};
use std::path::Path;
use std::sync::Arc;

/// A project in which every kind of node is described.
pub const NODES: &[(&str, &str)] = &[
    (
        "dbt_project.yml",
        "name: p\nprofile: p\nflags: {fail_fast: true}\nvars: {a: 1, p: {b: [1, {c: null}]}}\nmodels:\n  p:\n    +materialized: table\n    +meta: {x: \"{{ target.name }}\"}\non-run-start: [\"select 1\"]\nquery-comment: {comment: x, append: true}\nrequire-dbt-version: [\">=1.0.0\", \"<9.0.0\"]\ndispatch: [{macro_namespace: dbt, search_order: [p, dbt]}]\n",
    ),
    (
        "profiles.yml",
        "p:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: w.duckdb, threads: 2, schema: main, settings: {a: 1}, extensions: [json], attach: [{path: x.duckdb, alias: y}]}\n    pg: {type: postgres, host: h, port: 5432, user: u, pass: \"{{ env_var('P', 'x') }}\", dbname: d, schema: s, sslmode: require, keepalives_idle: 3}\n",
    ),
    (
        "selectors.yml",
        "selectors:\n  - name: a\n    description: d\n    default: true\n    definition:\n      union:\n        - method: tag\n          value: x\n          parents: true\n          children_depth: 2\n        - intersection: [\"+p\", {exclude: [\"tag:y\"]}]\n  - name: b\n    definition: {method: selector, value: a}\n",
    ),
    (
        "models/a.sql",
        "{{ config(materialized='incremental', unique_key=['id'], tags=['x'], meta={'k': none}) }}\nselect 1 as id {% if is_incremental() %} where 1 = {{ var('a', 2) }} {% endif %}\n",
    ),
    (
        "models/b.sql",
        "with x as (select * from {{ ref('a') }}) select *, '{{ env_var('H', 'd') }}' from x join {{ source('raw', 't') }} using (id)\n-- {{ doc('note') if execute }} {{ ref('p', 'a', v=1) }}\n",
    ),
    (
        "models/schema.yml",
        "version: 2\nmodels:\n  - name: a\n    description: '{{ doc(\"note\") }}'\n    latest_version: 1\n    versions: [{v: 1, defined_in: a}, {v: 2, columns: [{include: all, exclude: [id]}]}]\n    config: {contract: {enforced: false}, grants: {select: [x]}}\n    columns:\n      - name: id\n        data_type: int\n        constraints: [{type: not_null}]\n        data_tests:\n          - unique: {config: {where: 'id > 0', severity: warn}}\n          - accepted_values: {arguments: {values: [1, '2', null]}}\n          - relationships: {to: ref('b'), field: id}\nsources:\n  - name: raw\n    loaded_at_field: t\n    freshness: {warn_after: {count: 1, period: hour}}\n    tables: [{name: t, columns: [{name: id, data_tests: [not_null]}]}]\nseeds: [{name: s, config: {column_types: {id: text}, delimiter: ';'}}]\nexposures: [{name: e, type: dashboard, owner: {email: x@y.z}, depends_on: [ref('a')]}]\ngroups: [{name: g, owner: {name: n}}]\nmacros: [{name: m, arguments: [{name: x, type: string}]}]\n",
    ),
    (
        "models/unit.yml",
        "unit_tests:\n  - name: u\n    model: b\n    given:\n      - input: ref('a')\n        rows: [{id: 1}]\n      - input: source('raw', 't')\n        format: csv\n        rows: |\n          id\n          1\n    expect: {rows: [{id: 1}]}\n    overrides: {vars: {a: 3}, macros: {is_incremental: true}}\nsaved_queries: [{name: query, query_params: {metrics: [total]}}]\nmetrics: [{name: total, label: M, type: simple, type_params: {measure: amount}}]\nsemantic_models: [{name: things, model: ref('b'), defaults: {agg_time_dimension: day_at}, entities: [{name: id, type: primary}], dimensions: [{name: day_at, type: time, type_params: {time_granularity: day}}], measures: [{name: amount, agg: sum}]}]\n",
    ),
    ("models/days.sql", "select current_date as d\n"),
    (
        "models/days.yml",
        "models: [{name: days, time_spine: {standard_granularity_column: d}, columns: [{name: d, granularity: day}]}]\n",
    ),
    ("models/note.md", "{% docs note %} text {% enddocs %}\n"),
    (
        "snapshots/h.sql",
        "{% snapshot h %}{{ config(unique_key='id', strategy='check', check_cols=['x']) }} select 1 as id, 2 as x{% endsnapshot %}\n",
    ),
    (
        "snapshots/h.yml",
        "snapshots:\n  - name: y\n    relation: ref('a')\n    config: {strategy: timestamp, unique_key: id, updated_at: t, dbt_valid_to_current: \"'9999-01-01'\"}\n",
    ),
    (
        "macros/m.sql",
        "{% macro m(x, y=[1, 2]) -%} {{ return(x ~ y | tojson) }} {%- endmacro %}\n{% test odd(model, column_name) %} select 1 from {{ model }} where 1 = 0 {% endtest %}\n",
    ),
    ("tests/t.sql", "{{ config(severity='warn') }} select * from {{ ref('a') }} where {{ m(1) }} is null\n"),
    (
        "analyses/n.sql",
        "select {{ modules.datetime.date(2024, 1, 2) }}, {{ run_started_at.strftime('%Y') }}\n",
    ),
    ("seeds/s.csv", "id;name\n1;x\n2;\"y;z\"\n"),
];

/// Mutation words that mean something in YAML, in templates, or in both.
const WORDS: &[&str] = &[
    ": ", "- ", "[", "]", "{", "}", "{{", "}}", "{%", "%}", "'", "\"", "\n", "  ", "\t", "null", "true", "1",
    "-1", "1e999", "&x ", "*x", "<<: ", "#", "|", "\r\n", "ref(", ")", "~", "!!int ", "name", "config", "+",
];

/// Nobody listens.
struct Silent;

impl Reporter for Silent {
    fn report(&self, _: Event) {}
}

/// A project in a folder, read within this process.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Folder(tempfile::tempdir().unwrap());
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }

    pub fn load(&self) -> Result<Project> {
        self.load_target(None)
    }

    fn load_target(&self, target: Option<&str>) -> Result<Project> {
        let flags = Flags {
            profiles_dir: Some(self.path().into()),
            target: target.map(str::to_string),
            ..Flags::default()
        };
        let environment = Arc::new(Environment::default());
        let first = FirstReading::of(&flags, &environment, self.path());
        let adapters = &Engines { environment: &environment };
        load(&LoadOptions { first: &first, flags, environment: environment.clone(), adapters })
    }

    pub fn parsed(&self) -> Result<Manifest> {
        let mut project = self.load()?;
        project.read_all()?;
        Ok(karat::parse::parse(&session(&project)?, &project)?.0)
    }
}

fn session(project: &Project) -> Result<Session> {
    let adapter = Engines { environment: &project.environment }.open(&project.target)?;
    let engine = karat::parse::macros(project, adapter.prefixes())?;
    let (reporter, invocation, stop) = (Arc::new(Silent), Session::invocation(), Arc::default());
    Ok(Session::new(project, SessionParts { adapter, engine, reporter, invocation, stop }))
}

/// Mutates the files of these names, one at a time, and looks at the project each time.
fn each(names: &[&str], look: impl Fn(&Folder, &str)) {
    let folder = Folder::new(NODES);
    let files: Vec<_> =
        NODES.iter().filter(|(path, _)| names.iter().any(|name| path.ends_with(name))).collect();
    // The file's name travels in front of its text, so that a mutation knows where it belongs.
    let samples: Vec<String> = files.iter().map(|(path, text)| format!("{path}\u{1}{text}")).collect();
    let samples: Vec<&str> = samples.iter().map(String::as_str).collect();
    fuzz(&samples, WORDS, |text| {
        let (name, text) = text.split_once('\u{1}').unwrap_or(("", text));
        let sound = files.iter().find(|(path, _)| *path == name).unwrap_or(&files[0]);
        folder.write(sound.0, text);
        look(&folder, sound.0);
        folder.write(sound.0, sound.1);
    });
}

#[test]
fn projects_profiles_and_selectors_read_anything() {
    each(&["dbt_project.yml", "profiles.yml", "selectors.yml"], |folder, _| {
        for target in [None, Some("pg")] {
            if let Ok(project) = folder.load_target(target)
                && let Some(file) = &project.selectors
            {
                let _ = selectors_checked(file);
            }
        }
    });
}

#[test]
fn property_files_and_nodes_parse_anything() {
    let names = ["schema.yml", "unit.yml", "h.yml", ".sql", ".md"];
    each(&names, |folder, _| drop(folder.parsed()));
}

#[test]
fn seeds_read_anything() {
    let folder = Folder::new(NODES);
    let manifest = folder.parsed().expect("a sound project");
    let seed: &Node = manifest.nodes.values().find(|node| node.name == "s").expect("the seed");
    let samples = [
        "id;name\n1;x\n2;\"y;z\"\n",
        "a;b;c\n1.5;2024-01-01;true\n$1,000;2024-01-01T00:00:00Z;NULL\n\n007;\"q\"\"q\";é\n",
        "x\r\n1\r\n\r\n99999999999999999999\r\n",
        "\u{feff}a;\"b\nc\"\n1;\"multi\nline\"\n",
    ];
    let words = [
        "\"",
        ";",
        "\n",
        "\r\n",
        "\r",
        "\"\"",
        "1e400",
        "-0",
        "null",
        "\0",
        "T",
        "2024-13-01",
        ",",
        "%",
        "$",
    ];
    fuzz(&samples, &words, |text| {
        folder.write("seeds/s.csv", text);
        let file = SeedFile::of_node(seed, folder.path()).expect("a delimiter of one byte");
        if let Ok(inference) = file.infer() {
            assert_eq!(inference.names().len(), inference.kinds().len());
            assert!(file.plain_csv(&inference).is_ok(), "what was read once is read again");
        }
    });
}

#[test]
fn lists_of_packages_read_anything() {
    let tools = ("tools/dbt_project.yml", "name: tools\n");
    let folder = Folder::new(&[NODES[0], tools, ("more/dbt_project.yml", "name: more\n")]);
    let sound = "packages:\n  - local: tools\n  - local: more\n";
    folder.write("packages.yml", sound);
    let environment =
        Environment::new([("DBT_PACKAGE_HUB_URL".to_string(), "http://127.0.0.1:1/".to_string())]);
    let (flags, environment) = (Flags::default(), Arc::new(environment));
    let first = FirstReading::of(&flags, &environment, folder.path());
    let mut options = DepsOptions::new(Arc::new(first), flags, environment);
    (options.cache, options.lock) = (None, true);
    deps(&options, &Silent).expect("a sound list");
    let lock = std::fs::read_to_string(folder.path().join("package-lock.yml")).unwrap();
    let samples = [
        format!("packages.yml\u{1}{sound}"),
        "packages.yml\u{1}packages: [{local: tools, name: x}, {local: \"{{ var('x', 'more') }}\"}]\n"
            .to_string(),
        format!("package-lock.yml\u{1}{lock}"),
        "dependencies.yml\u{1}projects: [{name: x}]\n".to_string(),
        "tools/packages.yml\u{1}packages:\n  - local: ../more\n".to_string(),
    ];
    let samples: Vec<&str> = samples.iter().map(String::as_str).collect();
    fuzz(&samples, WORDS, |text| {
        let (name, text) = text.split_once('\u{1}').unwrap_or(("packages.yml", text));
        let known = samples.iter().any(|sample| sample.starts_with(&format!("{name}\u{1}")));
        let name = if known { name } else { "packages.yml" };
        folder.write(name, text);
        let _ = deps(&options, &Silent);
        let _ = std::fs::remove_file(folder.path().join(name));
        folder.write("packages.yml", sound);
        folder.write("package-lock.yml", &lock);
    });
}
