//! What the provider supports, for programs: OpenID Connect Discovery 1.0 §3 and RFC 8414 §2, one document for both.
//!
//! Everything in it follows from the issuer, so that the document cannot say another host than the tokens do
//! (RFC 8414 §6.2).

use serde::Serialize;

use crate::{authorization::Prompt, scope, token_request::TokenRequest};

/// The discovery document. Serializes to what both well-known addresses answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Metadata {
    /// The issuer, without a slash at the end; equals `iss` in every token.
    pub issuer: String,
    /// Where people are sent to sign in.
    pub authorization_endpoint: String,
    /// Where codes and secrets are traded for tokens.
    pub token_endpoint: String,
    /// Who a token is about.
    pub userinfo_endpoint: String,
    /// Where people are sent to sign out.
    pub end_session_endpoint: String,
    /// The public keys.
    pub jwks_uri: String,
    /// Whether a token is good (RFC 7662).
    pub introspection_endpoint: String,
    /// Where tokens are given back (RFC 7009).
    pub revocation_endpoint: String,
    /// What can be asked for about a person.
    pub scopes_supported: &'static [&'static str],
    /// The answers of the authorization endpoint.
    pub response_types_supported: &'static [&'static str],
    /// Where the answer stands.
    pub response_modes_supported: &'static [&'static str],
    /// What the token endpoint takes.
    pub grant_types_supported: &'static [&'static str],
    /// How the person can be asked.
    pub prompt_values_supported: Vec<&'static str>,
    /// One `sub` for all clients.
    pub subject_types_supported: &'static [&'static str],
    /// How ID tokens are signed.
    pub id_token_signing_alg_values_supported: &'static [&'static str],
    /// How clients prove who they are to the token endpoint.
    pub token_endpoint_auth_methods_supported: &'static [&'static str],
    /// The same for revocation.
    pub revocation_endpoint_auth_methods_supported: &'static [&'static str],
    /// How code challenges are made.
    pub code_challenge_methods_supported: &'static [&'static str],
    /// The claims that ID tokens may have.
    pub claims_supported: &'static [&'static str],
    /// Request objects by reference are not read; left out, this would mean that they are (Discovery §3).
    pub request_uri_parameter_supported: bool,
    /// Every answer names the issuer (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
}

const CLIENT_AUTHENTICATION: &[&str] = &["client_secret_post", "client_secret_basic", "none"];

const CLAIMS: &[&str] = &[
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "email",
    "email_verified",
    "exp",
    "family_name",
    "given_name",
    "iat",
    "iss",
    "jti",
    "name",
    "nonce",
    "org_codes",
    "phone_number",
    "picture",
    "preferred_username",
    "provided_id",
    "rat",
    "sub",
    "updated_at",
];

impl Metadata {
    /// The document of the provider at `issuer`; a slash at its end is dropped.
    #[must_use]
    pub fn new(issuer: &str) -> Self {
        let issuer = issuer.trim_end_matches('/');
        let at = |path: &str| format!("{issuer}{path}");
        Self {
            authorization_endpoint: at("/oauth2/auth"),
            token_endpoint: at("/oauth2/token"),
            userinfo_endpoint: at("/oauth2/v2/user_profile"),
            end_session_endpoint: at("/logout"),
            jwks_uri: at("/.well-known/jwks"),
            introspection_endpoint: at("/oauth2/introspect"),
            revocation_endpoint: at("/oauth2/revoke"),
            issuer: issuer.to_owned(),
            scopes_supported: scope::SIGN_IN,
            response_types_supported: &["code"],
            response_modes_supported: &["query"],
            grant_types_supported: TokenRequest::GRANT_TYPES,
            prompt_values_supported: Prompt::ALL.iter().map(|prompt| prompt.as_str()).collect(),
            subject_types_supported: &["public"],
            id_token_signing_alg_values_supported: &["RS256"],
            token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
            revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
            code_challenge_methods_supported: &["S256"],
            claims_supported: CLAIMS,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_document_says_where_everything_is_and_what_is_offered() {
        let document = serde_json::to_value(Metadata::new("http://localhost:8080/")).unwrap();
        for (name, expected) in [
            ("issuer", json!("http://localhost:8080")),
            (
                "authorization_endpoint",
                json!("http://localhost:8080/oauth2/auth"),
            ),
            (
                "token_endpoint",
                json!("http://localhost:8080/oauth2/token"),
            ),
            (
                "userinfo_endpoint",
                json!("http://localhost:8080/oauth2/v2/user_profile"),
            ),
            (
                "end_session_endpoint",
                json!("http://localhost:8080/logout"),
            ),
            ("jwks_uri", json!("http://localhost:8080/.well-known/jwks")),
            (
                "introspection_endpoint",
                json!("http://localhost:8080/oauth2/introspect"),
            ),
            (
                "revocation_endpoint",
                json!("http://localhost:8080/oauth2/revoke"),
            ),
            ("response_types_supported", json!(["code"])),
            (
                "grant_types_supported",
                json!(["authorization_code", "refresh_token", "client_credentials"]),
            ),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("id_token_signing_alg_values_supported", json!(["RS256"])),
            (
                "scopes_supported",
                json!(["openid", "profile", "email", "offline"]),
            ),
            (
                "token_endpoint_auth_methods_supported",
                json!(["client_secret_post", "client_secret_basic", "none"]),
            ),
            ("subject_types_supported", json!(["public"])),
            (
                "authorization_response_iss_parameter_supported",
                json!(true),
            ),
            (
                "prompt_values_supported",
                json!(["none", "login", "create", "consent", "select_account"]),
            ),
        ] {
            assert_eq!(document[name], expected, "{name}");
        }
    }
}
