//! `kinde.fetch` and `kinde.secureFetch`.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use script::HostError;
use serde_json::{Map, Value, json};
use url::Url;

use super::request::{Format, Prepared, Wanted};
use super::{Call, MAX_CALLS, RunHost, refused};
use crate::context::Nested;
use crate::outgoing::{Answer, Request};
use crate::workflows::binding;

/// The longest that one call may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest answer, in bytes.
const MAX_ANSWER: usize = 1024 * 1024;

impl RunHost {
    /// A call as the program wrote it.
    pub(super) fn fetch(&mut self, wanted: Value, left: Duration) -> Result<Value, HostError> {
        let wanted = Wanted::parse(wanted)?;
        self.hide_aws(&wanted);
        let prepared = wanted.prepare(self.cx.now())?;
        self.exchange(prepared, Encrypted::No, left)
    }

    /// A call whose whole body is encrypted with the workflow's key.
    pub(super) fn secure_fetch(
        &mut self,
        wanted: Value,
        left: Duration,
    ) -> Result<Value, HostError> {
        if !self.live.code.settings.declares("kinde.secureFetch") {
            return Err(refused(binding::remedy("kinde.secureFetch")));
        }
        let mut prepared = Wanted::parse(wanted)?.prepare(self.cx.now())?;
        if prepared.method != Method::POST {
            return Err(refused("secureFetch sends with POST only".to_owned()));
        }
        let key = self.live.key.as_ref().ok_or_else(|| {
            refused(
                "secureFetch has no key: add an encryption key to the workflow, or make one of its keys active"
                    .to_owned(),
            )
        })?;
        let text = String::from_utf8(prepared.body)
            .map_err(|_| refused("secureFetch sends text only".to_owned()))?;
        prepared.body = key.encrypt(&text, self.cx.random_bytes()).into_bytes();
        self.exchange(prepared, Encrypted::Yes, left)
    }

    /// The headers that sign a call for AWS.
    pub(super) fn sign(&mut self, wanted: Value) -> Result<Value, HostError> {
        let wanted = Wanted::parse(wanted)?;
        self.hide_aws(&wanted);
        let headers = wanted.signature(self.cx.now())?;
        Ok(headers
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect::<Map<_, _>>()
            .into())
    }

    fn hide_aws(&mut self, wanted: &Wanted) {
        for secret in wanted.secrets() {
            self.redactor.add_secret(secret);
        }
    }

    fn exchange(
        &mut self,
        prepared: Prepared,
        encrypted: Encrypted,
        left: Duration,
    ) -> Result<Value, HostError> {
        if self.calls.len() >= MAX_CALLS {
            return Err(refused(format!("a run makes {MAX_CALLS} calls at most")));
        }
        let (after_ms, began) = (self.after_ms(), std::time::Instant::now());
        let (method, url, format) = (
            prepared.method.to_string(),
            prepared.url.to_string(),
            prepared.format,
        );
        let is_local = self.is_own(&prepared.url);
        let answer = if is_local {
            self.call_own(prepared, left)
        } else {
            self.call_out(prepared, left)
        };
        self.calls.push(Call {
            after_ms,
            method,
            url,
            status: answer.as_ref().ok().map(|answer| answer.status.as_u16()),
            duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            is_local,
            is_encrypted: encrypted == Encrypted::Yes,
            error: answer.as_ref().err().map(|error| error.message.clone()),
        });
        shown(&answer?, format)
    }

    fn call_out(&self, prepared: Prepared, left: Duration) -> Result<Answer, HostError> {
        let request = request(prepared, left);
        self.handle
            .block_on(self.cx.outgoing().send(request))
            .map_err(|error| failed(error.to_string()))
    }

    /// Whether the address is one of this environment's own.
    fn is_own(&self, url: &Url) -> bool {
        Url::parse(&self.cx.environment().base_url).is_ok_and(|own| own.origin() == url.origin())
    }

