//! Calls to a provider's interface, and what their failures mean.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use super::{Lookup, NotRight};
use crate::outgoing::{Answer, OutgoingError, Request};

/// The largest answer that is read, in bytes. Profiles are small.
const MAX_BYTES: usize = 256 * 1024;

/// A provider's answer, read as JSON.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Reply {
    /// The text of a field of the answer; empty where there is none.
    pub(super) fn text(&self, field: &str) -> &str {
        self.body[field].as_str().unwrap_or_default()
    }
}

/// An address made of what somebody typed: with a scheme or without, with a slash at the end or without.
pub(super) fn address(base: &str, path: &str) -> Result<Url, NotRight> {
    let base = base.trim().trim_end_matches('/');
    let with_scheme = if base.contains("://") {
        format!("{base}{path}")
    } else {
        format!("https://{base}{path}")
    };
    with_scheme
        .parse()
        .map_err(|_| NotRight::Unclear(format!("{base} is no address; write it as https://…")))
}

/// Sends a form.
pub(super) async fn post_form(
    lookup: &Lookup<'_>,
    url: Url,
    form: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Result<Reply, NotRight> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let body = ("application/x-www-form-urlencoded", body);
    send(lookup, (Method::POST, url), body, headers).await
}

/// Sends JSON.
pub(super) async fn post_json(
    lookup: &Lookup<'_>,
    url: Url,
    body: &Value,
    headers: &[(&str, &str)],
) -> Result<Reply, NotRight> {
    let body = ("application/json", body.to_string());
    send(lookup, (Method::POST, url), body, headers).await
}

/// Asks for something with a bearer token.
pub(super) async fn get(lookup: &Lookup<'_>, url: Url, bearer: &str) -> Result<Reply, NotRight> {
    let bearer = format!("Bearer {bearer}");
    let headers = [("authorization", bearer.as_str())];
    send(
        lookup,
        (Method::GET, url),
        ("application/json", String::new()),
        &headers,
    )
    .await
}

/// Sends a body of a kind.
pub(super) async fn send(
    lookup: &Lookup<'_>,
    (method, url): (Method, Url),
    (kind, body): (&str, String),
    headers: &[(&str, &str)],
) -> Result<Reply, NotRight> {
    let request = Request {
        headers: header_map(
            &[
                ("accept", "application/json"),
                (CONTENT_TYPE.as_str(), kind),
            ],
            headers,
        )?,
        method,
        url,
        body: body.into_bytes(),
        timeout: lookup.patience,
        max_bytes: MAX_BYTES,
    };
    let answer = lookup.app.outgoing().send(request).await;
    read(&answer.map_err(|error| of_failure(&error))?)
}

fn header_map(ours: &[(&str, &str)], more: &[(&str, &str)]) -> Result<HeaderMap, NotRight> {
    ours.iter()
        .chain(more)
        .map(|(name, value)| {
            let name = HeaderName::try_from(*name).ok()?;
            let mut value = HeaderValue::try_from(*value).ok()?;
            value.set_sensitive(true);
            Some((name, value))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| {
            NotRight::Unclear(
                "a key has a line break or a letter that no header takes; enter it again"
                    .to_owned(),
            )
        })
}

/// The answer as JSON. A success that can't be read is none: a page of a proxy must never move anybody.
fn read(answer: &Answer) -> Result<Reply, NotRight> {
    let status = answer.status;
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(NotRight::TooMany(retry_after(&answer.headers)));
    }
    if status.is_server_error() {
        return Err(NotRight::Down(format!("the old system answered {status}")));
    }
    if status.is_redirection() {
        let reason =
            "the old system sends callers elsewhere; enter the address at which it answers itself";
        return Err(NotRight::Unclear(reason.to_owned()));
    }
    match serde_json::from_slice(&answer.body) {
        Ok(body) => Ok(Reply { status, body }),
        Err(_) if status.is_success() => Err(NotRight::Unclear(
            "the old system answered with something else than JSON; is a proxy or a login page in the way?".to_owned(),
        )),
        Err(_) => Ok(Reply {
            status,
            body: Value::Null,
        }),
    }
}

/// The wait that an answer asks for, where it says it in seconds (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// A call that got no answer.
pub(super) fn of_failure(error: &OutgoingError) -> NotRight {
    match error {
        OutgoingError::TimedOut(_) => NotRight::Slow,
        OutgoingError::Unreachable { .. } => NotRight::Down(error.to_string()),
        OutgoingError::Address(_) | OutgoingError::Private(_) | OutgoingError::TooLarge { .. } => {
            NotRight::Unclear(error.to_string())
        }
    }
}

/// What an answer means that is neither yes nor no: the provider refuses the caller, not the person.
pub(super) fn unexpected(status: StatusCode, said: &str) -> NotRight {
    let said: String = said
        .chars()
        .filter(|letter| !letter.is_control())
        .take(200)
        .collect();
    NotRight::Unclear(if said.is_empty() {
        format!("the old system answered {status} and did not say why")
    } else {
        format!("the old system answered {status}: {said}")
    })
}
