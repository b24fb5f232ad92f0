//! The commands, run as people and scripts run them.

mod doctor;
mod export;
mod hash;
mod import;
mod serve;
mod survival;
mod trust;
mod usage;
mod workflows;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own, in which commands are run with nothing else set.
pub struct Shell {
    folder: TempDir,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Shell {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder is made"),
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `kith` with these arguments.
    pub fn kith(&self, arguments: &[&str]) -> Said {
        self.kith_with(&[], arguments)
    }

    /// [`Shell::kith`] with this on its standard input.
    pub fn kith_fed(&self, input: &str, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let mut stdin = command.stdin.take().expect("it is piped");
        let input = input.to_owned();
        // On a thread of its own, since the command answers while it reads.
        let feeding = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = command.wait_with_output().expect("the command ends");
        // A command that refuses its arguments reads nothing.
        let _ = feeding.join().expect("the thread ends");
        Said::of(&output)
    }

    /// [`Shell::kith`] with these variables in the environment.
    pub fn kith_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .envs(variables.iter().copied());
        Said::of(&command.output().expect("the command runs"))
    }
}

impl Said {
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The one JSON object on standard output.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
