//! Through which server an environment's mail goes, and in whose name.

use db::Tx;

use super::MailError;
use crate::config::Config;
use crate::context::App;
use crate::id::EnvironmentId;
use crate::secret::Secret;
use crate::settings::{self, EmailSender, Tls};

/// A mail server, and the name in which mail goes through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    /// Account and password; none where the server asks for none.
    pub(super) account: Option<(String, Secret)>,
    /// The sender as people see it: `Name <no-reply@example.com>`.
    pub(super) from: String,
}

/// The sender of the environment's mail: its own, else the installation's. None where there is no mail server.
pub(super) async fn find(
    app: &App,
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Option<Sender>, MailError> {
    let own: EmailSender = settings::get(tx, environment).await?;
    if own.use_custom {
        return Ok(Some(custom(app, &own)?));
    }
    Ok(app
        .config()
        .smtp_url
        .as_ref()
        .and_then(|url| installation(app.config(), url)))
}

/// The sender that these settings describe.
pub(super) fn custom(app: &App, own: &EmailSender) -> Result<Sender, MailError> {
    let password = own.password(app)?.unwrap_or_else(|| Secret::new(""));
    Ok(Sender {
        host: own.host.clone(),
        port: own.port,
        tls: own.tls,
        account: (!own.username.is_empty()).then(|| (own.username.clone(), password)),
        from: if own.sender_name.is_empty() {
            own.sender_email.clone()
        } else {
            format!(
                "\"{}\" <{}>",
                own.sender_name.replace(['"', '\\'], ""),
                own.sender_email
            )
        },
    })
}

/// The sender of `smtp_url`, whose form was checked when the settings were read.
fn installation(config: &Config, url: &Secret) -> Option<Sender> {
    let url = url::Url::parse(url.reveal()).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let is_local = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    let (tls, port) = match (url.scheme(), is_local) {
        ("smtps", _) => (Tls::Implicit, 465),
        // Nothing is overheard on the way to the same machine.
        (_, true) => (Tls::None, 25),
        (_, false) => (Tls::StartTls, 587),
    };
    let decoded = |text: &str| percent_decoded(text);
    Some(Sender {
        port: url.port().unwrap_or(port),
        tls,
        account: (!url.username().is_empty()).then(|| {
            (
                decoded(url.username()),
                Secret::new(decoded(url.password().unwrap_or_default())),
            )
        }),
        from: config
            .mail_from
            .clone()
            .unwrap_or_else(|| default_from(&config.public_url)),
        host,
    })
}

/// `no-reply@` the host of the public address.
fn default_from(public_url: &str) -> String {
    let host = url::Url::parse(public_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    format!(
        "no-reply@{}",
        host.unwrap_or_else(|| "localhost".to_owned())
    )
}

fn percent_decoded(text: &str) -> String {
    url::form_urlencoded::parse(format!("v={}", text.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
