//! The binary: everything it does lives in the library.

use std::process::ExitCode;

/// Manifests are many small texts and maps: with the system's allocator a third of a parse is spent in it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    karat::cli::main()
}
