//! The answer to an authorization request: a redirect with a code, or with an error.
//!
//! The registered address is extended as text and never parsed and printed again: a URL library would put slashes
//! and encodings where the operator had none, and native applications compare the text. Values are percent-encoded with
//! `%20` for a space, which every reader understands; `+` is understood by readers of forms only.

use url::form_urlencoded::byte_serialize;

use crate::{
    error::{ErrorCode, OAuthError},
    scope::Scopes,
};

/// What accompanies every answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Where it goes, as the request sent it; matched by now.
    pub redirect_uri: &'a str,
    /// The `state` of the request, returned unchanged (RFC 6749 §4.1.2).
    pub state: Option<&'a str>,
    /// Our issuer, by which clients notice an answer from somebody else (RFC 9207 §2).
    pub issuer: &'a str,
}

impl Answer<'_> {
    /// The address that hands over a code, with the scopes that it stands for (RFC 6749 §4.1.2).
    #[must_use]
    pub fn code(&self, code: &str, scopes: &Scopes) -> String {
        let scopes = scopes.to_string();
        let scope = Some(scopes.as_str()).filter(|scopes| !scopes.is_empty());
        self.with(&[("code", Some(code)), ("scope", scope)])
    }

    /// The address that tells what went wrong (RFC 6749 §4.1.2.1).
    #[must_use]
    pub fn error(&self, error: &OAuthError) -> String {
        self.with(&[
            ("error", Some(error.code().as_str())),
            ("error_description", Some(error.description())),
        ])
    }

    /// The address that asks the application to begin again; see
    /// [`AuthorizationRequest::reauth_state`](crate::AuthorizationRequest::reauth_state).
    #[must_use]
    pub fn login_link_expired(&self, reauth_state: &str) -> String {
        self.with(&[
            ("error", Some(ErrorCode::LoginLinkExpired.as_str())),
            ("reauth_state", Some(reauth_state)),
        ])
    }

    fn with(&self, answer: &[(&str, Option<&str>)]) -> String {
        let always = [("state", self.state), ("iss", Some(self.issuer))];
        let mut address = self.redirect_uri.to_owned();
        for (name, value) in answer.iter().chain(&always) {
            if let Some(value) = value {
                // RFC 6749 §3.1.2: a query that the address already has stays.
                let separator = if !address.contains('?') {
                    "?"
                } else if address.ends_with(['?', '&']) {
                    ""
                } else {
                    "&"
                };
                let value = byte_serialize(value.as_bytes())
                    .collect::<String>()
                    .replace('+', "%20");
                address.extend([separator, *name, "=", &value]);
            }
        }
        address
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    fn answer<'a>(redirect_uri: &'a str, state: Option<&'a str>) -> Answer<'a> {
        Answer {
            redirect_uri,
            state,
            issuer: "https://id.example.com",
        }
    }

    #[test]
    fn a_code_comes_with_scope_state_and_issuer() {
        let scopes = Scopes::parse("openid profile email").unwrap();
        assert_eq!(
            answer("https://app.example.com/cb", Some("a+b/c=")).code("c0de", &scopes),
            "https://app.example.com/cb?code=c0de&scope=openid%20profile%20email&state=a%2Bb%2Fc%3D\
             &iss=https%3A%2F%2Fid.example.com"
        );
    }

    #[test]
    fn an_error_comes_with_description_state_and_issuer() {
        let error = OAuthError::new(ErrorCode::LoginRequired, "User authentication is required");
        assert_eq!(
            answer("https://app.example.com/cb", Some("s")).error(&error),
            "https://app.example.com/cb?error=login_required\
             &error_description=User%20authentication%20is%20required&state=s&iss=https%3A%2F%2Fid.example.com"
        );
    }

    #[test]
    fn an_expired_link_brings_back_the_wishes_of_the_request() {
        assert_eq!(
            answer("https://app.example.com/cb", None).login_link_expired("e30="),
            "https://app.example.com/cb?error=login_link_expired&reauth_state=e30%3D&iss=https%3A%2F%2Fid.example.com"
        );
    }

    #[test]
    fn the_address_stays_as_it_is_and_keeps_its_query() {
        let none = Scopes::default();
        for (redirect_uri, expected) in [
            ("https://app.example.com", "https://app.example.com?code=c"),
            (
                "https://app.example.com/cb?tenant=7",
                "https://app.example.com/cb?tenant=7&code=c",
            ),
            (
                "https://app.example.com/cb?",
                "https://app.example.com/cb?code=c",
            ),
            (
                "https://app.example.com/cb?a=1&",
                "https://app.example.com/cb?a=1&code=c",
            ),
            ("myapp://cb", "myapp://cb?code=c"),
            ("com.example.app:/cb", "com.example.app:/cb?code=c"),
        ] {
            let address = answer(redirect_uri, None).code("c", &none);
            assert_eq!(
                address,
                format!("{expected}&iss=https%3A%2F%2Fid.example.com")
            );
        }
    }

    proptest! {
        #[test]
        fn the_state_comes_back_byte_for_byte(state in any::<String>()) {
            let address = answer("https://app.example.com/cb?x=1", Some(&state)).code("c", &Scopes::default());
            let url = Url::parse(&address).unwrap();
            let returned = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
            prop_assert_eq!(returned, state);
            prop_assert_eq!(url.query_pairs().count(), 4);
            prop_assert!(url.fragment().is_none());
        }
    }
}