    /// Our own API and token endpoint answer without a network, so that no address of ours has to be reachable from here.
    fn call_own(&self, mut prepared: Prepared, left: Duration) -> Result<Answer, HostError> {
        let base = self.cx.environment().base_path();
        let path = prepared.url.path().strip_prefix(base).unwrap_or_default();
        let is_open = path == "/oauth2/token"
            || path == "/.well-known/jwks.json"
            || path.starts_with("/api/v1/");
        if !is_open {
            return Err(failed(format!(
                "{path} is not for workflows: of Kith they may call /api/v1/…, /oauth2/token and /.well-known/jwks.json"
            )));
        }
        let server = self
            .cx
            .local_server()
            .ok_or_else(|| failed("no server runs here that could answer".to_owned()))?;
        into_query(&mut prepared);
        let token = bearer(&prepared.headers);
        let from = self.cx.nested(Nested(self.cx.nesting() + 1));
        let request = request(prepared, left);
        let patience = request.timeout;
        let answered = self
            .handle
            .block_on(async { tokio::time::timeout(patience, server.call(request, &from)).await });
        let answer = answered.map_err(|_| failed("Kith did not answer in time".to_owned()))?;
        if matches!(
            answer.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        ) {
            // The next run asks for a token that knows of what was changed meanwhile.
            self.tokens
                .forget(&self.cx.environment().id, token.as_deref());
        }
        Ok(answer)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encrypted {
    Yes,
    No,
}

fn request(prepared: Prepared, left: Duration) -> Request {
    Request {
        method: prepared.method,
        url: prepared.url,
        headers: prepared.headers,
        body: prepared.body,
        timeout: PATIENCE.min(left),
        max_bytes: MAX_ANSWER,
    }
}

/// The published package sends what it asks for with GET in the body, where nobody looks.
fn into_query(prepared: &mut Prepared) {
    if prepared.method != Method::GET || prepared.body.is_empty() {
        return;
    }
    let body = std::mem::take(&mut prepared.body);
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let pairs: Vec<(String, String)> = match serde_json::from_slice::<Map<_, _>>(&body) {
        Ok(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        Err(_) => url::form_urlencoded::parse(&body).into_owned().collect(),
    };
    prepared.url.query_pairs_mut().extend_pairs(pairs);
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("authorization")?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::to_owned)
}

/// The answer as the prelude takes it.
fn shown(answer: &Answer, format: Format) -> Result<Value, HostError> {
    let text = String::from_utf8_lossy(&answer.body);
    let is_empty = matches!(
        answer.status,
        StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT
    );
    let json = match format {
        Format::Text => None,
        Format::Either => serde_json::from_str::<Value>(&text).ok(),
        Format::Json => match serde_json::from_str::<Value>(&text) {
            Ok(json) => Some(json),
            // Programs look at `ok` alone. A page of a proxy with status 200 must not count as a yes.
            Err(error) if answer.status.is_success() && !is_empty => {
                return Err(failed(format!(
                    "the answer has status {} and is not JSON ({error}); ask for responseFormat \"text\" if it isn't meant to be",
                    answer.status.as_u16()
                )));
            }
            Err(_) => None,
        },
    };
    Ok(json!({
        "ok": answer.status.is_success(),
        "status": answer.status.as_u16(),
        "statusText": answer.status.canonical_reason().unwrap_or_default(),
        "headers": header_values(&answer.headers),
        "text": text,
        "hasJson": json.is_some(),
        "json": json,
    }))
}

fn header_values(headers: &HeaderMap) -> Value {
    let value = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .keys()
        .map(|name| {
            let all: Vec<_> = headers.get_all(name).iter().map(value).collect();
            (name.to_string(), Value::from(all.join(", ")))
        })
        .collect::<Map<_, _>>()
        .into()
}

/// An error of the network.
fn failed(message: String) -> HostError {
    HostError {
        name: "FetchError".to_owned(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::from_iter([("x-a".parse().unwrap(), "1".parse().unwrap())]),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_page_with_status_200_is_no_json() {
        let error = shown(&answer(200, "<html>"), Format::Json).unwrap_err();
        assert!(error.message.contains("is not JSON"), "{error}");
        assert!(shown(&answer(200, ""), Format::Json).is_err());
    }

    #[test]
    fn a_refusal_may_be_text() {
        let refused = shown(&answer(401, "Unauthorized"), Format::Json).unwrap();
        assert_eq!(
            (&refused["ok"], &refused["hasJson"]),
            (&json!(false), &json!(false))
        );
        assert_eq!(refused["text"], "Unauthorized");
        assert!(shown(&answer(204, ""), Format::Json).is_ok());
    }

    #[test]
    fn an_answer_has_all_shapes() {
        let found = shown(&answer(200, r#"{"a": 1}"#), Format::Either).unwrap();
        assert_eq!(
            (&found["json"]["a"], &found["headers"]["x-a"]),
            (&json!(1), &json!("1"))
        );
        assert_eq!(
            shown(&answer(200, "plain"), Format::Either).unwrap()["hasJson"],
            false
        );
    }
}
