//! The `kith` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    kith::cli::run(std::env::args_os())
}
