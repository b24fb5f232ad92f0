//! A chromedriver of our own for each browser: it costs some fifty milliseconds, and nothing is shared between tests.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};

/// A running chromedriver. Dropping it closes its browser and stops it.
pub(crate) struct Chromedriver {
    process: Child,
    port: u16,
}

impl Chromedriver {
    /// Starts it on a port that it chooses.
    pub(crate) fn start() -> Result<Self> {
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--allowed-ips=", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start chromedriver: run `cargo xtask e2e`, which installs it")?;
        let output = process.stdout.take().context("standard output is a pipe")?;
        let mut driver = Self { process, port: 0 };
        let mut lines = BufReader::new(output).lines();
        let announced = lines.find_map(|line| parse_port(&line.ok()?));
        driver.port = announced.context("chromedriver ended without naming its port")?;
        // It stops when nobody reads what it says.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(driver)
    }

    /// Where WebDriver commands go.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks for an orderly end, in which the browser ends too. By hand, since no async client works in a destructor.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n",
            self.port
        )?;
        stream.read(&mut [0; 64]).map(drop)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        if self.shut_down().is_err() {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// From "`ChromeDriver` was started successfully on port 41035."
fn parse_port(line: &str) -> Option<u16> {
    line.strip_prefix("ChromeDriver was started successfully on port ")?
        .trim_end_matches('.')
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_announcement() {
        assert_eq!(
            parse_port("ChromeDriver was started successfully on port 41035."),
            Some(41035)
        );
        assert_eq!(parse_port("Starting ChromeDriver 150.0 on port 0"), None);
    }
}
