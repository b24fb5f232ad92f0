//! Accounts elsewhere: how the former providers call the providers of social accounts, and how we do.

use serde_json::Value;

use super::Draft;
use crate::identifier::Identifier;
use crate::problem::{ProblemCode, Warning};
use crate::value::{self, MAX_KEY};

/// Providers' short names here, each with what others call it: in lower case, and without `.com`.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("apple", &["signinwithapple", "appleid.apple"]),
    ("bitbucket", &["bitbucket.org"]),
    ("clever", &[]),
    ("discord", &[]),
    ("facebook", &["loginwithfacebook"]),
    ("github", &[]),
    ("gitlab", &[]),
    (
        "google",
        &[
            "google-oauth2",
            "google_oauth2",
            "googleplus",
            "accounts.google",
        ],
    ),
    (
        "linkedin",
        &["linkedin-openid-connect", "linkedin-oidc", "linkedin_oidc"],
    ),
    (
        "microsoft",
        &[
            "windowslive",
            "live",
            "microsoft account",
            "microsoftaccount",
            "microsoft_office365",
            "microsoft_graph",
        ],
    ),
    ("roblox", &[]),
    ("slack", &["slack-openid", "slack_oidc"]),
    ("stripe", &["stripe_connect"]),
    ("twitch", &["twitch.tv"]),
    ("twitter", &["x", "twitter2", "twitter_oauth2"]),
    ("xero", &[]),
];

/// Our name of a social provider that another calls `name`; `None` for those that we do not have, and for directories
/// of companies, which are connections.
pub(crate) fn provider(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    let name = name.strip_prefix("https://").unwrap_or(&name);
    let name = name.strip_suffix(".com").unwrap_or(name);
    let found = PROVIDERS
        .iter()
        .find(|(ours, theirs)| *ours == name || theirs.contains(&name));
    found.map(|(ours, _)| *ours)
}

impl Draft {
    /// Adds an account at another provider, with what that says of the person; a warning for one that cannot be taken.
    pub(crate) fn account(
        &mut self,
        column: &str,
        provider_name: &str,
        subject: &str,
        profile: Option<Value>,
    ) {
        let Some(provider) = provider(provider_name) else {
            return self.foreign_account(column, provider_name);
        };
        if let Some(subject) = self.spare(value::text(column, subject, MAX_KEY)) {
            let provider = provider.to_owned();
            let identity = self.identify(Identifier::Social { provider, subject }, None);
            identity.profile = profile;
        } else {
            self.warn(
                column,
                ProblemCode::UNSUPPORTED_IDENTITY,
                format!("the account at {provider} has no id there; it will be found again by its address"),
            );
        }
    }

    /// Tells of an account that is not taken.
    pub(crate) fn foreign_account(&mut self, column: &str, provider_name: &str) {
        let shown = shown(provider_name);
        self.warn(
            column,
            ProblemCode::UNSUPPORTED_IDENTITY,
            format!(
                "the account at {shown} is not taken; set up a connection for it, and it will be found again by its address"
            ),
        );
    }

    /// Adds a warning.
    pub(crate) fn warn(&mut self, column: &str, code: ProblemCode, reason: impl Into<String>) {
        self.warnings.push(Warning {
            column: Some(column.to_owned()),
            code,
            reason: reason.into(),
        });
    }
}

/// A provider's name, short enough for a report.
fn shown(provider: &str) -> &str {
    let is_plain = provider.len() <= 128 && !provider.chars().any(char::is_control);
    if provider.trim().is_empty() || !is_plain {
        "an unnamed provider"
    } else {
        provider
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_one_name_whatever_others_call_it() {
        for (theirs, ours) in [
            ("google.com", "google"),
            ("Google", "google"),
            ("https://accounts.google.com", "google"),
            ("SignInWithApple", "apple"),
            ("live.com", "microsoft"),
            ("github", "github"),
        ] {
            assert_eq!(provider(theirs), Some(ours), "{theirs}");
        }
        assert_eq!(provider("saml-corp"), None);
        assert_eq!(provider("azure_ad"), None);
    }

    #[test]
    fn an_account_that_cannot_be_taken_is_told() {
        let mut draft = Draft::default();
        draft.account("accounts", "github.com", "58231", None);
        draft.account("accounts", "corp\nsaml", "1", None);
        draft.account("accounts", "github", " ", None);
        let identity = &draft.record.identities[0];
        assert_eq!(identity.kind().to_string(), "oauth2:github");
        assert_eq!(identity.value(), "58231");
        assert_eq!(draft.record.identities.len(), 1);
        assert_eq!(draft.warnings.len(), 2);
        assert!(draft.warnings[0].reason.contains("an unnamed provider"));
    }
}
