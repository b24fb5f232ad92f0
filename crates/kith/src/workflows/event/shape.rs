//! The shape of each event, in the spelling that published programs read.

use serde_json::{Value, json};

use super::{Moment, NewPasswordReason, Person, TokensOrigin};
use crate::secret::Secret;

impl Moment {
    /// What is the moment's own, of `request` and of `context`.
    #[expect(clippy::too_many_lines, reason = "a table: a moment after the other")]
    pub(super) fn parts(&self) -> (Value, Value) {
        match self {
            Self::ExistingPassword {
                identifier,
                password,
                has_user_record,
                user,
            } => (
                json!({}),
                existing_password(identifier, password, *has_user_record, user),
            ),
            Self::NewPassword {
                first,
                second,
                reason,
                user,
            } => {
                let reason = match reason {
                    NewPasswordReason::Initial => "initial",
                    NewPasswordReason::Reset => "reset",
                };
                let auth = json!({
                    "firstPassword": first.reveal(),
                    "secondPassword": second.reveal(),
                    "newPasswordReason": reason,
                });
                (json!({}), json!({"auth": auth, "user": user.value()}))
            }
            Self::NewUsername { username, user } => (
                json!({}),
                json!({"auth": {"suppliedUsername": username}, "user": user.value()}),
            ),
            Self::PreRegistration { user } => {
                (json!({}), json!({"auth": {}, "user": user.value()}))
            }
            Self::PostAuthentication { user, is_new } => (
                json!({}),
                json!({"auth": {"isNewUserRecordCreated": is_new}, "user": user.value()}),
            ),
            Self::PreMfa {
                user,
                organization,
                policy,
                enabled_factors,
            } => {
                let mfa = json!({
                    "policy": policy,
                    "context": if organization.is_some() { "organization" } else { "environment" },
                    "enabledFactors": enabled_factors,
                    "enabled_factors": enabled_factors,
                    "isUserRoleExempt": false,
                    "isUserConnectionExempt": false,
                });
                let context = json!({"auth": {}, "mfa": mfa, "user": user.value()});
                (
                    json!({}),
                    with_organization(context, organization.as_deref()),
                )
            }
            Self::UserTokens {
                user,
                organization,
                audiences,
                origin,
                ..
            } => {
                let (origin, is_existing_session) = match origin {
                    TokensOrigin::Authorization {
                        is_existing_session,
                    } => ("authorization_request", *is_existing_session),
                    TokensOrigin::Refresh => ("refresh_token_request", true),
                };
                let auth = json!({"origin": origin, "isExistingSession": is_existing_session});
                let context = json!({"auth": auth, "user": user.value()});
                let context = with_organization(context, organization.as_deref());
                (json!({"auth": {"audience": audiences}}), context)
            }
            Self::MachineToken {
                audiences, scopes, ..
            } => (
                json!({"auth": {"audience": audiences, "scope": scopes}}),
                json!({}),
            ),
            Self::PlanSelection {
                user,
                organization,
                current_plan,
                requested_plan,
            } => {
                let billing =
                    json!({"currentPlanCode": current_plan, "requestedPlanCode": requested_plan});
                let context = json!({"billing": billing, "user": user.value()});
                (
                    json!({}),
                    with_organization(context, organization.as_deref()),
                )
            }
            Self::PlanCancellation {
                user,
                organization,
                current_plan,
                agreement,
            } => {
                let billing = json!({"currentPlanCode": current_plan, "agreementId": agreement});
                let context = json!({"billing": billing, "user": user.value()});
                (
                    json!({}),
                    with_organization(context, organization.as_deref()),
                )
            }
            Self::Trial { .. } => (json!({}), json!({})),
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

fn with_organization(mut context: Value, code: Option<&str>) -> Value {
    if let Some(code) = code {
        context["organization"] = json!({"code": code});
    }
    context
}
