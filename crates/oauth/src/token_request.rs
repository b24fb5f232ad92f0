//! The token request: what a client trades for tokens (RFC 6749 §4.1.3, §4.4.2, §6).
//!
//! The body is a form; some published examples send JSON instead, so both are read, into the same pairs. The password
//! grant does not exist here (RFC 9700 §2.4).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use crate::{
    error::{ErrorCode, OAuthError},
    parameters::Parameters,
    pkce::Verifier,
    scope::Scopes,
    secret::Secret,
};

/// What a client trades. Who it is comes separately: [`crate::ClientAuthentication`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenRequest {
    /// A code from the authorization endpoint.
    AuthorizationCode {
        /// The code.
        code: Secret,
        /// The address to which the code was sent; compare with [`crate::redirect_uri::same_redirect`].
        redirect_uri: String,
        /// What the challenge was made from; compare with [`crate::pkce::check`].
        code_verifier: Option<Verifier>,
    },
    /// A refresh token.
    RefreshToken {
        /// The token; `None` when a browser keeps it in a cookie.
        refresh_token: Option<Secret>,
        /// Fewer scopes than before; `None` for the same.
        scope: Option<Scopes>,
    },
    /// Nothing but who the client is.
    ClientCredentials {
        /// The APIs to call.
        audiences: Vec<String>,
        /// The scopes; `None`, also when sent empty, for all that the client has.
        scope: Option<Scopes>,
    },
}

impl TokenRequest {
    /// The grant types that are offered, for the metadata.
    pub const GRANT_TYPES: &[&str] = &["authorization_code", "refresh_token", "client_credentials"];

    /// Reads the decoded pairs of a form.
    ///
    /// # Errors
    /// `invalid_request` for a parameter that is missing or repeated; `unsupported_grant_type`; `invalid_scope`;
    /// `invalid_grant` for a verifier that cannot be one.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, OAuthError> {
        let sent = Parameters(pairs);
        match sent.required("grant_type")? {
            "authorization_code" => Ok(Self::AuthorizationCode {
                code: Secret::new(sent.required("code")?),
                redirect_uri: sent.required("redirect_uri")?.to_owned(),
                code_verifier: verifier(sent)?,
            }),
            "refresh_token" => Ok(Self::RefreshToken {
                refresh_token: sent.one("refresh_token")?.map(Secret::new),
                scope: scope(sent)?,
            }),
            "client_credentials" => Ok(Self::ClientCredentials {
                audiences: sent.audiences(),
                scope: scope(sent)?,
            }),
            _ => Err(OAuthError::new(
                ErrorCode::UnsupportedGrantType,
                format!("grant_type must be one of {}", Self::GRANT_TYPES.join(", ")),
            )),
        }
    }
}

/// The pairs that a JSON body stands for: one per member, and one per item where a member is a list.
///
/// # Errors
/// `invalid_request` when the body is not a JSON object of texts, numbers, booleans and lists of them.
pub fn pairs_of_json(body: &[u8]) -> Result<Vec<(String, String)>, OAuthError> {
    let unreadable = |_| {
        OAuthError::new(
            ErrorCode::InvalidRequest,
            "the body must be a form or a JSON object",
        )
    };
    let Members(members) = serde_json::from_slice(body).map_err(unreadable)?;
    let mut pairs = Vec::with_capacity(members.len());
    for (name, value) in members {
        let values = match value {
            Value::Array(values) => values,
            value => vec![value],
        };
        for value in values {
            pairs.push((name.clone(), text_of(value)?));
        }
    }
    Ok(pairs)
}

/// The members of a JSON object as they stand. A map would keep the last of two equal names and hide the first, where a
/// form with a repeated parameter is refused.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

fn text_of(value: Value) -> Result<String, OAuthError> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Ok(String::new()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "members of the JSON body must be texts",
        )),
    }
}

/// A verifier that cannot be one belongs to no challenge, which RFC 7636 §4.6 calls an invalid grant.
fn verifier(sent: Parameters<'_>) -> Result<Option<Verifier>, OAuthError> {
    let verifier = sent.one("code_verifier")?.map(Verifier::parse).transpose();
    verifier.map_err(|error| OAuthError::new(ErrorCode::InvalidGrant, error.to_string()))
}

