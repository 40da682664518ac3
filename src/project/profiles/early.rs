//! What must stay secret is known before the first line is said: arguments may repeat a password of profiles.yml.

use super::{Choice, profile_name, read, search_path};
use crate::project::environment::{Environment, Secrets};
use crate::project::load::find_root;
use crate::project::project_file::{self, FILE_NAME};
use crate::project::render::Renderer;
use crate::project::{Flags, Map};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Hides the passwords of the output that a command would choose. What cannot be read is told later, by the command;
/// here its lines are looked through.
pub fn hide_passwords(flags: &Flags, environment: &Arc<Environment>, working_dir: &Path) {
    let root = find_root(flags, working_dir);
    let home = environment.get("HOME").map(PathBuf::from);
    let places = search_path(flags, working_dir, home.as_deref(), &root);
    if chosen(flags, environment, (&root, &places)).is_none() {
        let path = places.iter().map(|dir| dir.join(super::FILE_NAME)).find(|path| path.is_file());
        let text = path.and_then(|path| crate::disk::read(&path).ok()).unwrap_or_default();
        environment.hide_output(&lines(&String::from_utf8_lossy(&text)));
    }
}

/// Choosing a target hides its passwords.
fn chosen(flags: &Flags, environment: &Arc<Environment>, (root, places): (&Path, &[PathBuf])) -> Option<()> {
    let raw = project_file::read(root, FILE_NAME, &mut Vec::new()).ok()?;
    let renderer = Renderer::new(environment, &flags.vars, Secrets::Refused, None).ok()?;
    let profile = profile_name(flags, &raw, &renderer).ok()?;
    let (_, file) = read(places, &profile).ok()?;
    let choice = Choice { file: &file, profile: &profile, flags, environment };
    choice.target(root).ok().map(|_| ())
}

/// `key: value` of every line and of every part of it, each key by its place so that none takes the place of another.
fn lines(text: &str) -> Map {
    let pair = |(at, part): (usize, &str)| {
        let (key, value) = part.split_once(':')?;
        let value = value.trim().trim_matches(['"', '\'']);
        let plain = !value.is_empty() && !value.contains("{{");
        plain.then(|| (format!("{} {at}", key.trim()), value.into()))
    };
    text.lines().chain(text.split(['\n', ',', '{', '}'])).enumerate().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_hides_its_passwords_too() {
        let check = |profiles: &str, typed: &str, expect: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("profiles.yml"), profiles).expect("a file");
            std::fs::write(folder.path().join("dbt_project.yml"), "name: a\nprofile: a\n").expect("a file");
            let environment = Arc::new(Environment::new([("PW".to_string(), "hunter4x".to_string())]));
            hide_passwords(&Flags::default(), &environment, folder.path());
            assert_eq!(environment.scrub(typed), expect);
        };
        let sound =
            "a: {target: dev, outputs: {dev: {type: postgres, user: postgres, password: hunter2x}}}\n";
        check(sound, "{t: hunter2x} postgres", "{t: *****} postgres");
        check(
            "a: {target: dev, outputs: {dev: {type: x, password: \"{{ env_var('PW') }}\"}}}\n",
            "hunter4x",
            "*****",
        );
        check(
            "a:\n  outputs:\n    dev:\n      password: 'hunter3x'\n      port: [\n",
            "hunter3x 5",
            "***** 5",
        );
        check("a: {outputs: {dev: {password: hunter5x, port: [}}\n", "hunter5x", "*****");
        check("", "nothing", "nothing");
    }
}
