//! The password file of libpq: `host:port:database:user:password` a line, `*` for any.

use super::credentials::Credentials;
use std::path::Path;

/// What the file gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The password of the first line that fits.
    pub password: Option<String>,
    /// Why the file was not read, where the user should know.
    pub warning: Option<String>,
}

/// Looks a password up; a file that others may read is ignored, as libpq does.
pub fn look_up(file: &Path, credentials: &Credentials) -> Found {
    let Ok(meta) = std::fs::metadata(file) else { return Found::default() };
    if !meta.is_file() {
        return Found { password: None, warning: Some(format!("`{}` is not a plain file", file.display())) };
    }
    if is_open_to_others(&meta) {
        let warning = format!(
            "the password file `{}` is ignored, since others may read it: set its permissions to 0600",
            file.display()
        );
        return Found { password: None, warning: Some(warning) };
    }
    let text = crate::disk::read(file).unwrap_or_default();
    let host = if credentials.is_socket() { "localhost" } else { &credentials.host };
    let wanted = [host, &credentials.port.to_string(), &credentials.database, &credentials.user];
    Found { password: find(&String::from_utf8_lossy(&text), wanted), warning: None }
}

#[cfg(unix)]
fn is_open_to_others(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

fn find(text: &str, wanted: [&str; 4]) -> Option<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(fields).find_map(|fields| {
        let fits = |(field, wanted): (&(String, bool), &str)| field.0 == *wanted || field.1;
        let all_fit = fields.len() >= 5 && fields.iter().zip(wanted).all(fits);
        all_fit.then(|| fields[4].0.clone())
    })
}

/// The fields of a line, without their backslashes, and whether each is a bare `*`. The fifth is all
/// that is left of the line up to a bare colon.
fn fields(line: &str) -> Vec<(String, bool)> {
    let (mut fields, mut field, mut raw) = (Vec::new(), String::new(), String::new());
    let mut letters = line.trim_end_matches('\r').chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' => {
                fields.push((std::mem::take(&mut field), raw == "*"));
                raw.clear();
                continue;
            }
            '\\' => field.extend(letters.next()),
            other => field.push(other),
        }
        raw.push(letter);
    }
    fields.push((field, raw == "*"));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Option<&str>) {
        assert_eq!(find(line, ["h", "5432", "d", "u"]).as_deref(), expect, "{line}");
    }

    #[test]
    fn the_first_line_that_fits_wins() {
        check("h:5432:d:u:secret", Some("secret"));
        check("# h:5432:d:u:no\n*:*:*:u:a\\:b\\\\c\nh:5432:d:u:later", Some("a:b\\c"));
        check("h:5432:other:u:no\nx", None);
        check("\\*:5432:d:u:no", None);
    }
}
