//! `kith passwords`: the filter of passwords that are too common.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use password::common::CommonPasswords;

use super::say;

/// Build the filter of passwords that are too common.
#[derive(Debug, Args)]
pub(super) struct Passwords {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Build(Build),
}

/// Build a filter from a list of passwords, one a line; name it in the setting `common_passwords`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith passwords build common.txt --out common-passwords.bin")]
struct Build {
    /// The list.
    list: PathBuf,
    /// Where the filter goes.
    #[arg(long, default_value = "common-passwords.bin")]
    out: PathBuf,
}

impl Passwords {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Verb::Build(build) = self.verb;
        let list = File::open(&build.list)
            .with_context(|| format!("can't read {}", build.list.display()))?;
        let lines: Vec<String> = BufReader::new(list)
            .split(b'\n')
            .map(|line| {
                line.map(|bytes| {
                    String::from_utf8_lossy(&bytes)
                        .trim_end_matches('\r')
                        .to_owned()
                })
            })
            .collect::<Result<_, _>>()
            .with_context(|| format!("can't read {}", build.list.display()))?;
        let filter = CommonPasswords::build(lines)?;
        std::fs::write(&build.out, filter.to_bytes())
            .with_context(|| format!("can't write {}", build.out.display()))?;
        say(&format!(
            "{} passwords in {}; set common_passwords = \"{}\"",
            filter.len(),
            build.out.display(),
            build.out.display()
        ));
        Ok(ExitCode::SUCCESS)
    }
}
