//! `karat init` within a project: asks for a connection, as `profile_template.yml` says it, and writes the
//! project's profile into profiles.yml.

use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Reporter};
use crate::project::yaml::{Yaml, YamlFile};
use serde_json::{Map, Value as Json};
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The questions of a project, beside its dbt_project.yml.
pub const TEMPLATE: &str = "profile_template.yml";
/// Keys of a question.
const KNOWN: &[&str] = &["default", "hint", "type", "hide_input"];

/// What is to be set up.
pub struct Setup<'a> {
    /// The project's folder.
    pub root: &'a Path,
    /// The folder of profiles.yml.
    pub profiles_dir: PathBuf,
    /// Who answers.
    pub answers: &'a mut dyn BufRead,
}

/// Asks, and writes the profile.
///
/// # Errors
/// A project without a profile, a template that is none, an answer that is missing, a file that cannot be
/// written.
pub fn run(setup: &mut Setup, reporter: &dyn Reporter) -> Result<()> {
    let project = setup.root.join("dbt_project.yml");
    let project = YamlFile::read(&project, "dbt_project.yml", ErrorKind::Runtime)?;
    let profile = project.root.get("profile").and_then(Yaml::as_str).ok_or_else(|| {
        project.fault(&project.root, "the project names no profile").help("add `profile: a_name` to it")
    })?;
    reporter.report(note("SettingUpProfile", "Setting up your profile.".into()));
    let path = setup.profiles_dir.join("profiles.yml");
    let old = crate::disk::read_text(&path).unwrap_or_default();
    let place = place(&old, profile)?;
    if place.is_some() && !overwritten(setup.answers, profile, &path)? {
        return Ok(());
    }
    let target = target(setup)?;
    let block = block(profile, target);
    write(&path, &joined(&old, place, &block))?;
    let message =
        format!("Profile {profile} written to {}. Run 'karat debug' to try the connection.", path.display());
    reporter.report(note("ProfileWritten", message));
    Ok(())
}

fn note(name: &'static str, message: String) -> Event {
    Event::Note { name, message }
}

/// The lines of the profile in the file, from 0; `None` where it is not there.
fn place(text: &str, profile: &str) -> Result<Option<(usize, usize)>> {
    let file = YamlFile::parse("profiles.yml", text.as_bytes(), ErrorKind::Profile)?;
    let keys = file.root.entries();
    let at = keys.iter().position(|(key, _)| key.as_str() == Some(profile));
    let end = |at: usize| keys.get(at + 1).map_or(text.lines().count(), |(key, _)| key.line - 1);
    Ok(at.map(|at| (keys[at].0.line - 1, end(at))))
}

/// The file with the block in place of the old one, or at its end; everything else stays as it is.
fn joined(old: &str, place: Option<(usize, usize)>, block: &str) -> String {
    let lines: Vec<&str> = old.lines().collect();
    let (from, to) = place.unwrap_or((lines.len(), lines.len()));
    // Comments and blank lines before the next profile belong to that one.
    let own = |line: &&str| line.trim().is_empty() || line.starts_with('#');
    let kept = lines[from..to].iter().rev().take_while(|line| own(line)).count();
    let text = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    format!("{}{block}{}", text(&lines[..from]), text(&lines[to - kept..]))
}

/// The profile as YAML; values are written as JSON, which is YAML too.
fn block(profile: &str, mut target: Map<String, Json>) -> String {
    let name = target.shift_remove("target").unwrap_or_else(|| Json::from("dev"));
    let keys = target.iter().map(|(key, value)| format!("      {key}: {value}\n"));
    format!("{profile}:\n  target: {name}\n  outputs:\n    {name}:\n{}", keys.collect::<String>())
}

/// The connection: what the template fixes and asks for.
fn target(setup: &mut Setup) -> Result<Map<String, Json>> {
    let template = YamlFile::read(&setup.root.join(TEMPLATE), TEMPLATE, ErrorKind::Runtime)?;
    let mut target = match template.root.get("fixed").map(Yaml::to_json) {
        Some(Json::Object(fixed)) => fixed,
        _ => Map::new(),
    };
    if let Some(prompts) = template.root.get("prompts") {
        ask_all(&template, prompts, setup.answers, &mut target)?;
    }
    Ok(target)
}

fn ask_all(
    file: &YamlFile,
    prompts: &Yaml,
    answers: &mut dyn BufRead,
    into: &mut Map<String, Json>,
) -> Result<()> {
    for (key, value) in file.expect_map(prompts, "prompts")? {
        let name = file.expect_str(key, "a prompt")?;
        if let Some(what) = name.strip_prefix("_choose") {
            let options = file.expect_map(value, name)?;
            let names: Vec<&str> = options.iter().filter_map(|(key, _)| key.as_str()).collect();
            let question = format!("Desired {} option", what.replace('_', " ").trim());
            let at = chosen(answers, &question, &names)?;
            ask_all(file, &options[at].1, answers, into)?;
        } else if let Some(fixed) = name.strip_prefix("_fixed_") {
            into.insert(fixed.to_string(), value.to_json());
        } else {
            let unknown = file.unknown_keys(value, KNOWN, "a prompt").into_iter().next();
            unknown.map_or(Ok(()), Err)?;
            into.insert(name.to_string(), asked(file, name, value, answers)?);
        }
    }
    Ok(())
}