fn scope(sent: Parameters<'_>) -> Result<Option<Scopes>, OAuthError> {
    let scopes = sent.one("scope")?.map(Scopes::parse).transpose()?;
    Ok(scopes.filter(|scopes| !scopes.is_empty()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parameters::tests::pairs;

    fn parse(form: &str) -> Result<TokenRequest, OAuthError> {
        TokenRequest::parse(&pairs(form))
    }

    fn refusal(form: &str) -> ErrorCode {
        parse(form).expect_err(form).code()
    }

    #[test]
    fn a_code_comes_with_its_address_and_perhaps_a_verifier() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let form = "grant_type=authorization_code&code=c0de&redirect_uri=https://app.example.com/cb/&client_id=app";
        let code = Secret::new("c0de");
        let redirect_uri = "https://app.example.com/cb/".to_owned();
        let expected = TokenRequest::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier: None,
        };
        assert_eq!(parse(form), Ok(expected));

        let Ok(TokenRequest::AuthorizationCode { code_verifier, .. }) =
            parse(&format!("{form}&code_verifier={verifier}"))
        else {
            panic!("refused")
        };
        assert_eq!(code_verifier, Verifier::parse(verifier).ok());
    }

    #[test]
    fn a_refresh_token_may_be_left_out_for_the_cookie() {
        assert_eq!(
            parse("grant_type=refresh_token&client_id=app"),
            Ok(TokenRequest::RefreshToken {
                refresh_token: None,
                scope: None
            })
        );
        assert_eq!(
            parse("grant_type=refresh_token&refresh_token=r&scope=openid"),
            Ok(TokenRequest::RefreshToken {
                refresh_token: Some(Secret::new("r")),
                scope: Scopes::parse("openid").ok()
            })
        );
    }

    #[test]
    fn an_empty_scope_of_a_machine_means_all_of_them() {
        for form in ["", "&scope=", "&scope=+"] {
            assert_eq!(
                parse(&format!(
                    "grant_type=client_credentials&audience=https://id.example.com/api{form}"
                )),
                Ok(TokenRequest::ClientCredentials {
                    audiences: vec!["https://id.example.com/api".to_owned()],
                    scope: None
                })
            );
        }
        let Ok(TokenRequest::ClientCredentials { audiences, scope }) =
            parse("grant_type=client_credentials&audience=a+b&audience=c&scope=read:users")
        else {
            panic!("refused")
        };
        assert_eq!(audiences, ["a", "b", "c"]);
        assert_eq!(scope.unwrap().to_string(), "read:users");
    }

    #[test]
    fn what_is_missing_repeated_or_unknown_has_its_code() {
        for (form, code) in [
            ("", ErrorCode::InvalidRequest),
            ("grant_type=", ErrorCode::InvalidRequest),
            (
                "grant_type=password&username=a&password=b",
                ErrorCode::UnsupportedGrantType,
            ),
            ("grant_type=implicit", ErrorCode::UnsupportedGrantType),
            (
                "grant_type=authorization_code&redirect_uri=https://a.example",
                ErrorCode::InvalidRequest,
            ),
            (
                "grant_type=authorization_code&code=c",
                ErrorCode::InvalidRequest,
            ),
            (
                "grant_type=authorization_code&code=c&code=d&redirect_uri=https://a.example",
                ErrorCode::InvalidRequest,
            ),
            (
                "grant_type=authorization_code&code=c&redirect_uri=https://a.example&code_verifier=short",
                ErrorCode::InvalidGrant,
            ),
            (
                "grant_type=refresh_token&refresh_token=r&refresh_token=r",
                ErrorCode::InvalidRequest,
            ),
            (
                "grant_type=client_credentials&scope=%22",
                ErrorCode::InvalidScope,
            ),
        ] {
            assert_eq!(refusal(form), code, "{form}");
        }
    }

    #[test]
    fn a_json_body_stands_for_the_same_pairs() {
        let json = br#"{"grant_type":"client_credentials","audience":["a","b"],"scope":null,"x":1,"y":true}"#;
        assert_eq!(
            TokenRequest::parse(&pairs_of_json(json).unwrap()),
            parse("grant_type=client_credentials&audience=a&audience=b")
        );
        for body in [
            &b"[]"[..],
            b"",
            b"grant_type=x",
            br#"{"scope":{"a":1}}"#,
            br#"{"audience":[["a"]]}"#,
        ] {
            assert_eq!(
                pairs_of_json(body).unwrap_err().code(),
                ErrorCode::InvalidRequest
            );
        }
    }

    #[test]
    fn a_repeated_member_of_a_json_body_is_refused() {
        let pairs =
            pairs_of_json(br#"{"grant_type":"client_credentials","grant_type":"refresh_token"}"#)
                .unwrap();
        assert_eq!(
            TokenRequest::parse(&pairs).unwrap_err().code(),
            ErrorCode::InvalidRequest
        );
    }

    #[test]
    fn secrets_never_show_in_debug_output() {
        let verifier = "a".repeat(43);
        let request = parse(&format!(
            "grant_type=authorization_code&code=c0de&redirect_uri=https://a.example&code_verifier={verifier}"
        ));
        let debug = format!("{request:?}");
        assert!(
            !debug.contains("c0de") && !debug.contains(&verifier),
            "{debug}"
        );
    }

    proptest! {
        #[test]
        fn parsing_never_panics(form in "([a-z_]{0,14}=[^&]{0,20}&){0,6}", json in any::<Vec<u8>>()) {
            for grant_type in TokenRequest::GRANT_TYPES {
                let _ = parse(&format!("grant_type={grant_type}&{form}"));
            }
            let _ = pairs_of_json(&json);
        }
    }
}
