//! `karat init`: a new project from the template, complete and green on the embedded database.

use super::{Command, CommandSpec, PLAIN};
use crate::error::{Error, Result};
use crate::event::{Event, Reporter};
use include_dir::{Dir, File, include_dir};
use std::fs;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Init,
    name: "init",
    about: "Make a new project that builds at once",
    examples: "  karat init shop && cd shop && karat build
  karat init shop --skip-profile-setup  without a profiles.yml",
    positional: Some(("project_name", "Name of the project: letters, digits, underscores")),
    flags: &["skip-profile-setup"],
    ..PLAIN
};

static TEMPLATE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/project_template");

/// What stands in the template where the project's name belongs.
const PLACEHOLDER: &str = "__project__";
const PROFILES: &str = "profiles.yml";

/// What is to be made.
pub struct NewProject<'a> {
    /// Its name.
    pub name: &'a str,
    /// The folder in which its folder is made.
    pub parent: &'a Path,
    /// A profile that exists already, to be named in dbt_project.yml.
    pub profile: Option<&'a str>,
    /// Is a profiles.yml written?
    pub with_profiles: bool,
}

/// Makes the project; gives its folder. Where something fails, nothing is left behind.
///
/// # Errors
/// A name that is none, a folder that exists, a file that cannot be written.
pub fn run(new: &NewProject, reporter: &dyn Reporter) -> Result<PathBuf> {
    check_name(new.name)?;
    let folder = new.parent.join(new.name);
    if folder.symlink_metadata().is_ok() {
        return Err(Error::runtime(format!("`{}` already exists here", new.name))
            .help("give another name, or work inside that folder"));
    }
    let beside = tempfile::Builder::new()
        .prefix(&format!(".{}-", new.name))
        .tempdir_in(new.parent)
        .map_err(|why| cannot("write into", new.parent, &why))?;
    for file in files(&TEMPLATE) {
        write(file, new, beside.path())?;
    }
    let beside = beside.keep();
    open_to_read(&beside);
    if let Err(why) = fs::rename(&beside, &folder) {
        let _ = fs::remove_dir_all(&beside);
        return Err(cannot("make", &folder, &why));
    }
    let text = format!(
        "\nYour new project \"{name}\" was created!\n\nTry it:\n\n  cd {name}\n  karat build\n",
        name = new.name
    );
    reporter.report(Event::Note { name: "ProjectCreated", message: text });
    Ok(folder)
}

/// Writes the template's profiles.yml into the folder of a project that has none.
///
/// # Errors
/// There is one already, or none can be written.
pub fn profile(root: &Path, profile: &str, reporter: &dyn Reporter) -> Result<()> {
    let path = root.join(PROFILES);
    if path.symlink_metadata().is_ok() {
        return Err(Error::runtime(format!("`{}` has no profile `{profile}` that works", path.display()))
            .help("`karat debug` says what is wrong with it"));
    }
    let template = TEMPLATE.get_file(PROFILES).map(File::contents).unwrap_or_default();
    let text = String::from_utf8_lossy(template).replace(PLACEHOLDER, profile);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    for_owner_alone(&mut options);
    let written = options.open(&path).and_then(|mut open| open.write_all(text.as_bytes()));
    written.map_err(|why| cannot("write", &path, &why))?;
    let said = format!("Profile {profile} written to {}", path.display());
    reporter.report(Event::Note { name: "ProfileWrittenWithTargetTemplateYAML", message: said });
    Ok(())
}

/// Asks for a name on a terminal.
///
/// # Errors
/// No terminal to ask on.
pub fn ask_name() -> Result<String> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(Error::runtime("a new project needs a name").help("`karat init my_project`"));
    }
    crate::ui::print("Name of the project (letters, digits, underscores): ");
    let _ = std::io::stdout().flush();
    let mut line = String::new();
    input.lock().read_line(&mut line).map_err(|why| Error::runtime(format!("cannot read a name: {why}")))?;
    Ok(line.trim().to_string())
}

/// A name of letters, digits and underscores that does not begin with a digit.
fn check_name(name: &str) -> Result<()> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    Err(Error::runtime(format!("`{name}` is not a valid project name"))
        .help("a name is made of letters, digits and underscores, and does not begin with a digit"))
}

fn files<'a>(folder: &'a Dir<'a>) -> Vec<&'a File<'a>> {
    folder.files().chain(folder.dirs().flat_map(files)).collect()
}

fn write(file: &File, new: &NewProject, folder: &Path) -> Result<()> {
    if file.path() == Path::new(PROFILES) && (!new.with_profiles || new.profile.is_some()) {
        return Ok(());
    }
    let path = folder.join(file.path());
    let text = String::from_utf8_lossy(file.contents());
    let text = match (new.profile, file.path() == Path::new("dbt_project.yml")) {
        (Some(profile), true) => {
            text.replace(&format!("profile: {PLACEHOLDER}"), &format!("profile: {profile}"))
        }
        _ => text.into_owned(),
    };
    let text = text.replace(PLACEHOLDER, new.name);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|why| cannot("make", parent, &why))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    if file.path() == Path::new(PROFILES) {
        for_owner_alone(&mut options);
    }
    let written = options.open(&path).and_then(|mut open| open.write_all(text.as_bytes()));
    written.map_err(|why| cannot("write", &path, &why))
}

/// profiles.yml may come to hold passwords.
fn for_owner_alone(options: &mut fs::OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// A temporary folder is its owner's alone; a project is not.
fn open_to_read(folder: &Path) {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        let _ = fs::set_permissions(folder, mode);
    }
    #[cfg(not(unix))]
    let _ = folder;
}

fn cannot(what: &str, path: &Path, why: &std::io::Error) -> Error {
    Error::runtime(format!("cannot {what} `{}`: {why}", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::event::Tee;

    fn make(parent: &Path, name: &str, with_profiles: bool) -> Result<PathBuf> {
        run(&NewProject { name, parent, profile: None, with_profiles }, &Tee(Vec::new()))
    }

    #[test]
    fn a_project_with_its_name_in_it() {
        let parent = tempfile::tempdir().unwrap();
        let folder = make(parent.path(), "shop", true).unwrap();
        let text = fs::read_to_string(folder.join("dbt_project.yml")).unwrap();
        assert!(text.contains("name: shop") && !text.contains(PLACEHOLDER));
        assert!(folder.join("models").is_dir());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&folder.join(PROFILES)), mode(&folder)), (0o600, 0o755));
        }
        let again = make(parent.path(), "shop", true).unwrap_err();
        assert_eq!(again.message(), "`shop` already exists here");
        let bare = make(parent.path(), "bare", false).unwrap();
        assert!(!bare.join(PROFILES).exists());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 2);
    }

    #[test]
    fn names_are_checked() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["", "my-shop", "1st", "a b", "../x", "é"] {
            let fault = make(parent.path(), name, true).unwrap_err();
            assert_eq!(fault.message(), format!("`{name}` is not a valid project name"));
        }
    }
}
