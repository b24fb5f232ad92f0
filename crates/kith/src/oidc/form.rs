//! Parameters of the protocol, from a form, a JSON object or a query.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use oauth::ErrorCode;
use oauth::token_request::pairs_of_json;

use super::failure::OAuthFailure;

/// More than the longest request that makes sense.
const LIMIT: usize = 64 * 1024;

/// The decoded pairs of a body, in the order in which they were sent.
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl Pairs {
    /// The parameter's value; none when it is absent or empty.
    ///
    /// # Errors
    /// `invalid_request` when it was sent more than once (RFC 6749 §3.2).
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, OAuthFailure> {
        let mut values = self.0.iter().filter(|(sent, _)| sent == name);
        let value = values.next();
        if values.next().is_some() {
            return Err(OAuthFailure::new(
                ErrorCode::InvalidRequest,
                format!("the parameter {name} is sent more than once; send it once"),
            ));
        }
        Ok(value
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty()))
    }
}

impl<S: Send + Sync> FromRequest<S> for Pairs {
    type Rejection = OAuthFailure;

    async fn from_request(request: Request, _: &S) -> Result<Self, OAuthFailure> {
        let (parts, body) = request.into_parts();
        let bytes = read(body).await?;
        match content_type(&parts.headers).as_str() {
            "application/json" => Ok(Self(pairs_of_json(&bytes)?)),
            "application/x-www-form-urlencoded" | "" => Ok(Self(decode(&bytes))),
            _ => Err(OAuthFailure::new(
                ErrorCode::InvalidRequest,
                "send the parameters as application/x-www-form-urlencoded",
            )),
        }
    }
}

/// The pairs of a query, or of a form's body.
pub(super) fn decode(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

async fn read(body: Body) -> Result<bytes::Bytes, OAuthFailure> {
    to_bytes(body, LIMIT).await.map_err(|_| {
        OAuthFailure::new(
            ErrorCode::InvalidRequest,
            "the body is incomplete or too large",
        )
    })
}

/// The media type, without its parameters.
fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE);
    let text = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
