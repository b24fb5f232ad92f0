//! The server under test: the built program, on a free port, with an empty folder of its own.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::mailbox::Mailbox;
use crate::tools;

/// The server is ready in a third of a second; a busy machine with an unoptimized build takes longer.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A running server. Dropping it stops it and removes its files.
pub struct Kith {
    process: Child,
    bootstrap: Bootstrap,
    url: String,
    mailbox: Mailbox,
    place: Place,
}

/// Where a server's files are, and how it was set up.
struct Place {
    program: PathBuf,
    settings: Vec<(String, String)>,
    folder: TempDir,
}

impl Place {
    /// A command of the program, in this place.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

/// What `kith bootstrap --json` prints, as far as tests need it.
#[derive(Deserialize)]
pub struct Bootstrap {
    /// The issuer of the production environment: where the server is.
    pub issuer: String,
    /// The one-time link with which the owner sets up their account.
    pub owner_setup_url: String,
    /// The client that may call the management API.
    pub management: Management,
}

/// A client of the management API.
#[derive(Deserialize)]
pub struct Management {
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The audience to ask a token for.
    pub audience: String,
    /// Where to ask for it.
    pub token_endpoint: String,
}

impl Kith {
    /// Sets a server up, starts it, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// When the program is not built and cannot be, and when it fails; its log is in the message.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// As [`Kith::start`], with settings on top, by the names they have in the environment.
    ///
    /// # Errors
    ///
    /// The same.
    pub async fn start_with(settings: &[(&str, &str)]) -> Result<Self> {
        let program = tools::kith()?;
        let folder = tempfile::Builder::new().prefix("kith-e2e-").tempdir()?;
        let mailbox = Mailbox::start()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let place = Place {
            program,
            settings: environment(&folder, &url, &mailbox, settings),
            folder,
        };
        let bootstrap = bootstrap(place.command())?;
        let log = File::create(place.folder.path().join("log"))?;
        let process = place
            .command()
            .arg("serve")
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut server = Self {
            process,
            bootstrap,
            url,
            mailbox,
            place,
        };
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// The address of a path, such as `/login`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// What setting the server up told.
    #[must_use]
    pub fn bootstrap(&self) -> &Bootstrap {
        &self.bootstrap
    }

    /// Where the server's mail goes.
    #[must_use]
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// A folder for the files of a test, gone with the server.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.place.folder.path()
    }

    /// What the server has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.place.folder.path().join("log")).unwrap_or_default()
    }

    /// An access token for the management API, with every scope that the client has.
    ///
    /// # Errors
    ///
    /// When the server refuses; its answer is in the message.
    pub async fn management_token(&self) -> Result<String> {
        let Management {
            client_id,
            client_secret,
            audience,
            token_endpoint,
        } = &self.bootstrap.management;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_secret", client_secret),
            ("audience", audience),
        ];
        let http = reqwest::Client::builder().no_proxy().build()?;
        let answer: Value = http
            .post(token_endpoint)
            .form(&form)
            .send()
            .await?
            .json()
            .await?;
        let token = answer["access_token"].as_str();
        token
            .map(str::to_owned)
            .with_context(|| format!("no token for the management API: {answer}"))
    }

    /// Asks the management API, with a token that may do anything, and gives the answer.
    ///
    /// # Errors
    ///
    /// When the server refuses; its answer is in the message.
    pub async fn api(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let token = self.management_token().await?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        let mut request = http
            .request(method.parse()?, self.url(path))
            .bearer_auth(token);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            bail!("{method} {path} was answered with {status}: {text}");
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Runs a command of `kith` beside the server, on the same data, and gives what it prints.
    ///
    /// # Errors
    ///
    /// When it fails; what it says is in the message.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut command = self.place.command();
        let output = command.args(arguments).output()?;
        if !output.status.success() {
            bail!(
                "`kith {}` failed ({}):\n{}",
                arguments.join(" "),
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let start = Instant::now();
        while !http
            .get(self.url("/readyz"))
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended ({status}):\n{}", self.log());
            }
            if start.elapsed() > START_TIMEOUT {
                bail!(
                    "the server is not ready after {} s:\n{}",
                    START_TIMEOUT.as_secs(),
                    self.log()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Kith {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
    }
}

/// The settings of a server in this folder, as environment variables.
fn environment(
    folder: &TempDir,
    url: &str,
    mailbox: &Mailbox,
    more: &[(&str, &str)],
) -> Vec<(String, String)> {
    let data = folder.path().join("data");
    let listen = url.trim_start_matches("http://");
    let smtp = mailbox.url();
    let usual = [
        ("KITH_DATA_DIR", data.to_str().unwrap_or_default()),
        ("KITH_PUBLIC_URL", url),
        ("KITH_LISTEN", listen),
        ("KITH_SMTP_URL", &smtp),
    ];
    usual
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn bootstrap(mut command: Command) -> Result<Bootstrap> {
    let output = command
        .args(["bootstrap", "--json"])
        .output()
        .context("could not start kith")?;
    if !output.status.success() {
        bail!(
            "`kith bootstrap --json` failed ({}):\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    serde_json::from_slice(&output.stdout).context("reading what `kith bootstrap --json` printed")
}
