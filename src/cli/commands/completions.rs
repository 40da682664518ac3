//! `karat completions`: a script for the shell's completion.

use super::{Command, CommandSpec, PLAIN};
use crate::cli::args;
use crate::error::{Error, Result};
use clap_complete::Shell;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Completions,
    name: "completions",
    about: "Print a completion script for bash, zsh or fish",
    examples: "  source <(karat completions bash)
  karat completions zsh > ~/.zfunc/_karat
  karat completions fish > ~/.config/fish/completions/karat.fish",
    positional: Some(("shell", "bash, zsh or fish")),
    required: true,
    ..PLAIN
};

/// The script of a shell for a program of this name.
///
/// # Errors
/// A shell that is not known.
pub fn script(shell: &str, program: &str) -> Result<String> {
    let shell: Shell = shell.parse().map_err(|_| {
        Error::runtime(format!("there are no completions for `{shell}`"))
            .help("it is one of `bash`, `zsh`, `fish`, `elvish`, `powershell`")
    })?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::parser(program), program, &mut script);
    Ok(String::from_utf8_lossy(&script).into_owned())
}
