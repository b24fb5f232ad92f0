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
    Ok(installation(app.config()))
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

/// The sender of `smtp_url`, if there is one; its form was checked when the settings were read.
pub(super) fn installation(config: &Config) -> Option<Sender> {
    let url = url::Url::parse(config.smtp_url.as_ref()?.reveal()).ok()?;
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
    Some(Sender {
        port: url.port().unwrap_or(port),
        tls,
        account: (!url.username().is_empty()).then(|| {
            (
                percent_decoded(url.username()),
                Secret::new(percent_decoded(url.password().unwrap_or_default())),
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

/// What `%40` and the like stand for in a URL (RFC 3986 §2.1). `+` and `&` mean nothing special before the host.
fn percent_decoded(text: &str) -> String {
    let pair = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Values;

    fn of(url: &str) -> Sender {
        let values = Values::from([
            ("smtp_url".into(), url.into()),
            ("public_url".into(), "https://id.example.com".into()),
        ]);
        installation(&Config::from_values(&values).unwrap()).unwrap()
    }

    #[test]
    fn the_scheme_says_how_the_connection_is_protected() {
        let implicit = of("smtps://user:p%40ss%2B+&w@smtp.example.com");
        assert_eq!((implicit.tls, implicit.port), (Tls::Implicit, 465));
        assert_eq!(
            implicit.account,
            Some(("user".to_owned(), Secret::new("p@ss++&w")))
        );
        assert_eq!(implicit.from, "no-reply@id.example.com");
        let upgraded = of("smtp://smtp.example.com");
        assert_eq!((upgraded.tls, upgraded.port), (Tls::StartTls, 587));
        assert_eq!(upgraded.account, None);
    }

    #[test]
    fn only_the_same_machine_is_spoken_to_in_the_clear() {
        for local in [
            "smtp://localhost:2525",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
        ] {
            let sender = of(local);
            assert_eq!((sender.tls, sender.port), (Tls::None, 2525), "{local}");
        }
        assert_eq!(of("smtp://localhost.example.com:25").tls, Tls::StartTls);
    }
}
