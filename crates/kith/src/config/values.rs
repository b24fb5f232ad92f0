//! The values of settings: from text, with an error that names the setting.

use std::path::Path;
use std::time::Duration;

use url::Url;

use super::{ConfigError, Network, Tls};
use crate::secret::Secret;

pub(super) fn invalid(name: &'static str, value: &str, expected: &str) -> ConfigError {
    ConfigError::Invalid {
        name,
        value: value.to_owned(),
        expected: format!("expected {expected}"),
    }
}

pub(super) fn parse<T: std::str::FromStr>(
    name: &'static str,
    text: &str,
    expected: &str,
) -> Result<T, ConfigError> {
    text.parse().map_err(|_| invalid(name, text, expected))
}

pub(super) fn parse_url(name: &'static str, text: &str) -> Result<String, ConfigError> {
    let expected = "an address such as https://auth.example.com, without query and trailing slash";
    let url: Url = parse(name, text, expected)?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    if is_plain {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(invalid(name, text, expected))
    }
}

pub(super) fn parse_tls(
    mode: Option<&str>,
    cert: Option<&str>,
    key: Option<&str>,
) -> Result<Tls, ConfigError> {
    match (mode.unwrap_or("off"), cert, key) {
        ("off", None, None) => Ok(Tls::Off),
        ("self-signed", None, None) => Ok(Tls::SelfSigned),
        ("files", Some(cert), Some(key)) => Ok(Tls::Files {
            cert: cert.into(),
            key: key.into(),
        }),
        ("files", ..) => Err(invalid(
            "tls",
            "files",
            "`tls_cert` and `tls_key` beside it",
        )),
        (mode @ ("off" | "self-signed"), ..) => Err(invalid(
            "tls",
            mode,
            "`files` where `tls_cert` and `tls_key` are given",
        )),
        (other, ..) => Err(invalid("tls", other, "off, self-signed or files")),
    }
}

pub(super) fn parse_switch(
    name: &'static str,
    text: Option<&str>,
    default: bool,
) -> Result<bool, ConfigError> {
    match text.map(str::to_lowercase).as_deref() {
        None => Ok(default),
        Some("true" | "on" | "yes" | "1") => Ok(true),
        Some("false" | "off" | "no" | "0") => Ok(false),
        Some(other) => Err(invalid(name, other, "true or false")),
    }
}

/// The first choice is the default.
pub(super) fn parse_choice<T: Copy>(
    name: &'static str,
    text: Option<&str>,
    choices: &[(&str, T)],
) -> Result<T, ConfigError> {
    let wanted = text.unwrap_or(choices[0].0);
    choices
        .iter()
        .find(|(choice, _)| *choice == wanted)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
            invalid(name, wanted, &names.join(" or "))
        })
}

pub(super) fn parse_seconds(name: &'static str, text: &str) -> Result<Duration, ConfigError> {
    let number = text.strip_suffix('s').unwrap_or(text);
    parse(name, number, "seconds, such as 20s").map(Duration::from_secs)
}

pub(super) fn parse_networks(text: &str) -> Result<Vec<Network>, ConfigError> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            Network::parse(part).ok_or_else(|| {
                invalid(
                    "trusted_proxies",
                    part,
                    "addresses or networks such as 10.0.0.0/8",
                )
            })
        })
        .collect()
}

pub(super) fn blank_password(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut url) if url.password().is_some() => {
            // Refused only by addresses without a host, which have no password.
            let _ = url.set_password(Some("blank"));
            url.to_string().replace(":blank@", ":…@")
        }
        _ => url.to_owned(),
    }
}

/// `public_url` and `admin_url`.
pub(super) fn parse_addresses(
    tls: &Tls,
    public: Option<&str>,
    admin: Option<&str>,
) -> Result<(String, String), ConfigError> {
    let default = if *tls == Tls::Off {
        "http://localhost:8080"
    } else {
        "https://localhost:8080"
    };
    let public = parse_url("public_url", public.unwrap_or(default))?;
    let admin = admin.map_or_else(
        || Ok(format!("{public}/admin")),
        |url| parse_url("admin_url", url),
    )?;
    if admin == public {
        return Err(invalid(
            "admin_url",
            &admin,
            "an address of its own, such as <public_url>/admin",
        ));
    }
    Ok((public, admin))
}

pub(super) fn parse_database_url(
    text: Option<&str>,
    data_dir: &Path,
) -> Result<Secret, ConfigError> {
    let url = text.map_or_else(
        || format!("sqlite://{}", data_dir.join("kith.db").display()),
        str::to_owned,
    );
    if ["sqlite:", "postgres:", "postgresql:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        Ok(Secret::new(url))
    } else {
        Err(invalid(
            "database_url",
            "…",
            "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME",
        ))
    }
}

pub(super) fn parse_smtp_url(text: Option<&str>) -> Result<Option<Secret>, ConfigError> {
    if text.is_some_and(|url| !url.starts_with("smtp://") && !url.starts_with("smtps://")) {
        return Err(invalid(
            "smtp_url",
            "…",
            "smtps://user:password@host:465 or smtp://user:password@host:587",
        ));
    }
    Ok(text.map(Secret::new))
}

pub(super) fn parse_secret_key(text: Option<&str>) -> Result<Option<Secret>, ConfigError> {
    if text.is_some_and(|key| key.len() < 32) {
        return Err(invalid(
            "secret_key",
            "…",
            "at least 32 characters, for example from `openssl rand -hex 32`",
        ));
    }
    Ok(text.map(Secret::new))
}

/// By default as many as there are cores.
pub(super) fn parse_threads(text: Option<&str>) -> Result<usize, ConfigError> {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    text.map_or_else(
        || Ok(cores()),
        |text| parse_count("hash_threads", Some(text), 1),
    )
}

pub(super) fn parse_count(
    name: &'static str,
    text: Option<&str>,
    default: usize,
) -> Result<usize, ConfigError> {
    let Some(text) = text else {
        return Ok(default);
    };
    match parse(name, text, "a whole number from 1")? {
        0 => Err(invalid(name, text, "a whole number from 1")),
        count => Ok(count),
    }
}
