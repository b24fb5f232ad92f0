//! The refresh token of an application that runs in a page, kept by the browser.
//!
//! A page forgets its tokens when it is reloaded, and a script is a poor place for secrets. So the token endpoint leaves the
//! refresh token in a cookie that scripts can't read and that goes nowhere but to the token endpoint; a page of the
//! application refreshes without saying the token. Beside it lies `_kbrte`, which says nothing, and by which SDKs in the page
//! know that it is worth asking: scripts may read it, and it is for the whole site that page and issuer share.
//!
//! The cookie is the application's own, and once more under the common name that other servers of this protocol family
//! use: two applications in one browser would otherwise sign each other out.

use axum::http::HeaderMap;
use axum::response::Response;

use crate::context::Context;
use crate::http::browser::{add_cookie, read_cookie};
use crate::id::ApplicationId;
use crate::secret::Secret;
use crate::tokens::Tokens;

const REFRESH: &str = "refresh_token";
const MARK: &str = "_kbrte";

/// The application's refresh token, if the browser keeps one.
pub(super) fn refresh_token(headers: &HeaderMap, client: &ApplicationId) -> Option<Secret> {
    read_cookie(headers, &own_name(client))
        .or_else(|| read_cookie(headers, REFRESH))
        .filter(|token| !token.is_empty())
        .map(Secret::new)
}

/// Leaves the refresh token, if there is one, with the browser whose page asked.
pub(super) fn remember(
    cx: &Context,
    (client, origin): (&ApplicationId, &str),
    tokens: &Tokens,
    response: &mut Response,
) {
    let Some(token) = &tokens.refresh_token else {
        return;
    };
    for name in [REFRESH, &own_name(client)] {
        let cookie = refresh_cookie(cx, (name, token.reveal()), tokens.refresh_expires_in);
        add_cookie(response, &cookie);
    }
    let domain = shared_domain(host(&cx.environment().base_url), host(origin));
    add_cookie(
        response,
        &mark(cx, domain, "true", tokens.refresh_expires_in),
    );
}

/// Takes the cookies away: the application's own, and all that are common.
pub(super) fn forget(cx: &Context, client: Option<&ApplicationId>, response: &mut Response) {
    add_cookie(response, &refresh_cookie(cx, (REFRESH, ""), 0));
    if let Some(client) = client {
        add_cookie(response, &refresh_cookie(cx, (&own_name(client), ""), 0));
    }
    add_cookie(response, &mark(cx, None, "", 0));
    for domain in parents(host(&cx.environment().base_url)) {
        add_cookie(response, &mark(cx, Some(domain), "", 0));
    }
}

fn own_name(client: &ApplicationId) -> String {
    format!("{REFRESH}_{client}")
}

fn refresh_cookie(cx: &Context, (name, value): (&str, &str), max_age: u64) -> String {
    let path = cx.environment().base_path();
    let secure = secure(cx);
    format!(
        "{name}={value}; Path={path}/oauth2/token; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}"
    )
}

fn mark(cx: &Context, domain: Option<&str>, value: &str, max_age: u64) -> String {
    let domain = domain
        .map(|domain| format!("; Domain={domain}"))
        .unwrap_or_default();
    let secure = secure(cx);
    format!("{MARK}={value}; Path=/{domain}; Max-Age={max_age}; SameSite=Lax{secure}")
}

fn secure(cx: &Context) -> &'static str {
    if cx.environment().is_https() {
        "; Secure"
    } else {
        ""
    }
}

/// The host of an origin or address, without the port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// The site that both hosts belong to; none when they are the same, and a cookie of the host itself serves both. That a
/// whole country is no site is the browser's to know: it refuses such a cookie.
fn shared_domain<'a>(ours: &'a str, theirs: &str) -> Option<&'a str> {
    if ours == theirs {
        return None;
    }
    let is_theirs = |domain: &&str| {
        theirs == *domain
            || theirs
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.'))
    };
    std::iter::once(ours).chain(parents(ours)).find(is_theirs)
}

/// The domains above a host that have a dot; none above an address in numbers.
fn parents(host: &str) -> impl Iterator<Item = &str> {
    let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    let dots = host.match_indices('.').map(|(at, _)| &host[at + 1..]);
    dots.filter(move |domain| !is_address && domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_for_the_site_that_page_and_issuer_share() {
        let cases = [
            (
                "https://auth.example.com",
                "https://app.example.com",
                Some("example.com"),
            ),
            (
                "https://auth.example.com",
                "https://example.com:8443",
                Some("example.com"),
            ),
            (
                "https://example.com/admin",
                "https://app.example.com",
                Some("example.com"),
            ),
            ("http://localhost:8080", "http://localhost:3000", None),
            ("https://auth.example.com", "https://app.example.org", None),
            ("https://auth.example.com", "https://badexample.com", None),
            ("http://192.0.2.1:8080", "http://192.0.3.1:8080", None),
        ];
        for (issuer, origin, domain) in cases {
            assert_eq!(
                shared_domain(host(issuer), host(origin)),
                domain,
                "{issuer} {origin}"
            );
        }
    }
}
