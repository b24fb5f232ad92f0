//! The access token of a person.

use serde::{Deserialize, Serialize};

use super::{FeatureFlags, Issue, Properties};
use crate::jwt::Claims;

/// The claims of an access token with which a client acts for a person.
///
/// `aud` and `scp` are always lists, be they empty. Everything below `scp` is left out where it does not apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The issuer.
    pub iss: String,
    /// The person: `kp_…`.
    pub sub: String,
    /// The APIs that were asked for and that the client may call.
    pub aud: Vec<String>,
    /// The client.
    pub azp: String,
    /// Expires at, Unix seconds.
    pub exp: i64,
    /// Issued at, Unix seconds.
    pub iat: i64,
    /// The token's own name.
    pub jti: String,
    /// The scopes that were granted.
    pub scp: Vec<String>,
    /// The same scopes as one text; in tokens of the device flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The organization that the person signed in to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_code: Option<String>,
    /// The keys of the person's permissions in that organization, by role and directly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// The flags as they are for this person.
    #[serde(default, skip_serializing_if = "FeatureFlags::is_empty")]
    pub feature_flags: FeatureFlags,
    /// Customized: the person's roles in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    /// Customized: the person's primary address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Customized: the organization's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_name: Option<String>,
    /// Customized; see [`Self::set_external_organization`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_organization_id: Option<String>,
    /// Customized; see [`Self::set_external_organization`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_org_id: Option<String>,
    /// Customized: public properties of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_properties: Option<Properties>,
    /// Customized: public properties of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_properties: Option<Properties>,
    /// Customized: public properties of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_properties: Option<Properties>,
    /// Groups that the enterprise connection told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext_groups: Option<Vec<String>>,
    /// Attributes that the enterprise connection told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext_attributes: Option<Claims>,
    /// How long the client should keep its session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ksp: Option<SessionPolicy>,
}

/// A role, as the SDKs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its id, a UUID.
    pub id: String,
    /// Its key, for programs.
    pub key: String,
    /// Its name, for people.
    pub name: String,
}

/// Whether the client's cookies outlive the browser. Clients take a missing policy for `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPolicy {
    /// `false` makes session cookies, which end with the browser.
    pub persistent: bool,
}

impl AccessToken {
    /// A token of `client_id` for the person `subject`, without audience, scope or organization.
    #[must_use]
    pub fn new(issue: Issue, client_id: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            iss: issue.issuer,
            sub: subject.into(),
            aud: Vec::new(),
            azp: client_id.into(),
            exp: issue.expires_at,
            iat: issue.issued_at,
            jti: issue.jti,
            scp: Vec::new(),
            scope: None,
            org_code: None,
            permissions: Vec::new(),
            feature_flags: FeatureFlags::new(),
            roles: None,
            email: None,
            org_name: None,
            external_organization_id: None,
            external_org_id: None,
            user_properties: None,
            organization_properties: None,
            application_properties: None,
            ext_groups: None,
            ext_attributes: None,
            ksp: None,
        }
    }

    /// Tells the organization's id in the customer's own system, under both names that clients look for.
    pub fn set_external_organization(&mut self, id: impl Into<String>) {
        let id = id.into();
        self.external_organization_id = Some(id.clone());
        self.external_org_id = Some(id);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::issue, *};
    use crate::claims::FeatureFlag;

    #[test]
    fn a_plain_token_has_the_claims_that_are_always_there_and_no_others() {
        let token = AccessToken::new(issue(), "client", "kp_1");
        let expected = json!({
            "iss": "https://id.example.com", "sub": "kp_1", "aud": [], "azp": "client", "exp": 1_800_003_600,
            "iat": 1_800_000_000, "jti": "b9a4d6a6-6b0e-4f5d-8f0a-0d6f5f0f4c11", "scp": [],
        });
        assert_eq!(serde_json::to_value(&token).unwrap(), expected);
        assert_eq!(
            serde_json::from_value::<AccessToken>(expected).unwrap(),
            token
        );
    }

    #[test]
    fn a_full_token_has_the_shapes_that_the_sdks_read() {
        let mut token = AccessToken::new(issue(), "client", "kp_1");
        token.aud = vec!["https://api.example.com".to_owned()];
        token.scp = vec!["openid".to_owned(), "offline".to_owned()];
        token.org_code = Some("org_1".to_owned());
        token.permissions = vec!["read:reports".to_owned()];
        token.feature_flags = [("is_dark_mode".to_owned(), FeatureFlag::Boolean(true))].into();
        token.roles = Some(vec![Role {
            id: "0190".to_owned(),
            key: "admin".to_owned(),
            name: "Admin".to_owned(),
        }]);
        token.set_external_organization("crm-7");
        token.ksp = Some(SessionPolicy { persistent: false });

        let claims = serde_json::to_value(&token).unwrap();
        assert_eq!(claims["aud"], json!(["https://api.example.com"]));
        assert_eq!(claims["scp"], json!(["openid", "offline"]));
        assert_eq!(claims["permissions"], json!(["read:reports"]));
        assert_eq!(
            claims["feature_flags"],
            json!({"is_dark_mode": {"t": "b", "v": true}})
        );
        assert_eq!(
            claims["roles"],
            json!([{"id": "0190", "key": "admin", "name": "Admin"}])
        );
        assert_eq!(claims["external_organization_id"], "crm-7");
        assert_eq!(claims["external_org_id"], "crm-7");
        assert_eq!(claims["ksp"], json!({"persistent": false}));
        assert_eq!(
            serde_json::from_value::<AccessToken>(claims).unwrap(),
            token
        );
    }
}
