//! Who calls the token, revocation and introspection endpoints, and how they prove it (RFC 6749 §2.3).
//!
//! A secret comes in the `Authorization` header or in the body, never in both. Public clients have none and only say
//! their name.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    error::{ErrorCode, OAuthError},
    parameters::Parameters,
    secret::Secret,
};

/// What a client says about itself. Nothing of it is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// A secret in the header (`client_secret_basic`). Failures are answered with `WWW-Authenticate`.
    Basic {
        /// The client's name.
        client_id: String,
        /// What it shows.
        secret: Secret,
    },
    /// A secret in the body (`client_secret_post`).
    Body {
        /// The client's name.
        client_id: String,
        /// What it shows.
        secret: Secret,
    },
    /// No secret (`none`): right for public clients, and for them alone.
    None {
        /// The client's name.
        client_id: String,
    },
}

impl ClientAuthentication {
    /// Reads the `Authorization` header, if there is one, and the decoded pairs of the body.
    ///
    /// Another scheme than Basic is not for this endpoint, and ignored: browsers and interceptors add old bearer tokens.
    ///
    /// # Errors
    /// `invalid_request` when a parameter is repeated, or header and body both carry a secret or name two clients;
    /// `invalid_client` when the header is unreadable, or nobody is named.
    pub fn parse(
        authorization: Option<&str>,
        pairs: &[(String, String)],
    ) -> Result<Self, OAuthError> {
        let body = Parameters(pairs);
        let (named, shown) = (body.text("client_id")?, body.one("client_secret")?);
        if let Some(credentials) = authorization.and_then(basic_credentials) {
            let (client_id, secret) = decode_basic(credentials).ok_or_else(|| {
                OAuthError::new(
                    ErrorCode::InvalidClient,
                    "the Authorization header is not valid Basic authentication",
                )
            })?;
            if shown.is_some() {
                return Err(OAuthError::new(
                    ErrorCode::InvalidRequest,
                    "send the client secret in the Authorization header or in the body, not in both",
                ));
            }
            if named.is_some_and(|named| named != client_id) {
                return Err(OAuthError::new(
                    ErrorCode::InvalidRequest,
                    "client_id in the body is not the one in the Authorization header",
                ));
            }
            return Ok(Self::Basic { client_id, secret });
        }
        match (named, shown) {
            (Some(client_id), Some(secret)) => Ok(Self::Body {
                client_id,
                secret: Secret::new(secret),
            }),
            (Some(client_id), None) => Ok(Self::None { client_id }),
            (None, _) => Err(OAuthError::new(
                ErrorCode::InvalidClient,
                "the parameter client_id is missing",
            )),
        }
    }

    /// The client's name.
    #[must_use]
    pub fn client_id(&self) -> &str {
        match self {
            Self::Basic { client_id, .. }
            | Self::Body { client_id, .. }
            | Self::None { client_id } => client_id,
        }
    }

    /// What the client shows, wherever it came from.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Basic { secret, .. } | Self::Body { secret, .. } => Some(secret),
            Self::None { .. } => None,
        }
    }

    /// Whether a failure must carry `WWW-Authenticate: Basic` (RFC 6749 §5.2).
    #[must_use]
    pub fn is_basic(&self) -> bool {
        matches!(self, Self::Basic { .. })
    }
}

/// What follows the scheme, which has no case (RFC 9110 §11.1).
fn basic_credentials(header: &str) -> Option<&str> {
    let header = header.trim();
    let (scheme, credentials) = header.split_once(' ').unwrap_or((header, ""));
    scheme
        .eq_ignore_ascii_case("Basic")
        .then(|| credentials.trim())
}

/// RFC 6749 §2.3.1: both parts are form-encoded before they are joined, though many clients forget to. What our own
/// names and secrets are made of looks the same either way.
fn decode_basic(credentials: &str) -> Option<(String, Secret)> {
    let text = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    let (client_id, secret) = (form_decode(client_id), Secret::new(form_decode(secret)));
    (!client_id.is_empty() && !secret.expose().is_empty()).then_some((client_id, secret))
}

