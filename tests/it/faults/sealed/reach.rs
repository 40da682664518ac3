//! What templates reach (promise 14): no file, process or network, by whatever detour Python would allow.

use super::*;

/// Each must fail, or give nothing that lies outside the template.
const DETOURS: &[&str] = &[
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ config.__init__.__globals__ }}",
    "{{ modules.datetime.sys }}",
    "{{ modules.datetime.__builtins__ }}",
    "{{ modules.re.__loader__.get_data('/etc/passwd') }}",
    "{{ modules.itertools.__spec__.loader }}",
    "{{ modules.pytz.open_resource('../../etc/passwd') }}",
    "{{ modules.os.environ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ get_flow.__globals__ }}",
    "{{ (ref | attr('__globals__'))['sys'] }}",
    "{{ adapter.config.credentials.password }}",
    "{{ adapter.connections }}",
    "{{ builtins.open('/etc/passwd') }}",
    "{{ open('/etc/passwd') }}",
    "{{ __import__('os') }}",
    "{% include '/etc/passwd' %}",
    "{% import '../profiles.yml' as p %}",
    "{% extends '/etc/passwd' %}",
    "{{ env_var('DBT_ENV_SECRET_X') }}",
    "{{ target.password }}",
    "{{ target.pass }}",
    "{{ fromyaml('!!python/object/apply:os.system [id]') }}",
    "{{ fromyaml('!!python/name:os.system') }}",
    "{{ context['env_var']('DBT_ENV_SECRET_X') }}",
    "{{ flags.__class__ }}",
    "{{ '%s' | format(config.__class__) }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(config) }}",
];

#[test]
fn no_detour_leads_out() {
    on_adapters(|p| {
        p.env("DBT_ENV_SECRET_X", "geheim-und-lang");
        // Half of them are faults of a parse, after which nothing runs: the others are tried again without them.
        let mut left: Vec<usize> = (0..DETOURS.len()).collect();
        while !left.is_empty() {
            for at in &left {
                p.file(&format!("models/d{at}.sql"), &format!("select 1 as id /* {} */", DETOURS[*at]));
            }
            let outcome = p.karat(["compile"]);
            let compiled: Vec<_> = left
                .iter()
                .filter_map(|at| {
                    let file = p.path(&format!("target/compiled/shop/models/d{at}.sql"));
                    std::fs::read_to_string(file).ok()
                })
                .collect();
            let said = outcome.stdout() + &outcome.stderr() + &compiled.concat();
            for found in ["root:x:", "uid=", "geheim-und-lang", "<class", "Popen", "panicked", "<module"] {
                assert!(!said.contains(found), "{found} in {said}");
            }
            let told = |at: &usize| said.contains(&format!("d{at}.sql"));
            let (wrong, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(told);
            if wrong.is_empty() {
                break;
            }
            for at in wrong {
                p.remove(&format!("models/d{at}.sql"));
            }
            left = rest;
        }
    });
}

#[test]
fn what_is_no_json_is_no_panic() {
    on_adapters(|p| {
        let values = [
            "adapter",
            "ref",
            "graph",
            "modules.datetime.datetime.now()",
            "1e400",
            "-1e400",
            "undefined_thing",
            "{1: [2, (3, none)]}",
            "{none: 1}",
            "this",
            "config",
            "run_started_at",
            "['\u{1b}', '\u{0}']",
            "builtins",
            "exceptions",
            "range(3)",
            "modules.re.compile('a')",
            "api.Relation",
        ];
        for (at, value) in values.iter().enumerate() {
            for by in ["tojson", "toyaml", "string", "pprint", "length", "list"] {
                p.file(
                    &format!("models/a{at}_{by}.sql"),
                    &format!("select 1 as id /* {{{{ ({value}) | {by} }}}} */"),
                );
            }
        }
        let outcome = p.karat(["parse"]);
        let said = outcome.stdout() + &outcome.stderr();
        assert!(matches!(outcome.code(), Some(0 | 2)) && !said.contains("karat has a bug"), "{said}");
    });
}

/// What is written under a link or through `..` would lie beside the project.
#[test]
fn nothing_is_written_through_a_link() {
    on_adapters(|p| {
        let beside = p.scratch("precious");
        std::fs::write(&beside, "kept").unwrap();
        p.file("models/a.sql", "select 1 as id").karat(["run"]).success();
        let files = [
            "compiled/shop/models/a.sql",
            "run/shop/models/a.sql",
            "manifest.json",
            "run_results.json",
            "partial_parse.msgpack",
            "karat_durations.json",
            "graph.gpickle",
            "semantic_manifest.json",
        ];
        for file in files {
            let file = p.path("target").join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::remove_file(&file).ok();
            std::os::unix::fs::symlink(&beside, file).unwrap();
        }
        p.file("models/a.sql", "select 2 as id").karat(["run"]).success();
        p.karat(["clean"]).success();
        assert_eq!(std::fs::read_to_string(&beside).unwrap(), "kept");
    });
}

#[test]
fn text_of_others_is_shown_and_not_obeyed() {
    on_adapters(|p| {
        let evil = "\u{1b}]0;owned\u{7}\u{1b}[2Jx\u{9b}31m";
        p.file("models/a.sql", &format!("select 1 as id, '{evil}' as v"));
        p.file("models/p.yml", &format!("models: [{{name: a, description: {}, columns: [{{name: nope, data_tests: [not_null: {{name: {}}}]}}]}}]\n", serde_json::json!(evil), serde_json::json!(evil)));
        p.file(
            "models/broken.sql",
            &format!("select {{{{ exceptions.raise_compiler_error('{evil}') if execute }}}}"),
        );
        // Data that is piped into a program stays as it is; all else is for eyes.
        for words in
            [&["build", "--no-use-colors", "-d"][..], &["run-operation", "\u{1b}[2J", "--no-use-colors"]]
        {
            let outcome = p.karat(words);
            let said = outcome.raw_stdout().to_string() + &outcome.stderr();
            assert!(!said.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{words:?}: {said:?}");
        }
    });
}
