//! Mutated inputs (promise 10): whatever the bytes, the readers give a value or an error, and never panic.
//! A fraction of a second each; `KARAT_FUZZ_SECONDS` for longer, `KARAT_SEED` to repeat a run. How many inputs
//! there were is printed.

mod files;
mod stored;

use karat::error::ErrorKind;
use karat::graph::select::{IndirectSelection, Spec};
use karat::jinja::{blocks_in, macros_in};
use karat::project::{parse_vars, yaml::YamlFile};
use std::time::{Duration, Instant};

/// Random numbers from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }

    /// A text made of pieces of the samples and of words that mean something to the reader.
    fn mutated(&mut self, samples: &[&str], words: &[&str]) -> String {
        let mut text: Vec<char> = samples[self.below(samples.len())].chars().collect();
        for _ in 0..=self.below(8) {
            let at = self.below(text.len() + 1);
            match self.below(4) {
                0 => drop(text.drain(at..(at + self.below(9)).min(text.len()))),
                1 => drop(text.splice(at..at, words[self.below(words.len())].chars())),
                2 => {
                    let piece = text[at..(at + self.below(20)).min(text.len())].to_vec();
                    let to = self.below(text.len() + 1);
                    drop(text.splice(to..to, piece));
                }
                _ => text.insert(at, char::from_u32(self.below(0x2_0000) as u32).unwrap_or('\u{feff}')),
            }
        }
        text.into_iter().collect()
    }
}

/// How long this thread has been at work: a machine that is busy with others says nothing of the reader.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = told.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(first.unwrap_or_default())
}

/// Feeds mutations to a reader for its time.
#[allow(clippy::print_stdout)]
fn fuzz(samples: &[&str], words: &[&str], read: impl Fn(&str)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let mut random = Random(number("KARAT_SEED").unwrap_or(now.as_nanos() as u64) | 1);
    println!("KARAT_SEED={}", random.0);
    let long = number("KARAT_FUZZ_SECONDS").map_or(Duration::from_millis(700), Duration::from_secs);
    let (begin, mut inputs) = (Instant::now(), 0u64);
    while begin.elapsed() < long {
        inputs += 1;
        let text = random.mutated(samples, words);
        let before = worked();
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&text))).is_err() {
            panic!("a panic over {text:?}");
        }
        let took = worked() - before;
        assert!(took < Duration::from_secs(20), "{took:?} over {text:?}");
    }
    let thread = std::thread::current();
    println!("{}: {inputs} inputs", thread.name().unwrap_or_default());
}

const JINJA: &[&str] = &[
    "{% macro a(b, c='x') %}{{ b ~ c }}{% endmacro %}",
    "{% snapshot s %}{{ config(unique_key='id') }} select 1{% endsnapshot %}",
    "{# note #}{% raw %}{{ x }}{% endraw %}{% test t(model) -%} select {%- endtest %}",
    "{% docs d %} text {% enddocs %}{% set x = {'a': [1, (2, 3)]} %}{% for i in x %}{{ i }}{% endfor %}",
    "{% materialization m, adapter='x' %}{{ return({'relations': []}) }}{% endmaterialization %}",
];
const JINJA_WORDS: &[&str] = &[
    "{%", "%}", "{{", "}}", "{#", "#}", "-", "'", "\"", "endmacro", "macro", "raw", "(", ")", "[", "{", "é",
    "\n",
];

#[test]
fn the_block_scanner_reads_anything() {
    fuzz(JINJA, JINJA_WORDS, |text| {
        let _ = macros_in("p", "f.sql", text);
        let _ = blocks_in("f.sql", text, &["snapshot", "docs", "test", "macro"]);
    });
}

#[test]
fn yaml_reads_anything() {
    let samples = [
        "models:\n  - name: a\n    columns: [{name: id, data_tests: [unique, {accepted_values: {values: [1, 2]}}]}]\n",
        "a: &x {b: 1}\nc: *x\nd: |\n  text\n  more\ne: 'it''s'\n? k\n: v\n",
        "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, password: \"{{ env_var('X') }}\"}\n",
        "{\"nodes\": {\"a\": [1, 2.5e3, null, true, \"\\u0041\"]}}",
    ];
    let words = [
        "&x", "*x", ": ", "- ", "[", "]", "{", "}", "|", ">", "\t", "!!", "---", "...", "'", "\"", "#",
        "\r\n", "<<: ",
    ];
    fuzz(&samples, &words, |text| {
        for kind in [ErrorKind::Parsing, ErrorKind::Profile] {
            let _ = YamlFile::parse("f.yml", text.as_bytes(), kind);
        }
        let _ = parse_vars("--vars", text);
    });
}

#[test]
fn the_selection_language_reads_anything() {
    let samples = [
        "+model_a+",
        "2+tag:x,config.materialized:table+1",
        "@source:raw.t",
        "path:models/a.sql",
        "state:modified.body+",
        "test_type:unit,fqn:a.*",
    ];
    let words =
        ["+", "@", ",", ":", ".", "*", "1", "999999999999999999999", "tag", "path", "[", "]", "?", " "];
    fuzz(&samples, &words, |text| {
        let _ = Spec::parse(&[text.to_string()], &[text.to_string()], IndirectSelection::Eager);
    });
}
