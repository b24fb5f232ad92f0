//! A PostgreSQL that lives as long as a test run.
//!
//! `initdb` and `postgres` refuse to run as root, so a root user borrows the account `postgres` that Debian's package
//! makes. The server listens on the loopback address with a random password, keeps its files in a private folder, and
//! trades safety for speed (`fsync=off`): nothing in it is meant to survive.
//!
//! It is started under a small shell that waits for its own standard input to close and then stops the server and
//! removes the files. So they go when the run ends, also when it ends by Ctrl-C or by a kill, where no destructor runs.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::shell;

/// Far longer than it takes (half a second), far shorter than patience.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// Stops the server when the pipe on standard input closes, in whatever way our own process ended.
const SUPERVISOR: &str = r#"
trap '' INT
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

/// A running server. Dropping it stops the server and removes its files.
pub(crate) struct Postgres {
    supervisor: Child,
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
        let account = Account::to_run_as()?;
        let password = password()?;
        let folder = Folder::create(&account)?;
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
        let mut supervisor = account.command(Path::new("sh"));
        supervisor
            .args(["-c", SUPERVISOR, "sh"])
            .arg(&folder.path)
            .arg(bin.join("postgres"))
            .arg("-D")
            .arg(&data);
        supervisor
            .arg("-p")
            .arg(port.to_string())
            .arg("-k")
            .arg(&folder.path);
        for setting in SETTINGS {
            supervisor.args(["-c", setting]);
        }
        let supervisor = supervisor
            .current_dir(&folder.path)
            .stdin(Stdio::piped())
            .spawn()?;
        let folder = folder.keep();

        let url = format!("postgres://kith:{password}@127.0.0.1:{port}/postgres");
        let server = Self { supervisor, url };
        wait_until_ready(&bin, port, &folder)?;
        eprintln!(
            "PostgreSQL runs on port {port}, files in {}",
            folder.display()
        );
        Ok(server)
    }

    /// The address of the maintenance database, as a superuser who may create others.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

fn wait_until_ready(bin: &Path, port: u16, folder: &Path) -> Result<()> {
    let start = Instant::now();
    let mut ready = Command::new(bin.join("pg_isready"));
    ready.args([
        "--quiet",
        "--host=127.0.0.1",
        "--username=kith",
        "--dbname=postgres",
        "--port",
    ]);
    ready.arg(port.to_string());
    while !ready.status().is_ok_and(|status| status.success()) {
        if start.elapsed() > START_TIMEOUT {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            bail!(
                "PostgreSQL did not start within {} s; its log:\n{log}",
                START_TIMEOUT.as_secs()
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
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

/// Who runs the server: us, or `postgres` when we are root.
struct Account {
    ids: Option<(u32, u32)>,
}

impl Account {
    fn to_run_as() -> Result<Self> {
        let id = |arguments: &[&str]| {
            shell::output(Command::new("id").args(arguments))?
                .parse::<u32>()
                .ok()
        };
        if id(&["-u"]) != Some(0) {
            return Ok(Self { ids: None });
        }
        let ids = id(&["-u", "postgres"]).zip(id(&["-g", "postgres"]));
        let ids = ids.context(
            "no account `postgres` to run the server as (PostgreSQL refuses to run as root)",
        )?;
        Ok(Self { ids: Some(ids) })
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }

    fn own(&self, path: &Path) -> Result<()> {
        if let Some((user, group)) = self.ids {
            chown(path, Some(user), Some(group))?;
        }
        Ok(())
    }
}

/// A private folder, removed again unless it is kept.
///
/// It is in the folder for temporary files and not in `target`, since another account has to be able to reach it.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn create(account: &Account) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("kith-postgres-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("could not make {}", path.display()))?;
        let folder = Self { path };
        fs::set_permissions(&folder.path, fs::Permissions::from_mode(0o700))?;
        account.own(&folder.path)?;
        Ok(folder)
    }

    /// Leaves the removal to someone else.
    fn keep(mut self) -> PathBuf {
        std::mem::take(&mut self.path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Taken and given back at once. Someone could take it before the server does; then the start fails and says so.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn password() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
