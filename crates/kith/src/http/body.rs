//! Bodies and queries, with our own answers when they are malformed.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Failure;
use crate::error::Code;

/// A JSON body, in and out. An empty body reads as `{}`, since SDKs send none where every field is optional.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(|_| {
                Failure::new(
                    Code::BODY_TOO_LARGE,
                    "the body is larger than this operation takes",
                )
            })?;
        let bytes = if bytes.is_empty() { b"{}" } else { &bytes[..] };
        serde_json::from_slice(bytes).map(Self).map_err(|error| {
            Failure::new(
                Code::INVALID_BODY,
                format!("the body can't be read: {error}"),
            )
        })
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The query, into a struct. Unknown parameters are ignored, and so are empty ones: clients send an optional parameter that
/// they have no value for as `page_size=`.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let unreadable = |why: String| {
            Failure::new(
                Code::INVALID_REQUEST,
                format!("the query can't be read: {why}"),
            )
        };
        let query = without_empty(parts.uri.query().unwrap_or_default());
        let uri: Uri = format!("/?{query}")
            .parse()
            .map_err(|error: axum::http::uri::InvalidUri| unreadable(error.to_string()))?;
        axum::extract::Query::try_from_uri(&uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| unreadable(error.body_text()))
    }
}

/// The query without the parameters that have no value.
fn without_empty(query: &str) -> String {
    let has_value = |pair: &&str| {
        pair.split_once('=')
            .is_some_and(|(_, value)| !value.is_empty())
    };
    query
        .split('&')
        .filter(has_value)
        .collect::<Vec<_>>()
        .join("&")
}

/// A form's fields in the order in which they came, names repeated where they were.
#[derive(Debug, Clone, Default)]
pub struct Form(pub Vec<(String, String)>);

impl Form {
    /// The field's value, without the spaces around it; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The field's value as typed, for passwords; empty when there is none.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether the field is there with a value: a ticked box, the button that was pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Every value of a field that may be repeated.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        axum::Form::from_request(request, state)
            .await
            .map(|axum::Form(pairs)| Self(pairs))
            .map_err(|_| Failure::new(Code::INVALID_BODY, "the form can't be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq, serde::Deserialize)]
    struct Wanted {
        page_size: Option<u32>,
        email: Option<String>,
    }

    async fn read(uri: &str) -> Result<Wanted, Failure> {
        let (mut parts, ()) = axum::http::Request::get(uri).body(()).unwrap().into_parts();
        Query::from_request_parts(&mut parts, &())
            .await
            .map(|Query(wanted)| wanted)
    }

    #[tokio::test]
    async fn an_empty_parameter_is_none() {
        let wanted = read("/users?page_size=&email=a%2Bb%40example.com&expand")
            .await
            .unwrap();
        assert_eq!(wanted.page_size, None);
        assert_eq!(wanted.email.as_deref(), Some("a+b@example.com"));
    }

    #[tokio::test]
    async fn a_malformed_parameter_is_refused() {
        assert_eq!(
            read("/users?page_size=ten").await.unwrap_err().code,
            Code::INVALID_REQUEST
        );
    }
}
