//! Makes a filter of common passwords from lists with one password per line:
//! `cargo run --release -p password --example build_filter -- OUT LIST…`
//!
//! The embedded filter was made with it; see `common-passwords.md`.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use password::common::CommonPasswords;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = env::args_os().skip(1).map(PathBuf::from);
    let out = paths
        .next()
        .ok_or("say where to write the filter, then the lists")?;
    let mut passwords = Vec::new();
    for path in paths {
        passwords.extend(fs::read_to_string(path)?.lines().map(str::to_owned));
    }
    let filter = CommonPasswords::build(passwords)?;
    fs::write(out, filter.to_bytes())?;
    eprintln!("{} passwords", filter.len());
    Ok(())
}
