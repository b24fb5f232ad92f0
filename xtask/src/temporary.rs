//! Servers that live as long as a test run.
//!
//! A server is started under a small shell that waits for its own standard input to close and then stops the server and
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
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

/// A running server. Dropping it stops the server and removes its files.
pub(crate) struct Server {
    supervisor: Child,
}

impl Server {
    /// Starts a server as an account, and waits until `ready` succeeds.
    ///
    /// # Errors
    ///
    /// When it doesn't start; its log is in the message.
    pub(crate) fn start(
        name: &str,
        account: &Account,
        folder: Folder,
        server: &Command,
        mut ready: Command,
    ) -> Result<Self> {
        let mut supervisor = account.command(Path::new("sh"));
        supervisor
            .args(["-c", SUPERVISOR, "sh"])
            .arg(&folder.path)
            .arg(server.get_program())
            .args(server.get_args());
        let supervisor = supervisor
            .current_dir(&folder.path)
            .stdin(Stdio::piped())
            .spawn()?;
        let folder = folder.keep();
        let server = Self { supervisor };
        let start = Instant::now();
        ready.stdout(Stdio::null()).stderr(Stdio::null());
        while !ready.status().is_ok_and(|status| status.success()) {
            if start.elapsed() > START_TIMEOUT {
                let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
                bail!(
                    "{name} did not start within {} s; its log:\n{log}",
                    START_TIMEOUT.as_secs()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        eprintln!("{name} runs, its files are in {}", folder.display());
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

/// Who runs a server: us, or the account that Debian's package made for it when we are root, for servers refuse to run as root.
pub(crate) struct Account {
    ids: Option<(u32, u32)>,
}

impl Account {
    /// Us, or this account.
    ///
    /// # Errors
    ///
    /// When we are root and there is no such account.
    pub(crate) fn to_run_as(name: &str) -> Result<Self> {
        let id = |arguments: &[&str]| {
            shell::output(Command::new("id").args(arguments))?
                .parse::<u32>()
                .ok()
        };
        if id(&["-u"]) != Some(0) {
            return Ok(Self { ids: None });
        }
        let ids = id(&["-u", name]).zip(id(&["-g", name]));
        let ids = ids.with_context(|| {
            format!("no account `{name}` to run the server as (it refuses to run as root)")
        })?;
        Ok(Self { ids: Some(ids) })
    }

    /// A command that runs as this account.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }

    /// Gives the account a file.
    ///
    /// # Errors
    ///
    /// When that is not allowed.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        if let Some((user, group)) = self.ids {
            chown(path, Some(user), Some(group))?;
        }
        Ok(())
    }
}

/// A private folder, removed again unless it is kept.
///
/// It is in the folder for temporary files and not in `target`, since another account has to be able to reach it.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
}

impl Folder {
    /// Makes one that only this account may enter.
    ///
    /// # Errors
    ///
    /// When it is there, or can't be made.
    pub(crate) fn create(name: &str, account: &Account) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("kith-{name}-{}", std::process::id()));
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
///
/// # Errors
///
/// When there is none.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Nobody else's.
///
/// # Errors
///
/// Never on Linux.
pub(crate) fn password() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
