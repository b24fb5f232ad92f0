//! `kith demo`: the main job in one command.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use super::import::progress::Display;
use super::{complain, say};
use crate::config::{Config, ConfigError, Values};
use crate::context::{Actor, Context};
use crate::demo::former_provider::people::{Account, Person};
use crate::demo::{self, Demo, Doors, OWNER, Watch};
use crate::imports::{Progress, Run};
use crate::installation;
use crate::secret::Secret;

/// Show people moving out of a former provider and signing in with their old passwords. Needs no set-up; everything is thrown
/// away at the end.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith demo --listen 127.0.0.1:9000")]
pub(super) struct DemoCommand {
    /// Print one JSON object when everything is ready.
    #[arg(long)]
    json: bool,
}

/// The settings that a demo listens to. It has a database of its own, so what an operator says about theirs is not read.
const SETTINGS: [&str; 5] = ["listen", "public_url", "log", "log_format", "hash_threads"];

/// The settings of a demo.
///
/// # Errors
/// When a flag was given that makes no sense here, or whose value can't work.
pub(super) fn settings(flags: &Values) -> Result<Config, ConfigError> {
    if let Some((name, _)) = flags
        .iter()
        .find(|(name, _)| !SETTINGS.contains(&name.as_str()))
    {
        return Err(ConfigError::Unknown {
            name: name.clone(),
            origin: "the command line of a demo".to_owned(),
            suggestion: None,
        });
    }
    let mut values = Values::from([
        ("allow_private_networks".to_owned(), "true".to_owned()),
        ("log".to_owned(), "warn".to_owned()),
    ]);
    values.extend(flags.clone());
    Config::from_values(&values)
}

impl DemoCommand {
    pub(super) async fn run(self, config: Config, flags: &Values) -> anyhow::Result<ExitCode> {
        let folder = tempfile::Builder::new()
            .prefix("kith-demo-")
            .tempdir()
            .context("can't make a temporary folder")?;
        let server = listen(config.listen, flags.contains_key("listen"))?;
        let former_provider = neighbor(&server)?;
        let config = placed(config, &server, flags, folder.path())?;
        let former_provider_url = beside(&config.public_url, &former_provider)?;

        let app = installation::open(config).await?;
        let environments = installation::ensure(&app).await?;
        super::serve::stop_on_signal(&app)?;
        let watch = Console::new(app.at(environments.production.clone(), Actor::System));
        let doors = Doors {
            server,
            former_provider,
            former_provider_url,
        };
        let stopping = app.stopping().clone();
        let outcome = tokio::select! {
            outcome = demo::start(&app, &environments, doors, &watch) => outcome.map(Some),
            () = stopping.cancelled() => Ok(None),
        };
        if let Ok(Some(demo)) = &outcome {
            let facts = Facts {
                public_url: &app.config().public_url,
                admin_url: &app.config().admin_url,
                demo,
            };
            if self.json {
                say(&facts.json().to_string());
            } else {
                facts.tell();
            }
            stopping.cancelled().await;
        }
        stopping.cancel();
        app.wait_for_tasks().await;
        app.db().close().await;
        folder
            .close()
            .context("can't remove the temporary folder")?;
        outcome.map(|_| ExitCode::SUCCESS)
    }
}

/// Listens where it was told, or where it usually does; a usual port that is taken is no reason to give up.
fn listen(address: SocketAddr, is_told: bool) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse && !is_told => {
            let listener = TcpListener::bind(SocketAddr::new(address.ip(), 0))?;
            complain(&format!(
                "port {} is taken, so the demo is on port {}",
                address.port(),
                listener.local_addr()?.port()
            ));
            Ok(listener)
        }
        Err(error) => Err(error).with_context(|| {
            format!("can't listen on {address}: choose another address with --listen")
        }),
    }
}

/// The next port, or any that is free.
fn neighbor(server: &TcpListener) -> anyhow::Result<TcpListener> {
    let address = server.local_addr()?;
    let next = SocketAddr::new(address.ip(), address.port().saturating_add(1));
    TcpListener::bind(next)
        .or_else(|_| TcpListener::bind(SocketAddr::new(address.ip(), 0)))
        .context("can't listen on a second port for the former provider")
}

/// The settings once the port and the folder are known.
fn placed(
    mut config: Config,
    server: &TcpListener,
    flags: &Values,
    folder: &std::path::Path,
) -> anyhow::Result<Config> {
    config.listen = server.local_addr()?;
    if !flags.contains_key("public_url") {
        config.public_url = format!("http://localhost:{}", config.listen.port());
        config.admin_url = format!("{}/admin", config.public_url);
    }
    config.database_url = Secret::new(format!("sqlite://{}", folder.join("kith.db").display()));
    folder.clone_into(&mut config.data_dir);
    Ok(config)
}

/// The address of another port on the same host.
fn beside(public_url: &str, listener: &TcpListener) -> anyhow::Result<String> {
    let url = url::Url::parse(public_url)?;
    let host = url.host_str().context("the public address has a host")?;
    Ok(format!("http://{host}:{}", listener.local_addr()?.port()))
}

