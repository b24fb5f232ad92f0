//! Fetching a repository with the git of this machine.
//!
//! An address that somebody typed in a browser is fetched with everything taken away that could lead elsewhere: other protocols,
//! redirects, proxies, settings of the machine, questions at a terminal. The name was resolved and judged before, and git connects
//! to those addresses only, so that a name that answers differently the second time changes nothing. Time and room are limited.

use std::fmt::Write as _;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{Read, Source, SourceError, project};
use crate::secret::Secret;
use crate::workflows::MASK;

/// How long git may take for one thing.
const LIMIT: Duration = Duration::from_mins(1);

/// How much room a copy may take, in bytes.
const MAX_ROOM: u64 = 256 * 1024 * 1024;

/// How much is kept of what git says, in bytes.
const MAX_SAID: u64 = 16 * 1024;

/// How often is looked whether git is done.
const GLANCE: Duration = Duration::from_millis(20);

/// A branch of a repository.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Its address.
    pub url: String,
    /// The branch; none for the main one.
    pub branch: Option<String>,
    /// What a private repository asks for.
    pub token: Option<Secret>,
    /// Where git may connect to.
    pub reach: Reach,
}

/// Where git may connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere, in every protocol, as whoever runs this machine has set it up.
    Anywhere,
    /// This host only, by HTTP or HTTPS as the address says, at these addresses.
    Only {
        /// The host, as the address has it.
        host: String,
        /// The port.
        port: u16,
        /// What the host's name stands for.
        addresses: Vec<IpAddr>,
    },
}

/// The commit at the head of the branch, without a copy of anything.
///
/// # Errors
/// [`SourceError`]; what git says is told without what is secret.
pub fn head(remote: &Remote) -> Result<String, SourceError> {
    ensure_new_enough(remote)?;
    let mut git = command(remote);
    let wanted = remote.branch.as_ref().map_or_else(
        || "HEAD".to_owned(),
        |branch| format!("refs/heads/{branch}"),
    );
    git.args(["ls-remote", "--quiet", "--", &remote.url, &wanted]);
    let said = said(git, remote, None)?;
    // Other names that end alike are listed as well.
    let found = said.lines().find_map(|line| {
        let (commit, name) = line.split_once('\t')?;
        (name == wanted && is_commit(commit)).then(|| commit.to_owned())
    });
    found.ok_or_else(|| SourceError::Git {
        url: without_secrets(&remote.url),
        why: format!("there is no branch {wanted}"),
    })
}

/// The files of the branch, with its commit.
///
/// # Errors
/// [`SourceError`]; what git says is told without what is secret.
pub fn files(remote: &Remote) -> Result<Read, SourceError> {
    ensure_new_enough(remote)?;
    let into = tempfile::tempdir().map_err(|cause| SourceError::File {
        path: std::env::temp_dir(),
        cause,
    })?;
    let copy = into.path().join("project");
    let mut clone = command(remote);
    clone.args([
        "clone",
        "--quiet",
        "--depth=1",
        "--single-branch",
        "--no-tags",
        "--no-recurse-submodules",
        "--template=",
    ]);
    if let Some(branch) = &remote.branch {
        clone.arg(format!("--branch={branch}"));
    }
    clone.args(["--", &remote.url]).arg(&copy);
    said(clone, remote, Some(into.path()))?;
    let mut commit = command(remote);
    commit.arg("-C").arg(&copy).args(["rev-parse", "HEAD"]);
    let commit = said(commit, remote, None)?;
    let files = project(&copy)?;
    let url = without_secrets(&remote.url);
    Ok((files, Source::Git { url, commit }))
}

/// An older git passes over the addresses that it is bound to.
fn ensure_new_enough(remote: &Remote) -> Result<(), SourceError> {
    if remote.reach == Reach::Anywhere {
        return Ok(());
    }
    let mut git = command(remote);
    git.arg("version");
    let found = said(git, remote, None)?;
    if version(&found).is_some_and(|found| found >= (2, 37)) {
        return Ok(());
    }
    Err(SourceError::Git {
        url: without_secrets(&remote.url),
        why: format!("git 2.37 or newer is needed, and this is {found}"),
    })
}

