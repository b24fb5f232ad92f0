//! The command line: one file a command. A command parses its arguments, opens the installation and calls use cases.
//!
//! Exit codes: 0 done; 1 failed, nothing more was done; 2 usage; 3 finished, and some rows or items were refused.

mod bootstrap;
mod demo;
mod doctor;
mod export;
mod hash;
mod import;
mod keys;
mod openapi;
mod passwords;
mod serve;
mod verify;
mod workflows;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Parser, Subcommand};

use crate::config::{Config, SETTINGS, Values};
use crate::logging;

/// Kith: a self-hosted identity platform that moves people in without a password reset.
#[derive(Debug, Parser)]
#[command(
    name = "kith",
    version,
    about,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    /// The file of settings.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingFlags,
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::DemoCommand),
    Serve(serve::Serve),
    Bootstrap(bootstrap::Bootstrap),
    Import(import::ImportCommand),
    Export(export::ExportCommand),
    Verify(verify::Verify),
    Hash(hash::HashCommand),
    Passwords(passwords::Passwords),
    Keys(keys::Keys),
    Workflows(workflows::Workflows),
    Doctor(doctor::Doctor),
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApi),
}

/// Runs the command and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to do when even this can't be printed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match execute(cli) {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    let flags = &cli.settings.0;
    let config = match cli.command {
        Verb::Demo(_) => demo::settings(flags),
        _ => Config::load(flags, &environment(), cli.config.as_deref()),
    };
    if let Ok(config) = &config {
        logging::start(config);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match (cli.command, config) {
            (Verb::Doctor(doctor), config) => doctor.run(config).await,
            (_, Err(error)) => {
                complain(&error.to_string());
                Ok(ExitCode::from(2))
            }
            (Verb::Demo(demo), Ok(config)) => Box::pin(demo.run(config, flags)).await,
            (Verb::Serve(serve), Ok(config)) => serve.run(config).await,
            (Verb::Bootstrap(bootstrap), Ok(config)) => bootstrap.run(config).await,
            (Verb::Import(import), Ok(config)) => Box::pin(import.run(config)).await,
            (Verb::Export(export), Ok(config)) => export.run(config).await,
            (Verb::Verify(verify), Ok(config)) => verify.run(config).await,
            (Verb::Hash(hash), Ok(_)) => hash.run(),
            (Verb::Passwords(passwords), Ok(_)) => passwords.run(),
            (Verb::Keys(keys), Ok(config)) => keys.run(config).await,
            (Verb::Workflows(workflows), Ok(config)) => Box::pin(workflows.run(config)).await,
            (Verb::OpenApi(_), Ok(_)) => openapi::OpenApi::run(),
        }
    })
}

/// Every environment variable that is text.
fn environment() -> Values {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Prints a line of the answer to standard output.
#[expect(
    clippy::print_stdout,
    reason = "a command's answer belongs on standard output"
)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

#[expect(
    clippy::print_stderr,
    reason = "the command line complains on standard error, before there is a log"
)]
fn complain(message: &str) {
    eprintln!("kith: {message}");
}

/// A flag for each setting, made from the table.
#[derive(Debug, Default)]
struct SettingFlags(Values);

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |name: &str| {
            matches
                .get_one::<String>(name)
                .map(|value| (name.to_owned(), value.clone()))
        };
        Ok(Self(
            SETTINGS
                .iter()
                .filter_map(|setting| given(setting.name))
                .collect(),
        ))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().fold(command, |command, setting| {
            command.arg(
                Arg::new(setting.name)
                    .long(setting.name.replace('_', "-"))
                    .value_name(setting.name.to_uppercase())
                    .help(format!(
                        "{} [default: {}]",
                        setting.about,
                        if setting.default.is_empty() {
                            "none"
                        } else {
                            setting.default
                        }
                    ))
                    .help_heading("Settings")
                    .hide_short_help(true)
                    .global(true),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_has_a_flag() {
        let cli =
            Cli::try_parse_from(["kith", "serve", "--public-url", "https://auth.example.com"])
                .unwrap();
        assert_eq!(cli.settings.0["public_url"], "https://auth.example.com");
    }
}