/// Tells on standard error how people come in.
struct Console {
    cx: Context,
    display: Mutex<Option<Display>>,
}

impl Console {
    fn new(cx: Context) -> Self {
        Self {
            cx,
            display: Mutex::new(None),
        }
    }

    fn put(&self, display: Option<Display>) {
        let mut shown = self.display.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(display) = shown.take() {
            display.end();
        }
        *shown = display;
    }
}

impl Watch for Console {
    fn begins(&self, label: &str, run: &Run) {
        complain(&format!("moving people from {label} …"));
        self.put(Some(Display::new(&self.cx, run)));
    }

    fn goes_on(&self, progress: &Progress) {
        if let Some(display) = &*self.display.lock().unwrap_or_else(PoisonError::into_inner) {
            display.show(progress);
        }
    }

    fn ends(&self, _: &Run) {
        self.put(None);
    }
}

/// Where people come from who are in no export.
const TO_COME: &str = "Old app";

/// What people and scripts want to know about a demo that runs.
struct Facts<'a> {
    public_url: &'a str,
    admin_url: &'a str,
    demo: &'a Demo,
}

impl Facts<'_> {
    fn people(&self) -> impl Iterator<Item = (&'static str, &Person)> {
        let moved = self.demo.moved.iter();
        let moved = moved
            .flat_map(|(export, _)| export.people_to_try().map(|person| (export.label, person)));
        let to_come = self.demo.to_come.iter().map(|person| (TO_COME, person));
        moved.chain(to_come)
    }

    fn tell(&self) {
        say("");
        for (export, run) in &self.demo.moved {
            let (tally, label) = (&run.tally, export.label);
            say(&format!(
                "{label:<8} {} people came in, {} rows were refused (see Users > Import users)",
                tally.created, tally.refused
            ));
        }
        say("");
        say(&format!(
            "Former provider  {}",
            self.demo.former_provider_url
        ));
        say(&format!(
            "Demo app         {}   sign in as one of the people below",
            self.demo.application.url
        ));
        say(&format!(
            "Dashboard        {}   {} / {}",
            self.admin_url, OWNER.0, OWNER.1
        ));
        say("");
        say(&format!(
            "{:<8} {:<32} {:<20} {}",
            "From", "E-mail", "Old password", "What happens"
        ));
        for (label, person) in self.people() {
            let password = person.old_password().unwrap_or("–");
            let outcome = if label == TO_COME {
                "moves at this sign-in (see Migration)"
            } else {
                outcome(person.account)
            };
            say(&format!(
                "{label:<8} {:<32} {password:<20} {outcome}",
                person.email
            ));
        }
        say("");
        say(&format!(
            "Mail is not sent but kept: {}/mail",
            self.admin_url
        ));
        say("Ctrl-C stops the demo and removes everything.");
    }

    fn json(&self) -> Value {
        let imports: Vec<Value> = self.demo.moved.iter().map(|(export, run)| json!({
            "source": export.label, "id": run.id.to_string(),
            "records": run.tally.records, "created": run.tally.created, "updated": run.tally.updated, "refused": run.tally.refused,
        })).collect();
        let people: Vec<Value> = self.people().map(|(label, person)| json!({
            "source": label, "name": person.name(), "email": person.email, "password": person.old_password(),
            "account": code(person.account),
        })).collect();
        let application = &self.demo.application;
        json!({
            "issuer": self.public_url,
            "admin_url": self.admin_url,
            "former_provider_url": self.demo.former_provider_url,
            "owner": {"email": OWNER.0, "password": OWNER.1},
            "application": {
                "url": application.url, "client_id": application.client_id, "client_secret": application.client_secret.reveal(),
                "redirect_uri": application.callback(),
            },
            "imports": imports,
            "people": people,
        })
    }
}

fn outcome(account: Account) -> &'static str {
    match account {
        Account::Usual => "signs in at once",
        Account::Unverified => "confirms the address by a code, once",
        Account::WithoutPassword | Account::Social => "gets a code, then chooses a password",
        Account::Blocked => "was blocked, and still is",
    }
}

fn code(account: Account) -> &'static str {
    match account {
        Account::Usual => "usual",
        Account::Unverified => "unverified",
        Account::WithoutPassword => "without_password",
        Account::Social => "social",
        Account::Blocked => "blocked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_database_is_out_of_reach() {
        let flags = Values::from([("database_url".to_owned(), "postgres://db/kith".to_owned())]);
        assert!(
            settings(&flags)
                .unwrap_err()
                .to_string()
                .contains("database_url")
        );
    }

    #[test]
    fn a_taken_port_is_an_error_only_where_it_was_asked_for() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        assert!(
            listen(address, true)
                .unwrap_err()
                .to_string()
                .contains("--listen")
        );
        assert_ne!(
            listen(address, false).unwrap().local_addr().unwrap(),
            address
        );
    }
}
