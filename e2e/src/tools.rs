//! Where the programs and files are that the tests need. `cargo xtask` puts them there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, anyhow, bail};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("e2e is a folder of the repository")
}

/// The build folder that this test was built in.
pub(crate) fn target() -> Result<PathBuf> {
    let test = std::env::current_exe()?; // target/debug/deps/browser-0123456789abcdef
    test.ancestors()
        .nth(3)
        .map(Path::to_owned)
        .context("tests are built three folders below the build folder")
}

/// A file of an npm package that `xtask/npm/package.json` lists, such as `axe-core/axe.min.js`.
///
/// # Errors
///
/// When it is not installed; the message says how to.
pub fn npm_file(path: &str) -> Result<PathBuf> {
    let file = target()?.join("tools/npm/node_modules").join(path);
    if !file.is_file() {
        bail!(
            "{} is missing: run `cargo xtask test --only tools`, which installs it",
            file.display()
        );
    }
    Ok(file)
}

/// The Node.js to run npm packages with: `KITH_TEST_NODE`, or the one on the path.
#[must_use]
pub fn node() -> OsString {
    std::env::var_os("KITH_TEST_NODE").unwrap_or_else(|| OsString::from("node"))
}

/// The server to test: `KITH_TEST_BIN`, or else what the sources say now, built once for all tests of a run.
pub(crate) fn kith() -> Result<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();

    if let Some(chosen) = std::env::var_os("KITH_TEST_BIN") {
        return Ok(PathBuf::from(chosen));
    }
    BUILT
        .get_or_init(|| build().map_err(|error| format!("{error:#}")))
        .clone()
        .map_err(|error| anyhow!(error))
}

/// With a test in the selection, so that tests and server share the features of their dependencies: the server alone
/// would have cargo compile most of them once more.
fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let target = target()?;
    let selection = "build --quiet --workspace --bin kith --test browser --test arazzo";
    let mut build = Command::new(cargo);
    build.args(selection.split(' ')).current_dir(root());
    build.arg("--target-dir").arg(&target);
    if !build.status().context("could not start cargo")?.success() {
        bail!("the server does not build: see what cargo said above");
    }
    Ok(target.join("debug/kith"))
}
