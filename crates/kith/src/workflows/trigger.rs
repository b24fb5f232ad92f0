//! What fires workflows: one table, by which everything about a trigger is known.

use std::time::Duration;

/// A moment at which a workflow may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trigger {
    /// A person's tokens are about to be signed.
    UserTokens,
    /// A machine's token is about to be signed.
    MachineToken,
    /// Somebody has proved their address, and their account is about to be made.
    PreRegistration,
    /// Somebody has given their first proof.
    PostAuthentication,
    /// Somebody may be asked for another factor.
    PreMfa,
    /// Somebody typed their password.
    ExistingPassword,
    /// Somebody chose a password that passed the built-in checks.
    NewPassword,
    /// Somebody chose a username.
    NewUsername,
    /// Somebody wants another plan.
    PlanSelection,
    /// Somebody wants to give up their plan.
    PlanCancellation,
}

/// What a run may bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// Claims of a person's ID token and access token.
    UserClaims,
    /// Claims of a machine's token.
    MachineClaims,
    /// Refusing somebody.
    Deny,
    /// A message under a field of the form, which is shown again.
    InvalidateField,
    /// Whether a second factor is asked for.
    MfaPolicy,
    /// Refusing another plan.
    DenyPlan,
    /// Refusing that a plan is given up.
    DenyCancellation,
}

/// All that is known of a trigger.
#[derive(Debug)]
pub struct Row {
    /// The trigger.
    pub trigger: Trigger,
    /// Its id, as workflows write it.
    pub id: &'static str,
    /// Other spellings that are in use.
    pub aliases: &'static [&'static str],
    /// When it fires, for people.
    pub about: &'static str,
    /// What its runs may bring about.
    pub powers: &'static [Power],
    /// How long a run may take in all.
    pub wall: Duration,
    /// Whether Kith fires it. What it doesn't fire yet can be deployed and tried all the same.
    pub is_fired: bool,
}

/// How long people wait for a run before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long applications wait, which refresh tokens while somebody looks at a page.
const TOKEN_PATIENCE: Duration = Duration::from_secs(5);

/// Every trigger.
pub const TRIGGERS: &[Row] = &[
    Row {
        trigger: Trigger::ExistingPassword,
        id: "user:existing_password_provided",
        aliases: &[],
        about: "somebody typed their password; before it is checked",
        powers: &[Power::Deny, Power::InvalidateField],
        wall: PATIENCE,
        is_fired: true,
    },
    Row {
        trigger: Trigger::NewPassword,
        id: "user:new_password_provided",
        aliases: &[],
        about: "somebody chose a password that passed the built-in checks",
        powers: &[Power::Deny, Power::InvalidateField],
        wall: PATIENCE,
        is_fired: true,
    },
    Row {
        trigger: Trigger::NewUsername,
        id: "user:new_username_provided",
        aliases: &[],
        about: "somebody chose a username",
        powers: &[Power::Deny, Power::InvalidateField],
        wall: PATIENCE,
        is_fired: false,
    },
    Row {
        trigger: Trigger::PreRegistration,
        id: "user:pre_registration",
        aliases: &[],
        about: "somebody proved their address, and their account is about to be made",
        powers: &[Power::Deny],
        wall: PATIENCE,
        is_fired: true,
    },
    Row {
        trigger: Trigger::PostAuthentication,
        id: "user:post_authentication",
        aliases: &[],
        about: "somebody gave their first proof; before organization and second factor",
        powers: &[Power::Deny],
        wall: PATIENCE,
        is_fired: true,
    },
    Row {
        trigger: Trigger::PreMfa,
        id: "user:pre_mfa",
        aliases: &[],
        about: "somebody may be asked for a second factor",
        powers: &[Power::Deny, Power::MfaPolicy],
        wall: PATIENCE,
        is_fired: false,
    },
    Row {
        trigger: Trigger::UserTokens,
        id: "user:tokens_generation",
        aliases: &["user:token_generation"],
        about: "a person's tokens are about to be signed: after a sign-in, and on each refresh",
        powers: &[Power::UserClaims, Power::Deny],
        wall: TOKEN_PATIENCE,
        is_fired: true,
    },
    Row {
        trigger: Trigger::MachineToken,
        id: "m2m:token_generation",
        aliases: &["m2m:tokens_generation"],
        about: "a machine's token is about to be signed, unless it is one for the management API",
        powers: &[Power::MachineClaims],
        wall: TOKEN_PATIENCE,
        is_fired: true,
    },
    Row {
        trigger: Trigger::PlanSelection,
        id: "user:plan_selection",
        aliases: &[],
        about: "somebody wants another plan",
        powers: &[Power::DenyPlan],
        wall: PATIENCE,
        is_fired: false,
    },
    Row {
        trigger: Trigger::PlanCancellation,
        id: "user:plan_cancellation_request",
        aliases: &[],
        about: "somebody wants to give up their plan",
        powers: &[Power::DenyCancellation],
        wall: PATIENCE,
        is_fired: false,
    },
];

impl Trigger {
    /// The trigger with this id; in any of its spellings.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        TRIGGERS
            .iter()
            .find(|row| row.id == id || row.aliases.contains(&id))
            .map(|row| row.trigger)
    }

    /// All that is known of it.
    ///
    /// # Panics
    /// Never: every trigger has its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        TRIGGERS
            .iter()
            .find(|row| row.trigger == self)
            .expect("every trigger has its row")
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// Whether its runs may bring this about.
    #[must_use]
    pub fn may(self, power: Power) -> bool {
        self.row().powers.contains(&power)
    }
}

impl std::fmt::Display for Trigger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_means_one_trigger() {
        for row in TRIGGERS {
            assert_eq!(Trigger::parse(row.id), Some(row.trigger));
            assert_eq!(row.trigger.row().id, row.id);
            for alias in row.aliases {
                assert_eq!(Trigger::parse(alias), Some(row.trigger));
            }
        }
        assert_eq!(TRIGGERS.len(), 10);
        assert_eq!(Trigger::parse("user:nothing"), None);
    }
}