/// Asks until the answer is of the wanted type; nothing typed takes the default.
fn asked(file: &YamlFile, name: &str, about: &Yaml, answers: &mut dyn BufRead) -> Result<Json> {
    let text = |key: &str| about.get(key).and_then(Yaml::as_str);
    let hint = text("hint").map_or(String::new(), |hint| format!(" ({hint})"));
    let default = about.get("default").filter(|it| !it.is_null()).map(Yaml::to_json);
    let shown = default.as_ref().map_or(String::new(), |it| format!(" [{}]", plain(it)));
    let hidden = about.get("hide_input").and_then(Yaml::as_bool).unwrap_or(false);
    let of = text("type").unwrap_or("string");
    if !["string", "int", "float", "bool"].contains(&of) {
        let known = "the types are: string, int, float, bool";
        return Err(file.fault(about, format!("`{of}` is no type of a prompt")).help(known));
    }
    loop {
        let answer = line(answers, &format!("{name}{hint}{shown}: "), hidden, name)?;
        match (answer.is_empty(), &default) {
            (true, Some(default)) => return Ok(default.clone()),
            (true, None) => {}
            (false, _) => match typed(&answer, of) {
                Some(value) => return Ok(value),
                None => crate::ui::print(&format!("Error: {answer:?} is not a valid {of}.\n")),
            },
        }
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}

fn typed(answer: &str, of: &str) -> Option<Json> {
    match (of, answer.to_ascii_lowercase().as_str()) {
        ("int", _) => answer.parse::<i64>().ok().map(Json::from),
        ("float", _) => answer.parse::<f64>().ok().map(Json::from),
        ("bool", "true" | "t" | "yes" | "y" | "on" | "1") => Some(Json::from(true)),
        ("bool", "false" | "f" | "no" | "n" | "off" | "0") => Some(Json::from(false)),
        ("bool", _) => None,
        _ => Some(Json::from(answer)),
    }
}

/// The number of an option, from 0.
fn chosen(answers: &mut dyn BufRead, question: &str, options: &[&str]) -> Result<usize> {
    let listed: String = options.iter().zip(1..).map(|(name, at)| format!("[{at}] {name}\n")).collect();
    loop {
        let asked = format!("{question}\n{listed}\nEnter a number: ");
        let answer = line(answers, &asked, false, "a number")?;
        match answer.parse::<usize>() {
            Ok(at) if (1..=options.len()).contains(&at) => return Ok(at - 1),
            _ => crate::ui::print(&format!("Error: {answer:?} is none of the numbers.\n")),
        }
    }
}

fn overwritten(answers: &mut dyn BufRead, profile: &str, path: &Path) -> Result<bool> {
    let asked = format!(
        "The profile {profile} already exists in {}. Continue and overwrite it? [y/N]: ",
        path.display()
    );
    Ok(typed(&line(answers, &asked, false, "yes or no")?, "bool") == Some(Json::from(true)))
}

/// One line of the answers, without its end.
fn line(answers: &mut dyn BufRead, question: &str, hidden: bool, what: &str) -> Result<String> {
    crate::ui::print(question);
    let quiet = hidden.then(Quiet::begin);
    let mut line = String::new();
    let read = answers.read_line(&mut line);
    drop(quiet);
    match read {
        Ok(0) => Err(Error::runtime(format!("there is no answer for {what}"))
            .help("run `karat init` on a terminal, or give it the answers line by line")),
        Ok(_) => Ok(line.trim_end_matches(['\n', '\r']).trim().to_string()),
        Err(why) => Err(Error::runtime(format!("cannot read an answer: {why}"))),
    }
}

/// A terminal that does not show what is typed, until this is dropped.
struct Quiet(bool);

impl Quiet {
    fn begin() -> Self {
        let terminal = std::io::stdin().is_terminal();
        Quiet(terminal && echo("-echo"))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if self.0 {
            echo("echo");
            crate::ui::print("\n");
        }
    }
}

fn echo(how: &str) -> bool {
    std::process::Command::new("stty").arg(how).status().is_ok_and(|status| status.success())
}

/// Writes the whole file beside, then renames it; its owner alone may read it.
fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let cannot = |why: std::io::Error| Error::runtime(format!("cannot write `{}`: {why}", path.display()));
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    file.persist(real).map(drop).map_err(|fault| cannot(fault.error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn other_profiles_stay_as_they_are() {
        let check = |old: &str, expect: &str| {
            assert_eq!(joined(old, place(old, "p").unwrap(), "p: new\n"), expect);
        };
        check("", "p: new\n");
        check("# mine\na: 1", "# mine\na: 1\np: new\n");
        check("p:\n  x: 1\n\n# of b\nb: 2\n", "p: new\n\n# of b\nb: 2\n");
        check("a: 1\np: {x: 1}\n", "a: 1\np: new\n");
    }
}
