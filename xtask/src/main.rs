//! The verbs that need set-up before they can run: `cargo xtask test`, `e2e`, `deny`, `fuzz`, `bench`.
//!
//! `cargo xtask test` is the one command that a newcomer types and that continuous integration calls. It installs or
//! starts everything it needs (see [`tools`]), runs the steps of [`steps::STEPS`] in order, stops at the first that
//! fails, and ends with a table of what ran and how long it took. It never skips a check in silence: what cannot run
//! is a failure that names the missing thing and the command that brings it.
//!
//! Why a program and not a shell script: a temporary PostgreSQL has to be stopped whatever happens, and that is a
//! destructor here. Why hardly any dependency: this is compiled before everything else, on every fresh machine.

mod fuzz;
mod mariadb;
mod postgres;
mod shell;
mod steps;
mod temporary;
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
Usage: cargo xtask VERB

  test [--only STEP…]   every check, in order; with --only, just the steps named
  e2e                   the browser tests and the Arazzo workflow
  deny                  licenses, bans and sources of the dependencies
  fuzz [--seconds N]    random files against every reader and parser, N seconds a target (60)
  bench [ARG…]          the comparisons with the physical limits (release build)
";

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<OsString>) -> Result<()> {
    let arguments: Vec<String> = arguments
        .into_iter()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["test"] => steps::run(&steps::names()),
        ["test", "--only", wanted @ ..] if !wanted.is_empty() => steps::run(wanted),
        ["e2e"] => steps::run(&["tools", "build", "browser", "arazzo"]),
        ["fuzz"] => fuzz::run(60),
        ["fuzz", "--seconds", seconds] => fuzz::run(seconds.parse()?),
        ["deny"] => steps::run(&["deny"]),
        ["bench", arguments @ ..] => {
            shell::run(shell::cargo("run --release --package benches --").args(arguments))
        }
        ["help" | "--help" | "-h"] => {
            eprint!("{USAGE}\nSteps:\n{}", steps::list());
            Ok(())
        }
        _ => bail!("no such verb\n\n{USAGE}\nSteps:\n{}", steps::list()),
    }
}
