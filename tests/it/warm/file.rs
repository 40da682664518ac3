//! The file of a warm start: damaged, foreign, of another program, written by two at once.

use super::{log_of_last, manifest};
use crate::harness::*;

const CACHE: &str = "target/partial_parse.msgpack";
const SKIPPED: &str = "no changes found, skipping parsing";

fn project(p: &Project) -> &Project {
    p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select * from {{ ref('a') }}").file(
        "models/s.yml",
        "models: [{name: a, columns: [{name: id, data_tests: [unique, {accepted_values: {arguments: {values: [1]}}}]}]}]",
    )
}

#[test]
fn the_second_command_parses_nothing() {
    on_adapters(|p| {
        project(p).karat(["parse"]).success();
        let cold = manifest(p, "target");
        for words in [&["parse"][..], &["ls", "-q"], &["build"]] {
            p.karat(words).success();
            assert!(log_of_last(p).contains(SKIPPED), "{words:?}: {}", log_of_last(p));
        }
        p.karat(["parse"]).success();
        assert_eq!(manifest(p, "target"), cold);
    });
}

#[test]
fn a_damaged_file_is_none() {
    on_duckdb(|p| {
        project(p).karat(["parse"]).success();
        let (whole, cold) = (std::fs::read(p.path(CACHE)).unwrap(), manifest(p, "target"));
        let mut damaged: Vec<Vec<u8>> = Vec::new();
        for part in 0..12 {
            let at = whole.len() * part / 12;
            damaged.push(whole[..at].to_vec());
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            damaged.push(flipped);
        }
        damaged.push([&whole[..], b"more"].concat());
        damaged.push(b"\x83\xa8metadata\x80\xa5nodes\x80\xa4docs\x80".to_vec());
        damaged.push(b"made by hand".to_vec());
        for bytes in damaged {
            p.bytes(CACHE, &bytes).karat(["parse"]).success().stdout_lacks("Warning").stdout_lacks("WARNING");
            assert!(!log_of_last(p).contains(SKIPPED));
            assert_eq!(manifest(p, "target"), cold);
            p.karat(["parse"]).success();
            assert!(log_of_last(p).contains(SKIPPED), "it was written anew");
        }
    });
}

#[test]
fn another_program_parses_anew() {
    on_duckdb(|p| {
        project(p).karat(["parse"]).success();
        let whole = std::fs::read(p.path(CACHE)).unwrap();
        let name = concat!("karat ", env!("CARGO_PKG_VERSION"), " ").as_bytes();
        let at = whole.windows(name.len()).position(|bytes| bytes == name).unwrap();
        let mut other = whole.clone();
        other[at + 6] = b'9';
        p.bytes(CACHE, &other).karat(["parse"]).success();
        assert!(!log_of_last(p).contains(SKIPPED));
    });
}

#[test]
fn the_flag_turns_it_off() {
    on_duckdb(|p| {
        project(p).karat(["parse"]).success();
        p.karat(["parse", "--no-partial-parse"]).success();
        assert!(log_of_last(p).contains("Partial parsing not enabled"));
        p.configure("flags: {partial_parse: false}").karat(["parse"]).success();
        assert!(log_of_last(p).contains("Partial parsing not enabled"));
        p.karat(["parse", "--partial-parse"]).success();
        assert!(log_of_last(p).contains("no changes found, skipping parsing"));
    });
}

#[test]
fn two_at_once_write_whole_files() {
    on_duckdb(|p| {
        project(p);
        for round in 0..4 {
            p.file("models/s2.yml", &format!("models: [{{name: b, description: round {round}}}]"));
            let both = [p.start(["parse"]), p.start(["ls"])];
            both.into_iter().for_each(|one| {
                one.wait().success();
            });
            p.karat(["parse"]).success();
            assert!(log_of_last(p).contains(SKIPPED), "{}", log_of_last(p));
            let warm = manifest(p, "target");
            p.karat(["parse", "--no-partial-parse", "--target-path", "cold"]).success();
            assert_eq!(warm, manifest(p, "cold"));
        }
    });
}

#[test]
fn a_file_that_cannot_be_written_harms_nothing() {
    on_duckdb(|p| {
        project(p);
        std::fs::create_dir_all(p.path(CACHE)).unwrap();
        p.karat(["parse"]).success();
        p.karat(["ls"]).success();
    });
}
