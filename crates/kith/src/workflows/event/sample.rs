//! Moments as they could be, to try programs with.

use super::{Claims, Moment, NewPasswordReason, Person, TokensOrigin};
use crate::secret::Secret;
use crate::workflows::trigger::Trigger;

impl Moment {
    /// A moment as it could be, to try programs with.
    #[must_use]
    pub fn sample(trigger: Trigger) -> Self {
        let text = |text: &str| Some(text.to_owned());
        let user = Person {
            id: text("kp_sample"),
            email: text("mara@example.com"),
            ..Person::default()
        };
        let newcomer = Person {
            id: None,
            ..user.clone()
        };
        let (organization, password) = (text("org_sample"), Secret::new("Sample-Passw0rd!"));
        match trigger {
            Trigger::ExistingPassword => Self::ExistingPassword {
                identifier: "mara@example.com".to_owned(),
                password,
                has_user_record: false,
                user: Person::default(),
            },
            Trigger::NewPassword => Self::NewPassword {
                first: password.clone(),
                second: password,
                reason: NewPasswordReason::Initial,
                user: newcomer,
            },
            Trigger::NewUsername => Self::NewUsername {
                username: "mara".to_owned(),
                user,
            },
            Trigger::PreRegistration => Self::PreRegistration { user: newcomer },
            Trigger::PostAuthentication => Self::PostAuthentication {
                user,
                is_new: false,
            },
            Trigger::PreMfa => Self::PreMfa {
                user,
                organization,
                policy: "optional".to_owned(),
                enabled_factors: vec!["mfa:email".to_owned()],
            },
            Trigger::UserTokens => Self::UserTokens {
                user,
                organization,
                audiences: Vec::new(),
                origin: TokensOrigin::Authorization {
                    is_existing_session: false,
                },
                id_token: Claims::new(),
                access_token: Claims::new(),
            },
            Trigger::MachineToken => Self::MachineToken {
                audiences: Vec::new(),
                scopes: Vec::new(),
                token: Claims::new(),
            },
            Trigger::PlanSelection => Self::PlanSelection {
                user,
                organization,
                current_plan: text("free"),
                requested_plan: "pro".to_owned(),
            },
            Trigger::PlanCancellation => Self::PlanCancellation {
                user,
                organization,
                current_plan: text("pro"),
                agreement: text("agreement_sample"),
            },
        }
    }
}
