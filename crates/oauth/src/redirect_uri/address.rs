//! The rules for registering, one after the other.
//!
//! The address is cut by hand into scheme, host, port and rest, and a real URL parser then has to agree on the host.
//! Whatever a browser would read differently (`https:/evil.example`, `https://%61.example`, `https://127.1`) is refused.

use std::ops::Range;

use url::Url;

use super::{
    domain::{Names, names_under},
    error::PatternError,
};

/// Stands for the handle of the organization that the person signs in to.
pub(super) const PLACEHOLDER: &str = "{organization.handle}";

const MAX_LENGTH: usize = 2048;

/// Schemes that are no way back to an application: they run script, read files, or open something else.
const FORBIDDEN_SCHEMES: &[&str] = &[
    "about",
    "blob",
    "cid",
    "data",
    "file",
    "filesystem",
    "ftp",
    "ftps",
    "intent",
    "jar",
    "javascript",
    "livescript",
    "mailto",
    "mid",
    "news",
    "sms",
    "ssh",
    "tel",
    "urn",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// What part of a good address varies.
pub(super) enum Kind {
    Exact,
    /// The port, colon included; empty where none was written.
    Loopback {
        port: Range<usize>,
    },
    Wildcard,
    Placeholder,
}

/// The first broken rule, or what kind of address this is.
pub(super) fn check(text: &str) -> Result<Kind, PatternError> {
    check_characters(text)?;
    let (scheme, rest) = split_scheme(text)?;
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "https" | "http" => check_web(text, rest, scheme == "http"),
        scheme if FORBIDDEN_SCHEMES.contains(&scheme) => Err(PatternError::ForbiddenScheme),
        scheme => check_private_scheme(text, scheme, rest),
    }
}

fn check_characters(text: &str) -> Result<(), PatternError> {
    if text.is_empty() {
        return Err(PatternError::Empty);
    }
    if text.len() > MAX_LENGTH {
        return Err(PatternError::TooLong);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(PatternError::Whitespace);
    }
    if text.contains('#') {
        return Err(PatternError::Fragment);
    }
    let is_invalid = |c: char| {
        !c.is_ascii() || matches!(c, '\\' | '"' | '<' | '>' | '^' | '`' | '{' | '|' | '}')
    };
    if text.replace(PLACEHOLDER, "").contains(is_invalid) {
        return Err(PatternError::InvalidCharacter);
    }
    Ok(())
}

/// RFC 3986 §3.1.
fn split_scheme(text: &str) -> Result<(&str, &str), PatternError> {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'))
    };
    match text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
        Some(split) => Ok(split),
        None if text.contains('*') => Err(PatternError::WildcardScheme),
        None => Err(PatternError::NotAbsolute),
    }
}

/// An app's own scheme (RFC 8252 §7.1). The standard wants a dot in it, so that it can be a domain that the app's
/// maker owns; `myapp://host/path` is widespread and accepted. Without either it is a typo such as `localhost:3000`.
fn check_private_scheme(text: &str, scheme: &str, rest: &str) -> Result<Kind, PatternError> {
    if text.contains('*') {
        return Err(PatternError::WildcardScheme);
    }
    if text.contains(PLACEHOLDER) {
        return Err(PatternError::PlaceholderPosition);
    }
    let is_absolute = rest.starts_with("//") || (scheme.contains('.') && rest.starts_with('/'));
    if !is_absolute || Url::parse(text).is_err() {
        return Err(PatternError::NotAbsolute);
    }
    Ok(Kind::Exact)
}

fn check_web(text: &str, rest: &str, is_plain_http: bool) -> Result<Kind, PatternError> {
    let rest = rest.strip_prefix("//").ok_or(PatternError::NotAbsolute)?;
    let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
    if authority.contains('@') {
        return Err(PatternError::Credentials);
    }
    let (host, port) = split_port(authority);
    check_wildcard_position(text, host)?;
    check_placeholder_position(text, host)?;

    let concrete = |text: &str| text.replacen(PLACEHOLDER, "x", 1).replacen('*', "x", 1);
    let concrete_host = concrete(host).to_ascii_lowercase();
    let url = Url::parse(&concrete(text)).map_err(|_| PatternError::InvalidHost)?;
    let is_odd_port = !port.is_empty() && !super::is_port(port);
    if url.host_str() != Some(&*concrete_host) || concrete_host.ends_with('.') || is_odd_port {
        return Err(PatternError::InvalidHost);
    }
    if is_plain_http && !is_this_machine(&concrete_host) {
        return Err(PatternError::InsecureHttp);
    }
    check_domain(host)?;

    if host.contains('*') {
        Ok(Kind::Wildcard)
    } else if host.contains(PLACEHOLDER) {
        Ok(Kind::Placeholder)
    } else if is_plain_http && matches!(host, "127.0.0.1" | "[::1]") {
        let port_start = text.len() - rest.len() + host.len();
        Ok(Kind::Loopback {
            port: port_start..port_start + port.len(),
        })
    } else {
        Ok(Kind::Exact)
    }
}

/// Host, and port with its colon; an address in brackets keeps its own colons (RFC 3986 §3.2.2).
fn split_port(authority: &str) -> (&str, &str) {
    let behind_brackets = authority.rfind(']').unwrap_or(0);
    match authority[behind_brackets..].find(':') {
        Some(colon) => authority.split_at(behind_brackets + colon),
        None => (authority, ""),
    }
}

fn check_wildcard_position(text: &str, host: &str) -> Result<(), PatternError> {
    match text.matches('*').count() {
        0 => Ok(()),
        1 if first_label(host).contains('*') => Ok(()),
        1 if host.contains('*') => Err(PatternError::WildcardPosition),
        1 => Err(PatternError::WildcardPath),
        _ => Err(PatternError::WildcardRepeated),
    }
}

fn check_placeholder_position(text: &str, host: &str) -> Result<(), PatternError> {
    match text.matches(PLACEHOLDER).count() {
        0 => Ok(()),
        // The placeholder has a dot of its own, so its label is found by its end.
        1 if host.starts_with(&format!("{PLACEHOLDER}.")) && !host.contains('*') => Ok(()),
        _ => Err(PatternError::PlaceholderPosition),
    }
}

/// A varying label must be under a domain that somebody owns; on shared hosting a part of it must be fixed.
fn check_domain(host: &str) -> Result<(), PatternError> {
    let (is_whole_label, domain) = if let Some(domain) = host.strip_prefix(PLACEHOLDER) {
        (true, domain)
    } else if host.contains('*') {
        (first_label(host) == "*", &host[first_label(host).len()..])
    } else {
        return Ok(());
    };
    match names_under(&domain.trim_start_matches('.').to_ascii_lowercase()) {
        Names::Owned => Ok(()),
        Names::HandedOut if !is_whole_label => Ok(()),
        Names::HandedOut => Err(PatternError::WildcardSharedHosting),
        Names::Registrable => Err(PatternError::WildcardRoot),
    }
}

fn first_label(host: &str) -> &str {
    host.split('.').next().unwrap_or(host)
}

/// Names that never leave the machine: RFC 6761 §6.3 keeps `localhost` and everything under it there.
fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost")
}
