//! What workflows are told: the event of each trigger, in the shape that published programs read.
//!
//! Where documentation, types and sample programs disagree, the event has all that any of them reads.

mod caller;
mod sample;
mod shape;

use serde_json::{Map, Value, json};

pub use caller::{Caller, Person};

use super::effects::Claims;
use super::trigger::Trigger;
use crate::secret::Secret;

/// Why somebody chooses a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPasswordReason {
    /// They have none yet.
    Initial,
    /// They replace one.
    Reset,
}

/// What caused tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokensOrigin {
    /// A code was redeemed. Whether the browser was signed in before.
    Authorization {
        /// Whether nobody had to prove anything, since the browser was signed in.
        is_existing_session: bool,
    },
    /// A refresh token was used.
    Refresh,
}

/// What happens, with all that the flow knows of it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are named as the event names them")]
pub enum Moment {
    /// Somebody typed their password.
    ExistingPassword {
        /// The address or name that was typed.
        identifier: String,
        password: Secret,
        /// Whether the person can be verified here: they exist and have a password.
        has_user_record: bool,
        user: Person,
    },
    /// Somebody chose a password.
    NewPassword {
        first: Secret,
        second: Secret,
        reason: NewPasswordReason,
        user: Person,
    },
    /// Somebody chose a username.
    NewUsername { username: String, user: Person },
    /// An account is about to be made.
    PreRegistration { user: Person },
    /// Somebody gave their first proof.
    PostAuthentication { user: Person, is_new: bool },
    /// Somebody may be asked for a second factor.
    PreMfa {
        user: Person,
        organization: Option<String>,
        policy: String,
        enabled_factors: Vec<String>,
    },
    /// A person's tokens are about to be signed.
    UserTokens {
        user: Person,
        organization: Option<String>,
        audiences: Vec<String>,
        origin: TokensOrigin,
        /// What the ID token says so far; empty where there is none.
        id_token: Claims,
        /// What the access token says so far.
        access_token: Claims,
    },
    /// A machine's token is about to be signed.
    MachineToken {
        audiences: Vec<String>,
        scopes: Vec<String>,
        /// What the token says so far.
        token: Claims,
    },
    /// Somebody wants another plan.
    PlanSelection {
        user: Person,
        organization: Option<String>,
        current_plan: Option<String>,
        requested_plan: String,
    },
    /// Somebody wants to give up their plan.
    PlanCancellation {
        user: Person,
        organization: Option<String>,
        current_plan: Option<String>,
        agreement: Option<String>,
    },
    /// Nothing happens: somebody tries a program with an event that they wrote.
    Trial { trigger: Trigger, event: Value },
}

impl Moment {
    /// What it fires.
    #[must_use]
    pub fn trigger(&self) -> Trigger {
        match self {
            Self::ExistingPassword { .. } => Trigger::ExistingPassword,
            Self::NewPassword { .. } => Trigger::NewPassword,
            Self::NewUsername { .. } => Trigger::NewUsername,
            Self::PreRegistration { .. } => Trigger::PreRegistration,
            Self::PostAuthentication { .. } => Trigger::PostAuthentication,
            Self::PreMfa { .. } => Trigger::PreMfa,
            Self::UserTokens { .. } => Trigger::UserTokens,
            Self::MachineToken { .. } => Trigger::MachineToken,
            Self::PlanSelection { .. } => Trigger::PlanSelection,
            Self::PlanCancellation { .. } => Trigger::PlanCancellation,
            Self::Trial { trigger, .. } => *trigger,
        }
    }

    /// The event. `domain` is the issuer.
    #[must_use]
    pub fn event(&self, caller: &Caller, domain: &str) -> Value {
        if let Self::Trial { trigger, event } = self {
            let mut whole = Self::sample(*trigger).event(caller, domain);
            merge(&mut whole, event);
            return whole;
        }
        let (mut request, mut context) = (self.request(), self.context());
        let request = object(&mut request);
        request.insert("ip".to_owned(), caller.ip.clone().into());
        if self.trigger() != Trigger::MachineToken {
            request.insert("userAgent".to_owned(), caller.user_agent.clone().into());
        }
        if let Some(parameters) = &caller.parameters {
            request.insert("authUrlParams".to_owned(), parameters.clone());
        }
        let context = object(&mut context);
        let organization = caller
            .parameters
            .as_ref()
            .and_then(|all| all["orgCode"].as_str());
        if let (Some(code), false) = (organization, context.contains_key("organization")) {
            context.insert("organization".to_owned(), json!({"code": code}));
        }
        context.insert("domains".to_owned(), json!({"kindeDomain": domain}));
        context.insert(
            "application".to_owned(),
            json!({"clientId": caller.client_id.as_deref().unwrap_or_default()}),
        );
        context.insert(
            "workflow".to_owned(),
            json!({"trigger": self.trigger().id()}),
        );
        json!({"request": request, "context": context})
    }

    /// The password that somebody typed at their sign-in.
    pub(super) fn typed_password(&self) -> Option<Secret> {
        match self {
            Self::ExistingPassword { password, .. } => Some(password.clone()),
            Self::Trial {
                trigger: trigger @ Trigger::ExistingPassword,
                event,
            } => {
                let given = event["context"]["auth"]["password"]
                    .as_str()
                    .map(Secret::new);
                given.or_else(|| Self::sample(*trigger).typed_password())
            }
            _ => None,
        }
    }

    /// The passwords in it, which nothing that is kept may show.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::ExistingPassword { password, .. } => vec![password.clone()],
            Self::NewPassword { first, second, .. } => vec![first.clone(), second.clone()],
            Self::Trial { trigger, event } => {
                let given = ["password", "firstPassword", "secondPassword"]
                    .iter()
                    .filter_map(|name| event["context"]["auth"][name].as_str());
                given
                    .map(Secret::new)
                    .chain(Self::sample(*trigger).secrets())
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// What tokens say so far, by the names that the prelude knows.
    pub(super) fn claims(&self) -> Value {
        match self {
            Self::UserTokens {
                id_token,
                access_token,
                ..
            } => {
                json!({"id": id_token, "access": access_token})
            }
            Self::MachineToken { token, .. } => json!({"m2m": token}),
            _ => json!({}),
        }
    }
}

/// Puts what `other` says over `value`, field by field.
fn merge(value: &mut Value, other: &Value) {
    match (value, other) {
        (Value::Object(fields), Value::Object(others)) => {
            for (name, other) in others {
                merge(fields.entry(name.clone()).or_insert(Value::Null), other);
            }
        }
        (value, other) => *value = other.clone(),
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was just made one")
}
