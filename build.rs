//! Lets the binaries find DuckDB's shared library without `LD_LIBRARY_PATH`.
//!
//! The library is copied beside the binary (`target/<profile>/`), and binaries look beside
//! themselves (`karat`) and one folder up (tests in `deps/`). So a release is a folder of two files.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The release for which the crate `duckdb` is pinned, as `scripts/setup-duckdb` names its folder.
const DUCKDB_VERSION: &str = "1.5.6";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    // cargo takes two checkouts in one target folder for the same package
    println!("cargo:rerun-if-env-changed=KARAT_CHECKOUT");
    if env::var_os("CARGO_FEATURE_DUCKDB").is_none() || env::var_os("CARGO_FEATURE_BUNDLED").is_some() {
        return Ok(());
    }
    for name in ["DUCKDB_LIB_DIR", "KARAT_CACHE"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    let macos = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "macos");
    let (origin, file) =
        if macos { ("@loader_path", "libduckdb.dylib") } else { ("$ORIGIN", "libduckdb.so") };
    let library = library_folder().map(|folder| folder.join(file)).filter(|path| path.exists());
    match library {
        Some(library) => {
            set_search_path(&[origin.to_owned(), format!("{origin}/..")]);
            copy_beside_binary(&library)
        }
        // `libduckdb-sys` downloads the library into `deps/`, or it is installed in the system
        None => {
            set_search_path(&[origin.to_owned(), format!("{origin}/deps")]);
            Ok(())
        }
    }
}

/// Where the prebuilt library is: the folder asked for, else the one of `scripts/setup-duckdb`, so
/// that a plain `cargo build` works after it ran once.
fn library_folder() -> Option<PathBuf> {
    if let Some(folder) = env::var_os("DUCKDB_LIB_DIR") {
        return Some(PathBuf::from(folder));
    }
    let cache = match env::var_os("KARAT_CACHE") {
        Some(cache) => PathBuf::from(cache),
        None => Path::new(&env::var_os("HOME")?).join(".cache/karat"),
    };
    let downloads = env::var("DUCKDB_DOWNLOAD_LIB").is_ok_and(|value| value != "0");
    Some(cache.join("duckdb").join(DUCKDB_VERSION)).filter(|_| !downloads)
}

/// Folders, relative to a binary, in which the system's loader looks for libraries.
fn set_search_path(folders: &[String]) {
    for folder in folders {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}

/// Puts the library into `target/<profile>/` and tells the linker, and the runner of documentation
/// tests, to look there.
fn copy_beside_binary(library: &Path) -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let (Some(profile), Some(name)) = (out.ancestors().nth(3), library.file_name()) else {
        return Err(io::Error::other("cargo's OUT_DIR is not `target/<profile>/build/<package>/out`"));
    };
    let copy = profile.join(name);
    if !same_file(library, &copy) {
        replace(library, &copy)?;
    }
    println!("cargo:rerun-if-changed={}", library.display());
    println!("cargo:rerun-if-changed={}", copy.display());
    println!("cargo:rustc-link-search=native={}", profile.display());
    Ok(())
}

/// Whether the copy has the length and the time of the original.
fn same_file(original: &Path, copy: &Path) -> bool {
    let stamp = |path: &Path| fs::metadata(path).and_then(|meta| Ok((meta.len(), meta.modified()?)));
    matches!((stamp(original), stamp(copy)), (Ok(a), Ok(b)) if a == b)
}

/// Copies by renaming, since a running binary may have the old copy mapped; keeps the time, by
/// which cargo sees whether anything changed.
fn replace(original: &Path, copy: &Path) -> io::Result<()> {
    let new = copy.with_extension("new");
    fs::copy(original, &new)?;
    File::options().write(true).open(&new)?.set_modified(fs::metadata(original)?.modified()?)?;
    fs::rename(new, copy)
}
