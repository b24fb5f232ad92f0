//! The shape of each event, in the spelling that published programs read.

use serde_json::{Value, json};

use super::{Moment, NewPasswordReason, Person, TokensOrigin};
use crate::secret::Secret;

impl Moment {
    /// What is the moment's own in `request`.
    pub(super) fn request(&self) -> Value {
        match self {
            Self::UserTokens { audiences, .. } => json!({"auth": {"audience": audiences}}),
            Self::MachineToken {
                audiences, scopes, ..
            } => json!({"auth": {"audience": audiences, "scope": scopes}}),
            _ => json!({}),
        }
    }

    /// What is the moment's own in `context`.
    pub(super) fn context(&self) -> Value {
        let mut context = match self {
            Self::ExistingPassword {
                identifier,
                password,
                has_user_record,
                user,
            } => return existing_password(identifier, password, *has_user_record, user),
            Self::NewPassword {
                first,
                second,
                reason,
                ..
            } => json!({"auth": new_password(first, second, *reason)}),
            Self::NewUsername { username, .. } => json!({"auth": {"suppliedUsername": username}}),
            Self::PreRegistration { .. } => json!({"auth": {}}),
            Self::PostAuthentication { is_new, .. } => {
                json!({"auth": {"isNewUserRecordCreated": is_new}})
            }
            Self::PreMfa {
                organization,
                policy,
                enabled_factors,
                ..
            } => json!({"auth": {}, "mfa": mfa(organization.is_some(), policy, enabled_factors)}),
            Self::UserTokens { origin, .. } => json!({"auth": origin.value()}),
            Self::PlanSelection {
                current_plan,
                requested_plan,
                ..
            } => {
                json!({"billing": {"currentPlanCode": current_plan, "requestedPlanCode": requested_plan}})
            }
            Self::PlanCancellation {
                current_plan,
                agreement,
                ..
            } => json!({"billing": {"currentPlanCode": current_plan, "agreementId": agreement}}),
            Self::MachineToken { .. } | Self::Trial { .. } => return json!({}),
        };
        if let Some(user) = self.user() {
            context["user"] = user.value();
        }
        if let Some(code) = self.organization() {
            context["organization"] = json!({"code": code});
        }
        context
    }

    fn user(&self) -> Option<&Person> {
        match self {
            Self::ExistingPassword { user, .. }
            | Self::NewPassword { user, .. }
            | Self::NewUsername { user, .. }
            | Self::PreRegistration { user }
            | Self::PostAuthentication { user, .. }
            | Self::PreMfa { user, .. }
            | Self::UserTokens { user, .. }
            | Self::PlanSelection { user, .. }
            | Self::PlanCancellation { user, .. } => Some(user),
            Self::MachineToken { .. } | Self::Trial { .. } => None,
        }
    }

    fn organization(&self) -> Option<&str> {
        match self {
            Self::PreMfa { organization, .. }
            | Self::UserTokens { organization, .. }
            | Self::PlanSelection { organization, .. }
            | Self::PlanCancellation { organization, .. } => organization.as_deref(),
            _ => None,
        }
    }
}

impl TokensOrigin {
    fn value(self) -> Value {
        match self {
            Self::Authorization {
                is_existing_session,
            } => {
                json!({"origin": "authorization_request", "isExistingSession": is_existing_session})
            }
            Self::Refresh => json!({"origin": "refresh_token_request", "isExistingSession": true}),
        }
    }
}

fn existing_password(
    identifier: &str,
    password: &Secret,
    has_user_record: bool,
    user: &Person,
) -> Value {
    let auth = json!({
        "providedEmail": identifier,
        "providedUsername": identifier,
        "password": password.reveal(),
        "hasUserRecordInKinde": has_user_record,
    });
    // Somebody who isn't here has no entry at all, as in the published samples.
    if user.is_known() {
        json!({"auth": auth, "user": user.value()})
    } else {
        json!({"auth": auth})
    }
}

fn new_password(first: &Secret, second: &Secret, reason: NewPasswordReason) -> Value {
    let reason = match reason {
        NewPasswordReason::Initial => "initial",
        NewPasswordReason::Reset => "reset",
    };
    json!({
        "firstPassword": first.reveal(),
        "secondPassword": second.reveal(),
        "newPasswordReason": reason,
    })
}

/// Documentation and types spell the factors differently; programs read either.
fn mfa(is_organizations: bool, policy: &str, enabled_factors: &[String]) -> Value {
    json!({
        "policy": policy,
        "context": if is_organizations { "organization" } else { "environment" },
        "enabledFactors": enabled_factors,
        "enabled_factors": enabled_factors,
        "isUserRoleExempt": false,
        "isUserConnectionExempt": false,
    })
}
