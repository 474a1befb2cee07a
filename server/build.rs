//! The folder of the built site must exist for its files to be embedded, even when there are none yet.

use std::{env, fs, io, path::Path};

#[expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts through the environment"
)]
fn main() -> io::Result<()> {
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?;
    let site = Path::new(&package).join("../target/site");
    fs::create_dir_all(&site)?;
    // New files of a release are embedded by compiling again; a debug build reads them from disk.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={}", site.display());
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
    Ok(())
}
