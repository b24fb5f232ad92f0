//! A PostgreSQL that lives as long as a test run.
//!
//! `initdb` and `postgres` refuse to run as root, so a root user borrows the account `postgres` that Debian's package
//! makes. The server listens on the loopback address with a random password, keeps its files in a private folder, and
//! trades safety for speed (`fsync=off`): nothing in it is meant to survive.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::shell;
use crate::temporary::{Account, Folder, Server, free_port, password};

/// A running server. Dropping it stops the server and removes its files.
pub(crate) struct Postgres {
    _server: Server,
    url: String,
}

impl Postgres {
    /// Makes an empty cluster, starts it on a free port, and waits until it answers.
    ///
    /// # Errors
    ///
    /// When the server programs are not installed, and when the server does not start; its log is in the message.
    pub(crate) fn start() -> Result<Self> {
        let bin =
            bin().context("no PostgreSQL server is installed (apt-get install postgresql)")?;
        let account = Account::to_run_as("postgres")?;
        let password = password()?;
        let folder = Folder::create("postgres", &account)?;
        let password_file = folder.path.join("password");
        fs::write(&password_file, &password)?;
        account.own(&password_file)?;

        let data = folder.path.join("data");
        let mut initdb = account.command(&bin.join("initdb"));
        initdb.args([
            "--username=kith",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--auth=password",
        ]);
        initdb
            .arg("--pwfile")
            .arg(&password_file)
            .arg("--pgdata")
            .arg(&data)
            .stdout(Stdio::null());
        initdb.current_dir(&folder.path);
        shell::run(&mut initdb)?;

        let port = free_port()?;
        let mut postgres = Command::new(bin.join("postgres"));
        postgres.arg("-D").arg(&data);
        postgres.arg("-p").arg(port.to_string());
        postgres.arg("-k").arg(&folder.path);
        for setting in SETTINGS {
            postgres.args(["-c", setting]);
        }
        let mut ready = Command::new(bin.join("pg_isready"));
        ready.args([
            "--quiet",
            "--host=127.0.0.1",
            "--username=kith",
            "--dbname=postgres",
            "--port",
        ]);
        ready.arg(port.to_string());
        let server = Server::start("PostgreSQL", &account, folder, &postgres, ready)?;
        let url = format!("postgres://kith:{password}@127.0.0.1:{port}/postgres");
        Ok(Self {
            _server: server,
            url,
        })
    }

    /// The address of the maintenance database, as a superuser who may create others.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// Speed before durability, and room for many tests at once, each with pools of its own.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "max_connections=500",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "timezone=UTC",
];

/// The folder with the newest server programs: Debian keeps them off the `PATH`, one folder per major version.
pub(crate) fn bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse::<u32>().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .max_by_key(|(version, _)| *version);
    newest
        .map(|(_, bin)| bin)
        .or_else(|| shell::on_path("initdb")?.parent().map(Path::to_owned))
}
