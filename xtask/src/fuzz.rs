//! Fuzzing: random files, made from samples of real ones, against every reader and every parser of what strangers send: exports,
//! hashes, tokens, redirect addresses, identifiers.
//!
//! cargo-fuzz asks for a nightly compiler, for flags that turn on sanitizers. Rust code without `unsafe` needs none, and the
//! flags that count coverage are stable, so they are given here by hand. Only a C++ compiler is needed, for libFuzzer itself.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::shell::{self, cargo};

/// What the fuzzer learns from: which branches are taken, and what is compared with what.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1";

/// A fuzz target, and where samples lie beside its own corpus.
struct Target {
    name: &'static str,
    samples: &'static [&'static str],
}

const TARGETS: &[Target] = &[
    Target {
        name: "sources",
        samples: &["crates/import/fixtures"],
    },
    Target {
        name: "mapping",
        samples: &["crates/import/fixtures"],
    },
    Target {
        name: "organizations",
        samples: &[],
    },
    Target {
        name: "hashes",
        samples: &[],
    },
    Target {
        name: "tokens",
        samples: &[],
    },
    Target {
        name: "redirects",
        samples: &[],
    },
    Target {
        name: "identifiers",
        samples: &[],
    },
];

/// Builds the targets and runs each for so many seconds.
///
/// New inputs that reach new code are kept below `target/fuzz`, so that a later run goes on from there; the corpus in the
/// repository stays as small as it is.
///
/// # Errors
///
/// When a target cannot be built, and when one crashes, hangs or grows: the input is below `fuzz/artifacts` then.
pub(crate) fn run(seconds: u64) -> Result<()> {
    let host = host()?;
    let folder = shell::target().join("fuzz");
    let mut build = cargo("build --release --manifest-path fuzz/Cargo.toml --bins");
    build
        // With a target, the flags are not those of build scripts too.
        .args(["--target", &host, "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", FLAGS);
    shell::run(&mut build)?;
    let programs = folder.join(&host).join("release");
    for target in TARGETS {
        run_target(target, &programs, &folder, seconds)?;
    }
    Ok(())
}

fn run_target(target: &Target, programs: &Path, folder: &Path, seconds: u64) -> Result<()> {
    let name = target.name;
    let found = folder.join("corpus").join(name);
    let artifacts = shell::root().join("fuzz/artifacts").join(name);
    for folder in [&found, &artifacts] {
        fs::create_dir_all(folder)
            .with_context(|| format!("could not make {}", folder.display()))?;
    }
    let mut command = Command::new(programs.join(name));
    command
        .arg(&found)
        .arg(shell::root().join("fuzz/corpus").join(name))
        .args(
            target
                .samples
                .iter()
                .map(|samples| shell::root().join(samples)),
        )
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        // Longer files say nothing new; slower or larger ones are a fault of the parser.
        .args(["-max_len=16384", "-timeout=10", "-rss_limit_mb=1024"])
        .args(["-print_final_stats=1", "-verbosity=0"]);
    shell::run(&mut command)
        .with_context(|| format!("the target {name} failed; its input is in fuzz/artifacts/{name}"))
}

/// The triple of this machine.
fn host() -> Result<String> {
    let told = shell::output(Command::new("rustc").arg("-vV")).context("rustc does not run")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    match host {
        Some(host) => Ok(host.to_owned()),
        None => bail!("rustc does not tell its host"),
    }
}
