//! Who is at the other end: address and user agent.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{FORWARDED, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use super::error::Failure;
use crate::config::Network;
use crate::context::Context;

/// The other end of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its address: the connection's, or what a trusted proxy says.
    pub address: IpAddr,
    /// What it calls itself, at most 512 characters.
    pub user_agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let cx = Context::from_request_parts(parts, state).await?;
        Ok(Self {
            address: address(
                &parts.extensions,
                &parts.headers,
                &cx.config().trusted_proxies,
            ),
            user_agent: parts
                .headers
                .get(USER_AGENT)
                .and_then(|value| value.to_str().ok())
                .map(|text| text.chars().take(512).collect())
                .unwrap_or_default(),
        })
    }
}

/// The client's address. Forwarding headers count only as far as every hop is a trusted proxy: the chain is read from the near
/// end, and the first address that isn't trusted is the client, whatever it claims before that.
#[must_use]
pub fn address(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(socket)| {
            socket.ip().to_canonical()
        });
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    if !is_trusted(&peer) {
        return peer;
    }
    let mut nearest = peer;
    for hop in hops(headers).into_iter().rev() {
        match hop {
            Some(address) if is_trusted(&address) => nearest = address,
            Some(address) => return address,
            None => return nearest,
        }
    }
    nearest
}

/// The chain of `Forwarded` (RFC 7239 §5.2), else of `X-Forwarded-For`, far end first; unreadable hops are `None`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = |name: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect::<Vec<_>>()
    };
    let forwarded = values(FORWARDED.as_str());
    if forwarded.is_empty() {
        return values("x-forwarded-for")
            .into_iter()
            .map(parse_hop)
            .collect();
    }
    forwarded
        .into_iter()
        .map(|element| {
            element
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='))
                .find(|(name, _)| name.eq_ignore_ascii_case("for"))
                .and_then(|(_, value)| parse_hop(value.trim_matches('"')))
        })
        .collect()
}

fn parse_hop(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .map_or(text, |rest| rest.split(']').next().unwrap_or(rest));
    bare.parse()
        .or_else(|_| bare.parse::<SocketAddr>().map(|socket| socket.ip()))
        .map(|address: IpAddr| address.to_canonical())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Values};

    fn seen(trusted: &str, peer: &str, header: (&'static str, &'static str)) -> IpAddr {
        let config =
            Config::from_values(&Values::from([("trusted_proxies".into(), trusted.into())]))
                .unwrap();
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let headers =
            HeaderMap::from_iter([(header.0.parse().unwrap(), header.1.parse().unwrap())]);
        address(&extensions, &headers, &config.trusted_proxies)
    }

    #[test]
    fn a_strangers_header_is_not_believed() {
        assert_eq!(
            seen("", "203.0.113.9", ("x-forwarded-for", "198.51.100.1")).to_string(),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_trusted_proxys_header_is_read_from_the_near_end() {
        assert_eq!(
            seen(
                "10.0.0.0/8",
                "10.0.0.1",
                ("x-forwarded-for", "6.6.6.6, 198.51.100.1, 10.0.0.2")
            )
            .to_string(),
            "198.51.100.1"
        );
        assert_eq!(
            seen(
                "10.0.0.0/8",
                "10.0.0.1",
                ("forwarded", "for=\"[2001:db8::7]:4711\";proto=https")
            )
            .to_string(),
            "2001:db8::7"
        );
        assert_eq!(
            seen("10.0.0.0/8", "10.0.0.1", ("x-forwarded-for", "nonsense")).to_string(),
            "10.0.0.1"
        );
    }
}
