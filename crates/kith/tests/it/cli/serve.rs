//! `kith serve`: the ports it opens, and what may speak to them.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Certificate;
use reqwest::tls::Version;

use super::Shell;

/// A machine that is busy with other tests takes its time.
const PATIENCE: Duration = Duration::from_secs(30);

/// `kith serve` in a folder of its own; it ends with the test.
struct Served {
    shell: Shell,
    process: Child,
    port: u16,
}

impl Served {
    /// Starts it on a free port with these further arguments, and waits until the port is open.
    fn start(arguments: &[&str]) -> Self {
        let (shell, port) = (Shell::new(), free_port());
        let process = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .args(arguments)
            .current_dir(shell.folder())
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let served = Self {
            shell,
            process,
            port,
        };
        wait_until("the port is open", || {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        served
    }

    /// The certificate of the authority that it made for itself.
    fn authority(&self) -> Certificate {
        let file = self.shell.folder().join("kith-data/tls/authority.pem");
        let mut certificate = None;
        wait_until("the authority is there", || {
            let pem = std::fs::read(&file).unwrap_or_default();
            certificate = Certificate::from_pem(&pem).ok().filter(|_| !pem.is_empty());
            certificate.is_some()
        });
        certificate.unwrap()
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "in vain waited until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has seen then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn metrics_on_a_port_of_their_own_are_not_on_the_main_one() {
    let port = free_port();
    let served = Served::start(&["--metrics-listen", &format!("127.0.0.1:{port}")]);
    let get = async |port: u16, path: &str| {
        let url = format!("http://127.0.0.1:{port}{path}");
        let answer = reqwest::Client::builder()
            .build()
            .unwrap()
            .get(url)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get(served.port, "/login").await.0, 400);
    let (status, text) = get(port, "/metrics").await;
    assert_eq!(status, 200);
    assert!(text.contains("http_requests_total"), "{text}");
    assert_eq!(get(served.port, "/metrics").await.0, 404);
}

#[tokio::test]
async fn the_local_authority_is_enough_for_tls_1_2_and_1_3_and_strangers_are_refused() {
    let served = Served::start(&["--tls", "self-signed"]);
    let authority = served.authority();
    let url = format!("https://localhost:{}/healthz", served.port);
    for version in [Version::TLS_1_2, Version::TLS_1_3] {
        let client = reqwest::Client::builder()
            .add_root_certificate(authority.clone())
            .min_tls_version(version)
            .max_tls_version(version)
            .build()
            .unwrap();
        let answer = client.get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{version:?}");
    }
    let stranger = reqwest::Client::builder()
        .build()
        .unwrap()
        .get(&url)
        .send()
        .await;
    assert!(stranger.unwrap_err().is_connect());
}

#[test]
fn tls_1_0_and_1_1_are_refused() {
    let served = Served::start(&["--tls", "self-signed"]);
    for minor in [1, 2] {
        let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(&client_hello(minor)).unwrap();
        let mut answer = [0; 7];
        stream.read_exact(&mut answer).unwrap();
        // RFC 8446 §6.2: a fatal alert (21; level 2), handshake_failure (40) or protocol_version (70).
        let is_refused = answer[0] == 21 && answer[5] == 2 && matches!(answer[6], 40 | 70);
        assert!(is_refused, "minor version {minor}: {answer:?}");
    }
}

/// A `ClientHello` of TLS 1.0 (`minor` 1) or 1.1 (2): RFC 4346 §7.4.1.2.
fn client_hello(minor: u8) -> Vec<u8> {
    let mut body = vec![3, minor];
    body.extend([7; 32]); // random
    body.push(0); // no session
    body.extend([0, 4, 0xc0, 0x13, 0x00, 0x2f]); // ECDHE-RSA and RSA with AES-128-CBC-SHA
    body.extend([1, 0]); // no compression
    let length = |n: usize| u8::try_from(n).expect("the message is short");
    let mut handshake = vec![1, 0, 0, length(body.len())];
    handshake.extend(body);
    let mut record = vec![22, 3, minor, 0, length(handshake.len())];
    record.extend(handshake);
    record
}
