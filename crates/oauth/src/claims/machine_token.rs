//! The access token of a machine.

use serde::{Deserialize, Serialize};

use super::{FeatureFlags, Issue, Properties};
use crate::scope::Scopes;

/// The claims of an access token with which a client acts for itself (RFC 6749 §4.4). There is no `sub`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MachineToken {
    /// The issuer.
    pub iss: String,
    /// The APIs that the client may call.
    pub aud: Vec<String>,
    /// The client.
    pub azp: String,
    /// Expires at, Unix seconds.
    pub exp: i64,
    /// Issued at, Unix seconds.
    pub iat: i64,
    /// The token's own name.
    pub jti: String,
    /// How it was granted: always `["client_credentials"]`.
    pub gty: Vec<String>,
    /// The scopes that were granted, as one text.
    pub scope: String,
    /// The same scopes as a list.
    pub scp: Vec<String>,
    /// The version of this layout: always `2`, a text.
    pub v: String,
    /// The organization to which the application belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_code: Option<String>,
    /// Customized: the same scopes once more, where APIs look for permissions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    /// Customized: the flags of the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feature_flags: Option<FeatureFlags>,
    /// Customized: public properties of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_properties: Option<Properties>,
}

impl MachineToken {
    /// A token of `client_id` for these APIs, with these scopes.
    #[must_use]
    pub fn new(
        issue: Issue,
        client_id: impl Into<String>,
        audiences: Vec<String>,
        scopes: &Scopes,
    ) -> Self {
        Self {
            iss: issue.issuer,
            aud: audiences,
            azp: client_id.into(),
            exp: issue.expires_at,
            iat: issue.issued_at,
            jti: issue.jti,
            gty: vec!["client_credentials".to_owned()],
            scope: scopes.to_string(),
            scp: scopes.to_vec(),
            v: "2".to_owned(),
            org_code: None,
            permissions: None,
            feature_flags: None,
            application_properties: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::issue, *};

    #[test]
    fn a_token_has_scopes_twice_and_no_subject() {
        let scopes = Scopes::parse("read:users create:users").unwrap();
        let audiences = vec!["https://id.example.com/api".to_owned()];
        let token = MachineToken::new(issue(), "client", audiences, &scopes);
        let expected = json!({
            "iss": "https://id.example.com", "aud": ["https://id.example.com/api"], "azp": "client",
            "exp": 1_800_003_600, "iat": 1_800_000_000, "jti": "b9a4d6a6-6b0e-4f5d-8f0a-0d6f5f0f4c11",
            "gty": ["client_credentials"], "scope": "read:users create:users",
            "scp": ["read:users", "create:users"], "v": "2",
        });
        assert_eq!(serde_json::to_value(&token).unwrap(), expected);
        assert_eq!(
            serde_json::from_value::<MachineToken>(expected).unwrap(),
            token
        );
    }
}
