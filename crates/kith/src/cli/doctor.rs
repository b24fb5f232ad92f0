//! `kith doctor`: looks at everything that must be right, changes nothing, and says how to mend what is wrong.

mod addresses;
mod certificate;
mod finding;
mod ground;
mod storage;

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use self::finding::{Finding, State};
use super::say;
use crate::config::{Config, ConfigError, SETTINGS};
use crate::context::Actor;
use crate::mail;

/// Check settings, database, secret key, mail, clock, addresses and certificate, and say how to mend what is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith doctor --public-url https://auth.example.com")]
pub(super) struct Doctor {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// Settings that can't work are its first finding, so it takes them as they come.
    pub(super) async fn run(self, config: Result<Config, ConfigError>) -> anyhow::Result<ExitCode> {
        let findings = match config {
            Err(error) => vec![Finding::failed(
                "settings",
                error.to_string(),
                "`kith serve --help` and the settings page list them all",
            )],
            Ok(config) => examine(&config).await,
        };
        let is_well = findings
            .iter()
            .all(|finding| finding.state != State::Failed);
        if self.json {
            say(&json!({"ok": is_well, "checks": findings}).to_string());
        } else {
            findings.iter().for_each(tell);
        }
        Ok(if is_well {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![
        Finding::ok("settings", format!("all {} make sense", SETTINGS.len())),
        ground::data_folder(config),
    ];
    let (finding, db) = storage::database(config).await;
    findings.push(finding);
    let (finding, storage) = storage::secret_key(config, db.clone()).await;
    findings.push(finding);
    findings.push(storage::clock(storage.as_ref()).await);
    findings.push(mail_server(config, storage.as_ref()).await);
    findings.push(addresses::settings(config));
    findings.push(addresses::proxies(config));
    findings.extend(addresses::answers(config).await);
    findings.push(certificate::check(config, storage::now_in_seconds()));
    findings.push(ground::common_passwords(config));
    if let Some(db) = db {
        db.close().await;
    }
    findings
}

/// Goes as far as a mail server goes without sending anything.
async fn mail_server(config: &Config, storage: Option<&storage::Storage>) -> Finding {
    const NAME: &str = "mail";
    let Some((storage, environments)) =
        storage.and_then(|storage| Some((storage, storage.environments.as_ref()?)))
    else {
        return match &config.smtp_url {
            Some(_) => Finding::warning(
                NAME,
                "the server was not tried: there is no installation yet",
                "start the server, then ask again",
            ),
            None => no_mail_server(),
        };
    };
    let cx = storage
        .app
        .at(environments.production.clone(), Actor::System);
    match mail::try_server(&cx).await {
        Ok(None) => no_mail_server(),
        Ok(Some(diagnosis)) => match diagnosis.failure {
            None => Finding::ok(
                NAME,
                format!(
                    "{} takes us in; send a test mail from the dashboard",
                    diagnosis.server
                ),
            ),
            Some(failure) => Finding::failed(
                NAME,
                format!("{}: {}", diagnosis.server, failure.detail),
                failure.stage.advice(),
            ),
        },
        Err(error) => Finding::failed(
            NAME,
            error.to_string(),
            "set the mail server's password again in the dashboard",
        ),
    }
}

fn no_mail_server() -> Finding {
    let remedy = "set `smtp_url`, or a server in the dashboard; until then mail waits in the dashboard's outbox";
    Finding::warning("mail", "there is no mail server", remedy)
}

fn tell(finding: &Finding) {
    say(&format!(
        "{:<8} {:<17} {}",
        finding.state.word(),
        finding.name,
        finding.message
    ));
    if let Some(remedy) = &finding.remedy {
        say(&format!("{:26} → {remedy}", ""));
    }
}
