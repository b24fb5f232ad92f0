//! Whether people and applications reach this installation where its settings say.

use std::time::Duration;

use serde_json::Value;
use url::{Host, Url};

use super::finding::Finding;
use crate::config::{Config, Tls};
use crate::tls;

/// How long an address may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the settings say about addresses, and whether they agree with one another.
pub(super) fn settings(config: &Config) -> Finding {
    const NAME: &str = "addresses";
    let public = &config.public_url;
    let Ok(url) = Url::parse(public) else {
        return Finding::failed(
            NAME,
            format!("{public} is no address"),
            "set `public_url` to where people reach Kith",
        );
    };
    let is_https = url.scheme() == "https";
    let port = config.listen.port();
    match (is_https, config.tls == Tls::Off) {
        (false, false) => {
            let remedy = "start `public_url` with https://, or set `tls` to off";
            Finding::failed(
                NAME,
                format!("TLS is on, but people are sent to {public}"),
                remedy,
            )
        }
        (false, true) if !is_local(&url) => {
            let remedy = "use https, with `tls` or behind a proxy: passwords and cookies travel in the clear";
            Finding::warning(NAME, format!("{public} is not encrypted"), remedy)
        }
        (true, true) if config.listen.ip().is_loopback() && is_local(&url) => {
            let remedy = "set `tls` to self-signed, or start `public_url` with http://";
            Finding::failed(
                NAME,
                format!("{public} wants TLS, and nothing here speaks it"),
                remedy,
            )
        }
        _ if !is_behind_proxy(config, &url) && url.port_or_known_default() != Some(port) => {
            let remedy =
                "make the ports equal, unless something in between passes one on to the other";
            Finding::warning(
                NAME,
                format!("people are sent to {public}, but Kith listens on port {port}"),
                remedy,
            )
        }
        _ => Finding::ok(
            NAME,
            format!("people come to {public}, Kith listens on {}", config.listen),
        ),
    }
}

/// Whether a proxy seems to stand in front, and is believed.
pub(super) fn proxies(config: &Config) -> Finding {
    const NAME: &str = "proxies";
    let url = Url::parse(&config.public_url).ok();
    let is_behind = url.as_ref().is_some_and(|url| is_behind_proxy(config, url));
    match (is_behind, config.trusted_proxies.len()) {
        (true, 0) => {
            let remedy = "set `trusted_proxies` to the proxy's address: limits and sessions see everybody at that one address otherwise";
            Finding::warning(
                NAME,
                "a proxy seems to stand in front, and none is trusted",
                remedy,
            )
        }
        (_, 0) => Finding::ok(NAME, "none is trusted"),
        (_, n) => Finding::ok(
            NAME,
            format!("{n} are trusted; only they may say who their visitors are"),
        ),
    }
}

/// Kith speaks plain HTTP, or to this machine alone, and yet people come from elsewhere or with TLS.
fn is_behind_proxy(config: &Config, url: &Url) -> bool {
    let needs_one = url.scheme() == "https" && config.tls == Tls::Off;
    needs_one || (config.listen.ip().is_loopback() && !is_local(url))
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether the public address and the dashboard's are answered by this installation.
pub(super) async fn answers(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, url) in [
        ("public address", &config.public_url),
        ("dashboard", &config.admin_url),
    ] {
        findings.push(answer(config, name, url).await);
    }
    findings
}

