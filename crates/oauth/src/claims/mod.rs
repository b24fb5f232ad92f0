//! What tokens say.
//!
//! Three kinds, each a struct whose fields are the claims: the access token of a person, the ID token, the access token
//! of a machine. A claim that does not apply is left out, never null. The names and shapes are those that the SDKs of
//! the hosted service read; where the standards define a claim too (RFC 7519 §4.1, RFC 9068 §2.2, OIDC Core §2), it
//! means what they say.
//!
//! The kinds are told apart by their claims and not by the `typ` of the header, which those SDKs do not look at: see
//! [`TokenKind`].

mod access_token;
mod custom;
mod feature_flag;
mod id_token;
mod machine_token;

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::jwt::Claims;

pub use access_token::{AccessToken, Role, SessionPolicy};
pub use custom::{add_custom, rename_for_hasura};
pub use feature_flag::FeatureFlag;
pub use id_token::{ExternalProvider, IdToken, OrganizationName, Person};
pub use machine_token::MachineToken;

/// What every token starts from: who issues it, when, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The issuer of the flow's domain, exactly as in its metadata, without a slash at the end.
    pub issuer: String,
    /// Unix seconds.
    pub issued_at: i64,
    /// Unix seconds; the token is good until just before.
    pub expires_at: i64,
    /// Unique among all tokens: a random UUID.
    pub jti: String,
}

/// Which of the three a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Lets a client act for a person.
    Access,
    /// Tells a client who the person is; opens nothing.
    Id,
    /// Lets a client act for itself.
    Machine,
}

impl TokenKind {
    /// The kind of a token of ours with these claims; `None` when it is none of the three.
    ///
    /// A machine has no `sub`, and a person's access token always lists its scopes in `scp`, be it empty. An ID token
    /// taken for an access token, or the other way round, would break what each is for (RFC 9068 §5).
    #[must_use]
    pub fn of(claims: &Claims) -> Option<Self> {
        let is_machine = claims
            .get("gty")
            .is_some_and(|gty| gty == &Value::from(vec!["client_credentials"]));
        let has_scopes = claims.get("scp").is_some_and(Value::is_array);
        match (
            claims.get("sub").is_some_and(Value::is_string),
            is_machine,
            has_scopes,
        ) {
            (false, true, true) => Some(Self::Machine),
            (true, false, true) => Some(Self::Access),
            (true, false, false) if !claims.contains_key("scp") => Some(Self::Id),
            _ => None,
        }
    }
}

/// A public property of a person, an organization or an application; `{}` when it has no value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<Value>,
}

/// Properties by key.
pub type Properties = BTreeMap<String, Property>;

/// Feature flags by key.
pub type FeatureFlags = BTreeMap<String, FeatureFlag>;

/// Ties an ID token to the access token beside it: the first half of its SHA-256, base64url (OIDC Core §3.1.3.6).
#[must_use]
pub fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    pub(super) fn issue() -> Issue {
        Issue {
            issuer: "https://id.example.com".to_owned(),
            issued_at: 1_800_000_000,
            expires_at: 1_800_003_600,
            jti: "b9a4d6a6-6b0e-4f5d-8f0a-0d6f5f0f4c11".to_owned(),
        }
    }

    fn kind(claims: &impl Serialize) -> Option<TokenKind> {
        let Value::Object(claims) = serde_json::to_value(claims).unwrap() else {
            panic!("not an object")
        };
        TokenKind::of(&claims)
    }

    #[test]
    fn each_kind_is_recognized_and_nothing_else_is() {
        let scopes = crate::Scopes::default();
        assert_eq!(
            kind(&AccessToken::new(issue(), "client", "kp_1")),
            Some(TokenKind::Access)
        );
        assert_eq!(
            kind(&IdToken::new(issue(), "client", "kp_1")),
            Some(TokenKind::Id)
        );
        assert_eq!(
            kind(&MachineToken::new(issue(), "client", vec![], &scopes)),
            Some(TokenKind::Machine)
        );
        for claims in [
            json!({}),
            json!({"sub": 1}),
            json!({"sub": "kp_1", "scp": "openid"}),
            json!({"gty": ["client_credentials"]}),
            json!({"gty": ["client_credentials"], "scp": [], "sub": "kp_1"}),
            json!({"gty": "client_credentials", "scp": []}),
        ] {
            assert_eq!(kind(&claims), None, "{claims}");
        }
    }

    #[test]
    fn the_hash_of_an_access_token_is_the_one_that_clients_compute() {
        // OIDC Core, Appendix A.3, where the response carries both.
        assert_eq!(
            at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
    }

    #[test]
    fn a_property_without_value_is_an_empty_object() {
        let properties: Properties = [
            (
                "kp_usr_city".to_owned(),
                Property {
                    v: Some("Lyon".into()),
                },
            ),
            ("kp_usr_industry".to_owned(), Property::default()),
        ]
        .into();
        let expected = json!({"kp_usr_city": {"v": "Lyon"}, "kp_usr_industry": {}});
        assert_eq!(serde_json::to_value(properties).unwrap(), expected);
    }
}
