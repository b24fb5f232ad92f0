//! What a run wants done. The flow that fired the trigger does it.

use serde::Serialize;
use serde_json::{Map, Value};

use super::trigger::{Power, Trigger};

/// Claims by name.
pub type Claims = Map<String, Value>;

/// What a run wants done, by flow.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Effects {
    /// The reason for which somebody is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denied: Option<String>,
    /// Fields of the form, each with the message under it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invalid_fields: Vec<(String, String)>,
    /// Claims to add to the ID token or to replace there.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub id_token: Claims,
    /// Likewise of the access token.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub access_token: Claims,
    /// Likewise of a machine's token.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub m2m_token: Claims,
    /// Whether a second factor is asked for, other than the settings say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_policy: Option<MfaPolicy>,
    /// Why the plan stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_denial: Option<PlanDenial>,
}

/// Whether a second factor is asked for in this flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MfaPolicy {
    /// It is.
    Required,
    /// It is not.
    Skip,
}

/// Why a plan stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanDenial {
    /// For people.
    pub message: String,
    /// Further reasons.
    pub reasons: Vec<String>,
}

impl Effects {
    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Which token a claim is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Id,
    Access,
    Machine,
}

impl Token {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "id" => Some(Self::Id),
            "access" => Some(Self::Access),
            "m2m" => Some(Self::Machine),
            _ => None,
        }
    }

    pub(super) fn binding(self) -> &'static str {
        match self {
            Self::Id => "kinde.idToken",
            Self::Access => "kinde.accessToken",
            Self::Machine => "kinde.m2mToken",
        }
    }

    pub(super) fn power(self) -> Power {
        match self {
            Self::Id | Self::Access => Power::UserClaims,
            Self::Machine => Power::MachineClaims,
        }
    }

    /// Whether a claim says what only the issuer may say.
    pub(super) fn reserves(self, claim: &str) -> bool {
        const EVERYWHERE: &[&str] = &[
            "azp", "exp", "iat", "iss", "nbf", "sid", "sub", "act", "aud", "gty", "jti",
        ];
        let more: &[&str] = match self {
            Self::Id => &["auth_time", "updated_at", "rat", "scp", "at_hash", "nonce"],
            Self::Access | Self::Machine => &["scp"],
        };
        EVERYWHERE.contains(&claim) || more.contains(&claim)
    }
}

/// The sentence for an effect that means nothing at this trigger.
pub(super) fn no_meaning(trigger: Trigger, what: &str) -> String {
    format!(
        "{what} means nothing at the trigger {trigger}; remove the call, or give the workflow another trigger"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuers_claims_are_reserved_in_every_token() {
        for token in [Token::Id, Token::Access, Token::Machine] {
            for claim in ["sub", "iss", "aud", "exp", "sid", "jti", "gty", "scp"] {
                assert!(token.reserves(claim), "{claim}");
            }
            assert!(!token.reserves("permissions") && !token.reserves("name"));
        }
        assert!(Token::Id.reserves("auth_time") && !Token::Access.reserves("auth_time"));
    }

    #[test]
    fn what_nobody_wants_is_not_written() {
        assert_eq!(
            serde_json::to_value(Effects::default()).unwrap(),
            serde_json::json!({})
        );
        assert!(Effects::default().is_empty());
    }
}
