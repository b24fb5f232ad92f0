//! A MariaDB that lives as long as a test run: an old system whose table is asked about people.
//!
//! As [`crate::postgres`]: on the loopback address, with a random password, as the account `mysql` where we are root.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::shell;
use crate::temporary::{Account, Folder, Server, free_port, password};

/// A running server. Dropping it stops the server and removes its files.
pub(crate) struct MariaDb {
    _server: Server,
    url: String,
}

impl MariaDb {
    /// Makes an empty server, starts it on a free port, and waits until it answers.
    ///
    /// # Errors
    ///
    /// When the server programs are not installed, and when the server does not start; its log is in the message.
    pub(crate) fn start() -> Result<Self> {
        let mariadbd =
            bin().context("no MariaDB server is installed (apt-get install mariadb-server)")?;
        let account = Account::to_run_as("mysql")?;
        let password = password()?;
        let folder = Folder::create("mariadb", &account)?;
        let data = folder.path.join("data");
        let mut install = account.command("mariadb-install-db".as_ref());
        install
            .args(["--no-defaults", "--skip-test-db"])
            .arg("--auth-root-authentication-method=normal")
            .arg(format!("--datadir={}", data.display()))
            .current_dir(&folder.path)
            .stdout(Stdio::null());
        shell::run(&mut install)?;

        let users = folder.path.join("users.sql");
        fs::write(
            &users,
            format!(
                "create database kith;\n\
                 alter user root@localhost identified by '{password}';\n\
                 create user kith@'127.0.0.1' identified by '{password}';\n\
                 grant all on kith.* to kith@'127.0.0.1';\n"
            ),
        )?;
        account.own(&users)?;
        let port = free_port()?;
        let mut server = Command::new(mariadbd);
        server
            .args(["--no-defaults", "--bind-address=127.0.0.1"])
            .args(["--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"])
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--init-file={}", users.display()))
            .arg(format!("--socket={}", folder.path.join("socket").display()))
            .arg(format!("--pid-file={}", folder.path.join("pid").display()))
            .arg(format!("--port={port}"));
        let mut ready = Command::new("mariadb-admin");
        ready
            .args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1"])
            .args(["--user=kith", "ping"])
            .arg(format!("--password={password}"))
            .arg(format!("--port={port}"));
        let server = Server::start("MariaDB", &account, folder, &server, ready)?;
        let url = format!("mysql://kith:{password}@127.0.0.1:{port}/kith");
        Ok(Self {
            _server: server,
            url,
        })
    }

    /// The address of a database in which tables may be made.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// The server program: Debian keeps it off the `PATH` of people.
pub(crate) fn bin() -> Option<PathBuf> {
    shell::on_path("mariadbd").or_else(|| {
        let usual = PathBuf::from("/usr/sbin/mariadbd");
        usual.is_file().then_some(usual)
    })
}
