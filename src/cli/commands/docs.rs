//! `karat docs generate` and `karat docs serve`: the catalog of the project, and a server for it.

use super::nodes::compile;
use super::nodes::execute::run_task;
use super::{Command, CommandSpec, PLAIN};
use crate::artifacts::{Catalog, write_text};
use crate::cli::selection::{Choice, chosen};
use crate::cli::session::{Opened, Opening};
use crate::docs::{self, Server, Wanted};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::event::Event;
use crate::manifest::{ResourceType, UniqueId};
use std::collections::HashMap;
use std::path::{Component, Path};

/// What the parser needs to know of `docs generate`.
pub const GENERATE: CommandSpec = CommandSpec {
    command: Command::DocsGenerate,
    name: "docs generate",
    about: "Write catalog.json, manifest.json and a page that shows them",
    examples: "  karat docs generate
  karat docs generate --static          one file that works without a server
  karat docs generate --empty-catalog   without asking the database",
    flags: &["select", "exclude", "selector", "compile", "static", "empty-catalog", "empty"],
    ..PLAIN
};

/// What the parser needs to know of `docs serve`.
pub const SERVE: CommandSpec = CommandSpec {
    command: Command::DocsServe,
    name: "docs serve",
    about: "Serve the target folder to a browser",
    examples: "  karat docs serve --port 8001",
    flags: &["host", "port", "browser"],
    ..PLAIN
};

/// Generates; the exit code: 1 where a node does not compile, or the database does not answer.
///
/// # Errors
/// The project cannot be opened; the disk refuses.
pub fn generate(opening: &Opening) -> Result<u8> {
    let opened = opening.open()?;
    let given = &opening.start.invocation.given;
    let compiles = given.bool("compile") != Some(false);
    let code = if compiles { run_task(&opened, &compile::TASK)?.1 } else { 0 };
    if code != 0 {
        note(&opened, "CannotGenerateDocs", "compile failed, cannot generate docs");
        return Ok(code);
    }
    let target = opened.session.target_path.clone();
    write_text(&target.join("index.html"), docs::index())?;
    copy_assets(&opened, &target)?;
    let catalog = match given.bool("empty-catalog") == Some(true) {
        true => Catalog::default(),
        false => collect(&opened, compiles)?,
    };
    if opening.interrupt.asked() {
        // The catalog that stands there is better than half of a new one.
        return Err(Error::new(ErrorKind::Interrupted, "stopped: no catalog was written"));
    }
    let path = target.join("catalog.json");
    catalog.write(&path, &opened.artifact_invocation())?;
    let shown = path.display().to_string();
    opening.reporter.report(Event::ArtifactWritten { kind: "CatalogArtifact", path: shown.clone() });
    if given.bool("static") == Some(true) {
        // As dbt, `--no-compile` writes no manifest of its own; the page alone cannot do without one.
        if !target.join("manifest.json").exists() {
            opened.write_manifest(&HashMap::new(), &HashMap::new())?;
        }
        write_static(&target)?;
    }
    if !catalog.errors.is_empty() {
        let n = catalog.errors.len();
        for why in &catalog.errors {
            // Under `--warn-error` this is what ends the command.
            let error = Error::compilation(format!("Encountered an error while generating catalog: {why}"));
            opening.reporter.report(Event::Warning { name: "CatalogGenerationError", error });
        }
        let message = format!(
            "dbt encountered {n} failure{} while writing the catalog",
            ["s", ""][usize::from(n == 1)]
        );
        opening
            .reporter
            .report(Event::Warning { name: "WriteCatalogFailure", error: Error::runtime(message) });
    }
    note(&opened, "CatalogWritten", &format!("Catalog written to {shown}"));
    Ok(u8::from(!catalog.errors.is_empty()))
}

/// The catalog of what is selected; of everything where nothing was compiled (dbt's rule).
fn collect(opened: &Opened, compiled: bool) -> Result<Catalog> {
    note(opened, "BuildingCatalog", "Building catalog");
    let run = opened.run_over(Vec::new())?;
    let wanted = if compiled { Wanted::Only(selected(opened)?.into_iter().collect()) } else { Wanted::All };
    let catalog = docs::collect(&run, &wanted);
    run.sessions.close();
    catalog
}

fn selected(opened: &Opened) -> Result<Vec<UniqueId>> {
    use ResourceType::{Model, Seed, Snapshot, Source};
    let graph = opened.graph(false)?;
    let choice = Choice { graph: &graph, kinds: &[Model, Seed, Snapshot, Source], without_empty: false };
    chosen(opened, &choice)
}

fn note(opened: &Opened, name: &'static str, message: &str) {
    opened.session.reporter.report(Event::Note { name, message: message.to_string() });
}

fn refused(path: &Path, why: std::io::Error) -> Error {
    Error::runtime(format!("`{}` cannot be written: {why}", path.display())).located(Location::file(path))
}

fn write_static(target: &Path) -> Result<()> {
    let read = |name: &str| {
        let path = target.join(name);
        crate::disk::read_text(&path).map_err(|why| {
            Error::runtime(format!("`{}` cannot be read: {why}", path.display()))
                .located(Location::file(&path))
        })
    };
    write_text(
        &target.join("static_index.html"),
        &docs::with_data(&read("manifest.json")?, &read("catalog.json")?),
    )
}

/// The folders of `asset-paths`, for descriptions that show pictures.
fn copy_assets(opened: &Opened, target: &Path) -> Result<()> {
    let root = &opened.session.root;
    for asset in &opened.project.main().file.paths.assets {
        let (from, to) = (root.join(asset), target.join(asset));
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if !Path::new(asset).components().all(inside) {
            return Err(Error::runtime(format!("`asset-paths` leads out of the project: `{asset}`"))
                .located(Location::file("dbt_project.yml"))
                .help("its folders are copied into the target folder, under the same names"));
        }
        if !from.is_dir() || from == to {
            continue;
        }
        for entry in walkdir::WalkDir::new(&from).into_iter().flatten().filter(|it| it.file_type().is_file())
        {
            let Ok(below) = entry.path().strip_prefix(&from) else { continue };
            let place = to.join(below);
            let folder = place.parent().unwrap_or(&to);
            std::fs::create_dir_all(folder).map_err(|why| refused(&place, why))?;
            crate::disk::claim(&place);
            std::fs::copy(entry.path(), &place).map_err(|why| refused(&place, why))?;
        }
    }
    Ok(())
}

/// Serves until Ctrl-C; the exit code.
///
/// # Errors
/// The project cannot be read; the port is taken.
pub fn serve(opening: &Opening) -> Result<u8> {
    let given = &opening.start.invocation.given;
    let project = opening.load()?;
    let target = project.target_path.clone();
    write_text(&target.join("index.html"), docs::index())?;
    let port = given.int("port").unwrap_or(8080);
    let port = u16::try_from(port).map_err(|_| {
        Error::new(crate::error::ErrorKind::Usage, format!("`{port}` is no port"))
            .help("a port is a number from 0 to 65535")
    })?;
    let server = Server::bind(given.text("host").unwrap_or("127.0.0.1"), port, &target)?;
    let address = server.address()?;
    let text = format!(
        "Serving docs at {}\nTo access from your browser, navigate to: http://{address}\n\nPress Ctrl+C to exit.",
        address.port()
    );
    opening.reporter.report(Event::Output { text });
    opening.interrupt.on_interrupt(|| ());
    server.run(&opening.interrupt.flag());
    Ok(0)
}