async fn answer(config: &Config, name: &'static str, url: &str) -> Finding {
    let asked = format!("{url}/.well-known/openid-configuration");
    let client = match client(config) {
        Ok(client) => client,
        Err(error) => {
            return Finding::failed(
                name,
                format!("{url} can't be asked: {error:#}"),
                "check the local authority's certificate",
            );
        }
    };
    let response = match client.get(&asked).send().await {
        Ok(response) => response,
        Err(error) if error.is_connect() || error.is_timeout() => {
            let remedy = "start the server; if it runs, check names, ports, proxy and certificate on the way to it";
            return Finding::warning(
                name,
                format!("{url} does not answer: {}", cause(&error)),
                remedy,
            );
        }
        Err(error) => {
            return Finding::failed(
                name,
                format!("{url} can't be asked: {}", cause(&error)),
                "check the address",
            );
        }
    };
    let status = response.status();
    let document: Value = response.json().await.unwrap_or(Value::Null);
    let remedy = "let that address lead to this installation, or set it to one that does";
    match document["issuer"].as_str() {
        Some(issuer) if issuer == url => Finding::ok(name, format!("{url} answers")),
        Some(issuer) => Finding::failed(name, format!("{url} is answered by {issuer}"), remedy),
        None => Finding::failed(
            name,
            format!(
                "{url} is answered by something else (status {})",
                status.as_u16()
            ),
            remedy,
        ),
    }
}

/// A client that trusts what a visitor would have to trust: the system's authorities, and the local one where it is used.
fn client(config: &Config) -> anyhow::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none());
    if let Some(path) = tls::authority_certificate(config) {
        builder =
            builder.add_root_certificate(reqwest::Certificate::from_pem(&std::fs::read(path)?)?);
    }
    Ok(builder.build()?)
}

/// The innermost cause, which says what happened; the outer ones only say that something did.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use crate::config::Values;

    fn config(pairs: &[(&str, &str)]) -> Config {
        let values: Values = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Config::from_values(&values).unwrap()
    }

    #[test]
    fn the_defaults_agree() {
        assert_eq!(settings(&config(&[])).state, State::Ok);
        assert_eq!(proxies(&config(&[])).state, State::Ok);
        let tls = config(&[("tls", "self-signed")]);
        assert_eq!(settings(&tls).state, State::Ok);
    }

    #[test]
    fn tls_and_the_public_address_must_agree() {
        let plain = config(&[
            ("tls", "self-signed"),
            ("public_url", "http://localhost:8080"),
        ]);
        assert_eq!(settings(&plain).state, State::Failed);
        let encrypted = config(&[("public_url", "https://localhost:8080")]);
        assert_eq!(settings(&encrypted).state, State::Failed);
    }

    #[test]
    fn an_unencrypted_public_address_is_a_warning() {
        let finding = settings(&config(&[
            ("public_url", "http://auth.example.com"),
            ("listen", "0.0.0.0:80"),
        ]));
        assert_eq!(finding.state, State::Warning);
        assert!(finding.remedy.unwrap().contains("https"));
    }

    #[test]
    fn another_port_is_a_warning_unless_a_proxy_stands_between() {
        let differing = config(&[("public_url", "http://localhost:9000")]);
        assert_eq!(settings(&differing).state, State::Warning);
        let proxied = config(&[("public_url", "https://auth.example.com")]);
        assert_eq!(settings(&proxied).state, State::Ok);
    }

    #[test]
    fn an_untrusted_proxy_is_a_warning() {
        let url = ("public_url", "https://auth.example.com");
        assert_eq!(proxies(&config(&[url])).state, State::Warning);
        assert_eq!(
            proxies(&config(&[url, ("trusted_proxies", "127.0.0.1")])).state,
            State::Ok
        );
    }

    #[tokio::test]
    async fn somebody_elses_answer_is_told_from_ours() {
        let server = wiremock::MockServer::start().await;
        let answer_with = async |issuer: &str| {
            server.reset().await;
            let body = serde_json::json!({"issuer": issuer});
            wiremock::Mock::given(wiremock::matchers::any())
                .respond_with(wiremock::ResponseTemplate::new(200).set_body_json(body))
                .mount(&server)
                .await;
            answer(&config(&[]), "public address", &server.uri())
                .await
                .state
        };
        assert_eq!(answer_with(&server.uri()).await, State::Ok);
        assert_eq!(
            answer_with("https://other.example.com").await,
            State::Failed
        );
    }
}
