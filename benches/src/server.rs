//! The built server in a process of its own, and how much memory it takes.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

/// A running server.
pub(crate) struct Server {
    /// Its address.
    pub url: String,
    /// From the start of the process to the first answer of `/readyz`.
    pub ready_after: Duration,
    process: Child,
    folder: TempDir,
}

impl Server {
    /// Starts the release binary on a fresh data folder that was set up before, as it is on any start but the first.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let command = |verb: &[&str]| {
            let mut command = Command::new(binary()?);
            command
                .args(verb)
                .env("KITH_DATA_DIR", folder.path())
                .env("KITH_PUBLIC_URL", &url)
                .env("KITH_LISTEN", format!("127.0.0.1:{port}"));
            command
                .env("KITH_RATE_LIMIT", "off")
                .env("KITH_LOG", "error")
                .stdout(Stdio::null());
            command.envs(settings.iter().copied());
            anyhow::Ok(command)
        };
        ensure!(
            command(&["bootstrap"])?.status()?.success(),
            "the set-up failed"
        );
        let started = Instant::now();
        let process = command(&["serve"])?.spawn()?;
        let mut server = Self {
            url,
            ready_after: Duration::ZERO,
            process,
            folder,
        };
        while !is_ready(port) {
            ensure!(server.process.try_wait()?.is_none(), "the server stopped");
            ensure!(
                started.elapsed() < Duration::from_secs(20),
                "the server doesn't get ready"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        server.ready_after = started.elapsed();
        Ok(server)
    }

    /// What `kith bootstrap --json` says of this installation.
    pub(crate) fn bootstrap(&self) -> Result<Value> {
        let output = Command::new(binary()?)
            .args(["bootstrap", "--json"])
            .env("KITH_DATA_DIR", self.folder.path())
            .env("KITH_PUBLIC_URL", &self.url)
            .env("KITH_LOG", "error")
            .output()?;
        serde_json::from_slice(&output.stdout).context("bootstrap answers JSON")
    }

    /// Resident memory now, in MB.
    pub(crate) fn memory_mb(&self) -> Result<f64> {
        memory_mb(self.process.id(), "VmRSS")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The release binary beside this one.
pub(crate) fn binary() -> Result<PathBuf> {
    let folder = std::env::current_exe()?
        .parent()
        .context("a program lies in a folder")?
        .to_path_buf();
    let path = folder.join("kith");
    ensure!(
        path.exists(),
        "{} is not built; run `cargo xtask bench`",
        path.display()
    );
    Ok(path)
}

/// A line of `/proc/<process>/status`, in MB.
pub(crate) fn memory_mb(process: u32, line: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let kilobytes: f64 = status
        .lines()
        .find_map(|text| {
            text.strip_prefix(line)?
                .trim_start_matches(':')
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        })
        .context("the process has a status")?;
    Ok(kilobytes / 1024.0)
}

/// Asks over a bare socket: a client with a pool would take longer to make than the server to start.
fn is_ready(port: u16) -> bool {
    use std::io::{Read as _, Write as _};
    let Ok(mut socket) = std::net::TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut answer = String::new();
    socket.write_all(request).is_ok()
        && socket.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

impl Server {
    /// Processor time that the server has taken so far, in seconds.
    pub(crate) fn processor_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // Fields 14 and 15 (user and system ticks), counted after the name in parentheses; a tick is 10 ms on Linux.
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .context("a stat has a name")?
            .split_whitespace()
            .collect();
        let ticks: f64 = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
        Ok(ticks / 100.0)
    }
}
