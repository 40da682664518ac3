//! Files that a program wrote, damaged: state, journals, caches.

use super::files::{Folder, NODES};
use super::{Random, fuzz};
use karat::artifacts::{Durations, EarlierManifest, EarlierRun, EarlierSources, interrupted};
use karat::manifest::packed;
use karat::project::Stamps;

#[test]
fn state_reads_anything() {
    let folder = tempfile::tempdir().unwrap();
    let samples = [
        "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v12.json\"}, \"nodes\": {\"model.a.b\": {\"name\": \"b\"}}}",
        "{\"metadata\": {}, \"results\": [{\"unique_id\": \"model.a.b\", \"status\": \"success\"}], \"args\": {\"which\": \"run\"}}",
        "{\"invocation_id\":\"x\",\"args\":{\"which\":\"run\"},\"nodes\":[\"a\"]}\n{\"unique_id\":\"a\",\"status\":\"error\"}\n",
        "{\"metadata\": {}, \"results\": [{\"unique_id\": \"source.a.b.c\", \"status\": \"pass\", \"max_loaded_at\": \"2024-01-01T00:00:00Z\"}]}",
        "{\"model.a.b\": 1.5, \"model.a.c\": 0.0}",
    ];
    let words = ["{", "}", "[", "]", "\"", ":", ",", "null", "1e999", "\\u0000", "\\", "\n", "v4", "success"];
    fuzz(&samples, &words, |text| {
        let path = folder.path().join("karat_durations.json");
        std::fs::write(&path, text).unwrap();
        let _ = EarlierManifest::read(&path);
        let _ = EarlierRun::read(&path);
        let _ = EarlierSources::read(&path).map(|found| {
            found.map(|all| all.results.iter().map(|one| (one.id(), one.loaded_at())).collect::<Vec<_>>())
        });
        std::fs::write(folder.path().join("karat_journal-a.jsonl"), text).unwrap();
        let _ = interrupted(folder.path());
        let _ = Durations::read(folder.path());
    });
}

/// Bytes, a few of them others.
fn damaged(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, random.below(256) as u8),
            2 => drop(bytes.drain(at..(at + random.below(9)).min(bytes.len()))),
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.below(256) as u8),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Hashes guard the parts of a cache; here each part is read as if its hash had fitted.
#[test]
fn caches_read_anything() {
    let folder = Folder::new(NODES);
    let parts: Vec<Vec<u8>> = packed::pack(&folder.parsed().expect("a sound project")).collect();
    let whole: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    assert!(packed::unpack(&whole).is_some());
    let stamps = folder.path().join("target/.karat-files");
    std::fs::create_dir_all(folder.path().join("target")).unwrap();
    folder.load().expect("a sound project").stamps.save();
    let known = std::fs::read(&stamps).unwrap_or_else(|_| b"karat files 1\n\0\0\0".to_vec());
    fuzz(&["0", "1", "2"], &["7"], |text| {
        let seed = text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = Random(seed | 1);
        let mut parts: Vec<Vec<u8>> = parts.clone();
        let at = random.below(parts.len());
        parts[at] = damaged(&parts[at], &mut random);
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let _ = packed::unpack(&parts);
        std::fs::write(&stamps, damaged(&known, &mut random)).unwrap();
        let _ = Stamps::read(stamps.parent().unwrap());
    });
}