fn form_decode(text: &str) -> String {
    // As the name of a pair; an `=` or `&` that was not encoded would otherwise be lost.
    let escaped = text.replace('=', "%3D").replace('&', "%26");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::tests::pairs;

    fn basic(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    fn refusal(authorization: Option<&str>, body: &str) -> ErrorCode {
        ClientAuthentication::parse(authorization, &pairs(body))
            .unwrap_err()
            .code()
    }

    #[test]
    fn a_secret_comes_in_the_header_or_in_the_body_or_not_at_all() {
        let secret = Secret::new("s3cret");
        let client_id = "app".to_owned();
        for (authorization, body, expected) in [
            (
                Some(basic("app:s3cret")),
                "",
                ClientAuthentication::Basic {
                    client_id: client_id.clone(),
                    secret: secret.clone(),
                },
            ),
            (
                Some(basic("app:s3cret")),
                "client_id=app",
                ClientAuthentication::Basic {
                    client_id: client_id.clone(),
                    secret: secret.clone(),
                },
            ),
            (
                None,
                "client_id=app&client_secret=s3cret",
                ClientAuthentication::Body {
                    client_id: client_id.clone(),
                    secret,
                },
            ),
            (
                None,
                "client_id=app",
                ClientAuthentication::None {
                    client_id: client_id.clone(),
                },
            ),
            (
                None,
                "client_id=app&client_secret=",
                ClientAuthentication::None {
                    client_id: client_id.clone(),
                },
            ),
            (
                Some("Bearer old".to_owned()),
                "client_id=app",
                ClientAuthentication::None { client_id },
            ),
        ] {
            assert_eq!(
                ClientAuthentication::parse(authorization.as_deref(), &pairs(body)),
                Ok(expected),
                "{body}"
            );
        }
    }

    #[test]
    fn header_and_body_together_are_refused() {
        // RFC 6749 §2.3: no more than one method in each request.
        let header = basic("app:s3cret");
        assert_eq!(
            refusal(Some(&header), "client_secret=s3cret"),
            ErrorCode::InvalidRequest
        );
        assert_eq!(
            refusal(Some(&header), "client_id=other"),
            ErrorCode::InvalidRequest
        );
    }

    #[test]
    fn nobody_and_unreadable_headers_are_invalid_clients() {
        for header in [
            "Basic !",
            "Basic ",
            &basic("app"),
            &basic(":s3cret"),
            &basic("app:"),
        ] {
            assert_eq!(
                refusal(Some(header), "client_id=app"),
                ErrorCode::InvalidClient,
                "{header}"
            );
        }
        assert_eq!(refusal(None, ""), ErrorCode::InvalidClient);
        assert_eq!(
            refusal(None, "client_secret=s3cret"),
            ErrorCode::InvalidClient
        );
    }

    #[test]
    fn repeated_parameters_are_refused() {
        assert_eq!(
            refusal(None, "client_id=a&client_id=a"),
            ErrorCode::InvalidRequest
        );
        assert_eq!(
            refusal(None, "client_id=a&client_secret=x&client_secret=y"),
            ErrorCode::InvalidRequest
        );
    }

    #[test]
    fn the_scheme_has_no_case_and_both_parts_are_decoded() {
        let header = basic("my%20app:p%25+a=b:c&d").replace("Basic", "bAsIc");
        let client = ClientAuthentication::parse(Some(&header), &[]).unwrap();
        assert_eq!(client.client_id(), "my app");
        assert_eq!(client.secret(), Some(&Secret::new("p% a=b:c&d")));
        assert!(client.is_basic());
    }

    #[test]
    fn the_secret_never_shows_in_debug_output() {
        let client =
            ClientAuthentication::parse(None, &pairs("client_id=app&client_secret=s3cret"))
                .unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
    }
}
