//! Calls that leave the house: to former providers, to what workflows fetch, to webhooks.
//!
//! Whoever may name an address could name one of ours: the cloud's metadata service, a database on the next machine. So every
//! call goes to public addresses only, unless the installation allows others (`allow_private_networks`); the address is judged
//! after the name was resolved, by the resolver of the very connection, so that a name that answers differently the second time
//! changes nothing. No redirect is followed, no proxy of the surroundings is used, no cookie is kept. Time and size are limited.

mod reach;

use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use url::{Host, Url};

use crate::error::{Code, Coded};
use reach::{GuardedResolver, NotPublic, is_public};

/// What a call says.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address; `http` or `https`.
    pub url: Url,
    /// The headers, `Host` excepted.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// How long it may take in all, the answer's body included.
    pub timeout: Duration,
    /// The largest answer, in bytes.
    pub max_bytes: usize,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// A call that got no answer.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The address is no `http` or `https` address, or has a name and password in it.
    #[error(
        "{0} can't be called: an address begins with https:// or http:// and has no user name in it"
    )]
    Address(String),
    /// The address is not a public one.
    #[error("{0} is not a public address; `allow_private_networks` lets calls reach it")]
    Private(String),
    /// Nobody answered in time.
    #[error("{0} did not answer in time")]
    TimedOut(String),
    /// Nobody is there, or no secure connection could be made.
    #[error("{host} could not be reached: {cause}")]
    Unreachable {
        /// The host.
        host: String,
        /// What happened, in the words of the system.
        cause: String,
    },
    /// The answer is too large.
    #[error("the answer of {host} has more than {max_bytes} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// How many were allowed.
        max_bytes: usize,
    },
}

impl Coded for OutgoingError {
    fn code(&self) -> Code {
        match self {
            Self::Address(_) => Code::INVALID_REQUEST,
            Self::Private(_) => Code::ADDRESS_NOT_PUBLIC,
            Self::TimedOut(_) | Self::Unreachable { .. } | Self::TooLarge { .. } => {
                Code::OUTGOING_FAILED
            }
        }
    }
}

/// The only way out. Connections are kept and used again.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Made for the first call: a server that makes none need not read the system's certificates, nor have any.
    client: Arc<OnceLock<Result<reqwest::Client, String>>>,
    allows_private: bool,
}

impl Outgoing {
    /// A way out to public addresses; to all where `allows_private`.
    #[must_use]
    pub fn new(allows_private: bool) -> Self {
        Self {
            client: Arc::default(),
            allows_private,
        }
    }

    fn client(&self, host: &str) -> Result<&reqwest::Client, OutgoingError> {
        let made = self.client.get_or_init(|| self.make_client());
        made.as_ref().map_err(|cause| OutgoingError::Unreachable {
            host: host.to_owned(),
            cause: cause.clone(),
        })
    }

    /// The client, or why there is none, such as a system without certificates.
    fn make_client(&self) -> Result<reqwest::Client, String> {
        let allows_private = self.allows_private;
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(5))
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("kith/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(GuardedResolver { allows_private }))
            .build()
            .map_err(|error| first_cause(&error))
    }

    /// Makes the call and reads the whole answer.
    ///
    /// # Errors
    /// [`OutgoingError`] where there is no whole answer. A status such as 500 is an answer.
    pub async fn send(&self, request: Request) -> Result<Answer, OutgoingError> {
        let host = self.judge(&request.url)?;
        let (timeout, max_bytes) = (request.timeout, request.max_bytes);
        let answer = tokio::time::timeout(timeout, self.exchange(request, &host, max_bytes)).await;
        answer.unwrap_or(Err(OutgoingError::TimedOut(host)))
    }

    async fn exchange(
        &self,
        request: Request,
        host: &str,
        max_bytes: usize,
    ) -> Result<Answer, OutgoingError> {
        let sent = self
            .client(host)?
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body)
            .send();
        let mut response = sent.await.map_err(|error| failure(&error, host))?;
        let too_large = || OutgoingError::TooLarge {
            host: host.to_owned(),
            max_bytes,
        };
        let mut body = Vec::new();
        while let Some(piece) = response
            .chunk()
            .await
            .map_err(|error| failure(&error, host))?
        {
            if body.len() + piece.len() > max_bytes {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body,
        })
    }

    /// Whether this host and port may be spoken to in another protocol than HTTP; the addresses to connect to.
    ///
    /// # Errors
    /// [`OutgoingError::Private`], and [`OutgoingError::Unreachable`] where nothing has that name.
    pub async fn addresses(
        &self,
        host: &str,
        port: u16,
    ) -> Result<Vec<std::net::SocketAddr>, OutgoingError> {
        let found = tokio::net::lookup_host((host, port)).await;
        let found: Vec<_> = found.map_err(|error| unreachable(host, &error))?.collect();
        if !self.allows_private && !found.iter().all(|address| is_public(address.ip())) {
            return Err(OutgoingError::Private(host.to_owned()));
        }
        Ok(found)
    }

    /// The host of an address that may be called, as far as the text tells. What a name stands for is judged when it is resolved.
    ///
    /// # Errors
    /// [`OutgoingError::Address`] and [`OutgoingError::Private`].
    pub fn judge(&self, url: &Url) -> Result<String, OutgoingError> {
        let is_web = matches!(url.scheme(), "http" | "https");
        let host = match url.host() {
            Some(host) if is_web && url.username().is_empty() && url.password().is_none() => host,
            _ => return Err(OutgoingError::Address(shown(url))),
        };
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::from(address)),
            Host::Ipv6(address) => Some(IpAddr::from(address)),
            Host::Domain(_) => None,
        };
        if !self.allows_private && !address.is_none_or(is_public) {
            return Err(OutgoingError::Private(host.to_string()));
        }
        Ok(host.to_string())
    }
}

/// An address as messages show it: without what may be secret in it.
fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    // An address that can't have them has none.
    let _ = shown.set_password(None);
    let _ = shown.set_username("");
    shown.to_string()
}

fn failure(error: &reqwest::Error, host: &str) -> OutgoingError {
    if causes(error).any(<dyn Error>::is::<NotPublic>) {
        return OutgoingError::Private(host.to_owned());
    }
    if error.is_timeout() {
        return OutgoingError::TimedOut(host.to_owned());
    }
    OutgoingError::Unreachable {
        host: host.to_owned(),
        cause: first_cause(error),
    }
}

/// What failed, and why, down to what failed first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let error: &(dyn Error + 'static) = error;
    std::iter::successors(Some(error), |&error| error.source())
}

fn first_cause(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn unreachable(host: &str, error: &std::io::Error) -> OutgoingError {
    OutgoingError::Unreachable {
        host: host.to_owned(),
        cause: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
