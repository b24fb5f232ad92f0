//! The ID token.

use serde::{Deserialize, Serialize};

use super::{Issue, Properties};
use crate::{jwt::Claims, scope::Scopes};

/// The claims of an ID token, which tells a client who signed in (OIDC Core §2).
///
/// `aud` names the issuer and the client: the documented tokens carry the first, and clients that check look for the
/// second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdToken {
    /// The issuer.
    pub iss: String,
    /// The person: `kp_…`.
    pub sub: String,
    /// The issuer and the client.
    pub aud: Vec<String>,
    /// The client.
    pub azp: String,
    /// Expires at, Unix seconds.
    pub exp: i64,
    /// Issued at, Unix seconds.
    pub iat: i64,
    /// The token's own name.
    pub jti: String,
    /// The codes of all organizations of the person.
    pub org_codes: Vec<String>,
    /// The hash of the access token beside it; see [`super::at_hash`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// When the person last proved who they are, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// When the client asked for the sign-in, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rat: Option<i64>,
    /// The `nonce` of the request, unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// What the scopes release about the person; see [`Person::released_by`].
    #[serde(flatten)]
    pub person: Person,
    /// Customized: code and name of all organizations of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizations: Option<Vec<OrganizationName>>,
    /// Customized: who vouched for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext_provider: Option<ExternalProvider>,
    /// Customized: public properties of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_properties: Option<Properties>,
    /// Customized: public properties of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_properties: Option<Properties>,
}

/// What is known about a person (OIDC Core §5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The primary address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the person has shown that the address is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The whole name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// What the person is called where names must be unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// In E.164 form: `+61…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// The person's id in the customer's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provided_id: Option<String>,
    /// When any of this last changed, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
}

/// An organization, as the `organizations` claim lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationName {
    /// Its code: `org_…`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The provider that vouched for a person, and what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalProvider {
    /// The provider's name, such as `Google`.
    pub name: String,
    /// The connection: `conn_…`.
    pub connection_id: String,
    /// What the provider said.
    pub claims: Claims,
}

impl IdToken {
    /// A token for `client_id` about the person `subject`, of whom it tells nothing else yet.
    #[must_use]
    pub fn new(issue: Issue, client_id: impl Into<String>, subject: impl Into<String>) -> Self {
        let client_id = client_id.into();
        Self {
            aud: vec![issue.issuer.clone(), client_id.clone()],
            iss: issue.issuer,
            sub: subject.into(),
            azp: client_id,
            exp: issue.expires_at,
            iat: issue.issued_at,
            jti: issue.jti,
            org_codes: Vec::new(),
            at_hash: None,
            auth_time: None,
            rat: None,
            nonce: None,
            person: Person::default(),
            organizations: None,
            ext_provider: None,
            user_properties: None,
            organization_properties: None,
        }
    }
}

impl Person {
    /// The part that `scopes` lets a client know: `email` releases the address, `profile` the rest (OIDC Core §5.4).
    #[must_use]
    pub fn released_by(self, scopes: &Scopes) -> Self {
        let profile = if scopes.contains("profile") {
            self.clone()
        } else {
            Self::default()
        };
        let (email, email_verified) = if scopes.contains("email") {
            (self.email, self.email_verified)
        } else {
            (None, None)
        };
        Self {
            email,
            email_verified,
            ..profile
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::issue, *};

    fn ada() -> Person {
        Person {
            email: Some("ada@example.com".to_owned()),
            email_verified: Some(true),
            name: Some("Ada Example".to_owned()),
            given_name: Some("Ada".to_owned()),
            family_name: Some("Example".to_owned()),
            updated_at: Some(1_799_999_999),
            ..Person::default()
        }
    }

    #[test]
    fn a_token_names_the_issuer_and_the_client_as_its_audience() {
        let mut token = IdToken::new(issue(), "client", "kp_1");
        token.org_codes = vec!["org_1".to_owned()];
        token.nonce = Some("n-0S6_WzA2Mj".to_owned());
        token.auth_time = Some(1_799_999_000);
        token.person = ada();
        let expected = json!({
            "iss": "https://id.example.com", "sub": "kp_1", "aud": ["https://id.example.com", "client"],
            "azp": "client", "exp": 1_800_003_600, "iat": 1_800_000_000,
            "jti": "b9a4d6a6-6b0e-4f5d-8f0a-0d6f5f0f4c11", "org_codes": ["org_1"], "nonce": "n-0S6_WzA2Mj",
            "auth_time": 1_799_999_000, "email": "ada@example.com", "email_verified": true, "name": "Ada Example",
            "given_name": "Ada", "family_name": "Example", "updated_at": 1_799_999_999,
        });
        assert_eq!(serde_json::to_value(&token).unwrap(), expected);
        assert_eq!(serde_json::from_value::<IdToken>(expected).unwrap(), token);
    }

    #[test]
    fn each_scope_releases_its_own_claims() {
        let released = |scopes: &str| {
            let person = ada().released_by(&Scopes::parse(scopes).unwrap());
            let claims = serde_json::to_value(person).unwrap();
            claims
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert!(released("openid offline").is_empty());
        assert_eq!(released("openid email"), ["email", "email_verified"]);
        assert_eq!(
            released("openid profile"),
            ["family_name", "given_name", "name", "updated_at"]
        );
        assert_eq!(released("openid profile email").len(), 6);
    }
}