/// The version in `git version 2.39.5 (…)`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix("git version ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// git, set up for this remote.
fn command(remote: &Remote) -> Command {
    let mut git = Command::new("git");
    // Never a question at the terminal.
    git.env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    let mut settings = Vec::new();
    if let Some(token) = &remote.token {
        // In the environment and not among the arguments, which every user of the machine can see. GitHub and GitLab take any name.
        let basic = BASE64.encode(format!("x-access-token:{}", token.reveal()));
        settings.push(("http.extraHeader", format!("Authorization: Basic {basic}")));
    }
    if let Reach::Only {
        host,
        port,
        addresses,
    } = &remote.reach
    {
        let empty = if cfg!(windows) { "NUL" } else { "/dev/null" };
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", empty);
        for name in [
            "GIT_ASKPASS",
            "SSH_ASKPASS",
            "GIT_SSL_NO_VERIFY",
            "GIT_PROXY_COMMAND",
        ] {
            git.env_remove(name);
        }
        let scheme = remote.url.split_once(':').map_or("", |(scheme, _)| scheme);
        let protocol = if scheme == "http" { "http" } else { "https" };
        git.env("GIT_ALLOW_PROTOCOL", protocol);
        settings.extend([
            ("http.followRedirects", "false".to_owned()),
            ("http.proxy", String::new()),
            ("http.lowSpeedLimit", "1000".to_owned()),
            ("http.lowSpeedTime", "20".to_owned()),
        ]);
        // git 2.37 and newer connect to these only. Where the address is a number, there is nothing to resolve.
        if host.parse::<IpAddr>().is_err() && !host.starts_with('[') {
            settings.push(("http.curloptResolve", pinned(host, *port, addresses)));
        }
    }
    git.env("GIT_CONFIG_COUNT", settings.len().to_string());
    for (at, (name, value)) in settings.iter().enumerate() {
        git.env(format!("GIT_CONFIG_KEY_{at}"), name)
            .env(format!("GIT_CONFIG_VALUE_{at}"), value);
    }
    git
}

/// As curl's `CURLOPT_RESOLVE` has it: `host:port:address,address`.
fn pinned(host: &str, port: u16, addresses: &[IpAddr]) -> String {
    let mut text = format!("{host}:{port}:");
    for (at, address) in addresses.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // A text takes what is written.
        let _ = match address {
            IpAddr::V4(address) => write!(text, "{comma}{address}"),
            IpAddr::V6(address) => write!(text, "{comma}[{address}]"),
        };
    }
    text
}

/// Runs git, and returns what it prints. `room` is the folder that it may fill.
fn said(mut git: Command, remote: &Remote, room: Option<&Path>) -> Result<String, SourceError> {
    git.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = git.spawn().map_err(SourceError::NoGit)?;
    let (printed, complained) = (kept(child.stdout.take()), kept(child.stderr.take()));
    let failed = |why: String| SourceError::Git {
        url: without_secrets(&remote.url),
        why,
    };
    let is_right = wait(&mut child, room).map_err(|why| failed(why.to_owned()))?;
    let text = |kept: std::thread::JoinHandle<String>| kept.join().unwrap_or_default();
    if is_right {
        return Ok(text(printed));
    }
    let mut why = text(complained);
    if let Some(token) = remote.token.as_ref().filter(|it| !it.reveal().is_empty()) {
        why = why.replace(token.reveal(), MASK);
    }
    Err(failed(why))
}

/// Whether git ended well; why it was ended otherwise.
fn wait(child: &mut Child, room: Option<&Path>) -> Result<bool, &'static str> {
    let started = Instant::now();
    for glance in 0_u32.. {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => std::thread::sleep(GLANCE),
            Err(_) => return Err("git was lost"),
        }
        let is_full =
            glance.is_multiple_of(25) && room.is_some_and(|room| room_taken(room) > MAX_ROOM);
        let is_late = started.elapsed() > LIMIT;
        if is_full || is_late {
            // It may have ended by itself meanwhile.
            let _ = child.kill();
            let _ = child.wait();
            let late = "it took longer than a minute";
            return Err(if is_late {
                late
            } else {
                "the copy takes more than 256 MiB"
            });
        }
    }
    Ok(false)
}

/// Reads a pipe beside, so that git never waits for us; what is too much is dropped, and git with it.
fn kept(pipe: Option<impl std::io::Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read until it broke off is what there is.
            let _ = pipe.take(MAX_SAID).read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).trim().to_owned()
    })
}

/// How many bytes lie in a folder; what can't be looked at counts nothing.
fn room_taken(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => room_taken(&entry.path()),
        _ => entry.metadata().map_or(0, |found| found.len()),
    });
    sizes.sum()
}

/// The address without a name and a password in it.
fn without_secrets(url: &str) -> String {
    let Ok(mut parsed) = url::Url::parse(url) else {
        return url.to_owned();
    };
    // An address that can't have them has none.
    let _ = parsed.set_password(None);
    let _ = parsed.set_username("");
    parsed.to_string()
}

#[cfg(test)]
mod tests;
