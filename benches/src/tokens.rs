//! Client-credentials tokens over HTTP, against bare RS256 signatures.
//!
//! The clients run on the same cores as the server, so what they take is measured (`/proc`) and given back: the figure is tokens
//! per second of the server's own processor time, per core, as is the bound.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use oauth::jwt::SigningKey;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::Server;
use crate::{ratio, say};

const DURATION: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 8;

pub(crate) fn run() -> Result<()> {
    let bound = signatures_per_second()?;
    let server = Server::start(&[])?;
    let management = server.bootstrap()?["management"].clone();
    let text = |name: &str| {
        management[name]
            .as_str()
            .map(str::to_owned)
            .context("bootstrap names the client")
    };
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&audience={}",
        text("client_id")?,
        text("client_secret")?,
        text("audience")?
    );
    let host = server.url.trim_start_matches("http://").to_owned();
    let request = format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let before = server.processor_seconds()?;
    let (n_tokens, elapsed) = runtime.block_on(ask(&host, &request))?;
    let processor = server.processor_seconds()? - before;
    say(&format!(
        "tokens: {:.0} tokens/s over {CONNECTIONS} connections, clients on the same cores",
        n_tokens / elapsed
    ));
    ratio(
        "tokens",
        (n_tokens / processor, "tokens per core and second"),
        (bound, "bare signatures"),
        50.0,
    );
    Ok(())
}

fn signatures_per_second() -> Result<f64> {
    let key = SigningKey::generate()?;
    let claims = json!({"aud": ["https://example.com/api"], "azp": "0192990431", "exp": 1, "iat": 0, "scope": "read:users"});
    let started = Instant::now();
    let mut n = 0.0;
    while started.elapsed() < Duration::from_secs(3) {
        key.sign(&claims)?;
        n += 1.0;
    }
    Ok(n / started.elapsed().as_secs_f64())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark has no shutdown to wait"
)]
async fn ask(host: &str, request: &str) -> Result<(f64, f64)> {
    let started = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (host, request) = (host.to_owned(), request.to_owned());
            tokio::task::spawn(async move { client(&host, request.as_bytes(), started).await })
        })
        .collect();
    let mut total = 0.0;
    for client in clients {
        total += client.await??;
    }
    Ok((total, started.elapsed().as_secs_f64()))
}

/// Asks one after the other on one connection, with as little work of its own as possible.
async fn client(host: &str, request: &[u8], started: Instant) -> Result<f64> {
    let mut socket = TcpStream::connect(host).await?;
    socket.set_nodelay(true)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut n = 0.0;
    while started.elapsed() < DURATION {
        socket.write_all(request).await?;
        let mut length = 0;
        loop {
            length += socket.read(&mut buffer[length..]).await?;
            if is_whole(&buffer[..length]) {
                break;
            }
        }
        ensure!(
            buffer.starts_with(b"HTTP/1.1 200"),
            "no token: {}",
            String::from_utf8_lossy(&buffer[..length])
        );
        n += 1.0;
    }
    Ok(n)
}

/// Whether head and body have come, by the length that the head names.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let length = head.lines().find_map(|line| {
        line.strip_prefix("content-length:")?
            .trim()
            .parse::<usize>()
            .ok()
    });
    length.is_some_and(|length| answer.len() >= end + 4 + length)
}
