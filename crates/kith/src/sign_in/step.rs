//! The steps of a sign-in, and the one function that decides what comes next. Pure.

use serde::{Deserialize, Serialize};

use super::view::{ChooseReason, CodePurpose};
use crate::id::{IdentityId, OrganizationId, SessionId, UserId};
use crate::time::Timestamp;

/// Where a sign-in stands, and what is known there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    /// Nobody has said who they are.
    Identify {
        /// Who is expected, to fill in the field.
        hint: String,
    },
    /// Somebody said who they are, and is to prove it.
    Password { who: Candidate },
    /// A code was sent; whoever enters it reads that mailbox.
    Code(CodeStep),
    /// The person is known; a password is missing.
    ChoosePassword {
        whose: Chooser,
        reason: ChooseReason,
    },
    /// The person belongs to several organizations.
    ChooseOrganization { account: Account, proofs: Proofs },
    /// The person is known and has a session.
    Done(Done),
}

impl Step {
    /// The path of the step's page.
    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::Identify { .. } | Self::Done(_) => "/login",
            Self::Password { .. } => "/login/password",
            Self::Code(_) => "/login/code",
            Self::ChoosePassword { .. } => "/login/new-password",
            Self::ChooseOrganization { .. } => "/login/organization",
        }
    }

    /// What fills in the field of the first page.
    pub(super) fn typed(&self) -> &str {
        match self {
            Self::Identify { hint } => hint,
            Self::Password { who }
            | Self::Code(CodeStep {
                who: Who::Candidate(who),
                ..
            }) => &who.typed,
            Self::Code(CodeStep {
                who: Who::Newcomer(newcomer),
                ..
            }) => &newcomer.email,
            Self::ChoosePassword { .. } | Self::ChooseOrganization { .. } | Self::Done(_) => "",
        }
    }
}

/// Whom somebody says they are: a person, or an identifier that nobody has. From outside the two look alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Candidate {
    /// As it was typed.
    pub(super) typed: String,
    /// Who has it.
    pub(super) account: Option<Account>,
}

/// A person, and by which of their names they were addressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) user: UserId,
    pub(super) identity: IdentityId,
}

/// Somebody who wants an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Newcomer {
    pub(super) email: String,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
}

/// Whom a code is to prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    /// Somebody whose account doesn't exist yet.
    Newcomer(Newcomer),
    /// Somebody who may have one.
    Candidate(Candidate),
}

/// A code that was sent, or would have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CodeStep {
    pub(super) who: Who,
    /// Where it was sent; none where there is nobody to write to.
    pub(super) mailbox: Option<Mailbox>,
    pub(super) letter: Letter,
    /// What the page says about where it was sent.
    pub(super) shown: String,
    /// What was proved before; none where the code is the first proof.
    pub(super) proofs: Option<Proofs>,
}

/// An address that can be proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mailbox {
    pub(super) address: String,
    /// The identity that it is; none before there is an account.
    pub(super) identity: Option<IdentityId>,
}

/// Which mail brings a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Letter {
    /// Confirm the address.
    Verification,
    /// Choose another password.
    Reset,
    /// There is an account already, for which another password can be chosen.
    ExistingAccount,
}

impl Letter {
    /// What the page says that the code is for. Whoever asked for a second account learns from the mail alone that they did.
    pub(super) fn purpose(self) -> CodePurpose {
        match self {
            Self::Verification | Self::ExistingAccount => CodePurpose::Verify,
            Self::Reset => CodePurpose::Reset,
        }
    }
}

/// Who chooses a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Chooser {
    /// Somebody who has proved their address; the password makes them a user.
    Newcomer(Newcomer),
    /// A user.
    User {
        account: Account,
        name: String,
        proofs: Proofs,
    },
}

/// What a person has proved in this sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proofs {
    /// The first proof.
    pub(super) method: Method,
    /// Whether they read a code at their address.
    pub(super) has_read_code: bool,
    /// Whether a new password must follow, since they came without their old one.
    pub(super) must_choose: bool,
}

impl Proofs {
    /// A password was right.
    pub(super) const PASSWORD: Self = Self {
        method: Method::Password,
        has_read_code: false,
        must_choose: false,
    };

    /// A code was right, in place of a password.
    pub(super) const CODE: Self = Self {
        method: Method::EmailCode,
        has_read_code: true,
        must_choose: true,
    };
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Method {
    Password,
    EmailCode,
}

impl Method {
    /// As events tell it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::EmailCode => "email_code",
        }
    }
}

/// The end of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    pub(super) organization: Option<OrganizationId>,
    pub(super) authenticated_at: Timestamp,
}

/// What decides about the next step of somebody who has proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent facts, each a column or the absence of a row"
)]
pub(super) struct Facts {
    /// The person is kept from signing in.
    pub(super) is_suspended: bool,
    /// There is an address to send a code to.
    pub(super) has_mailbox: bool,
    /// The address by which they sign in was never proved.
    pub(super) is_unverified: bool,
    /// They have a password.
    pub(super) has_password: bool,
    /// Somebody else set that password, for one use.
    pub(super) is_temporary: bool,
    /// They were asked to choose another password.
    pub(super) is_reset_requested: bool,
    /// They were moved here from another system.
    pub(super) was_moved: bool,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing: the person may not sign in.
    Suspended,
    /// Prove the address.
    ReadCode(Letter),
    /// Choose a password.
    ChoosePassword(ChooseReason),
    /// The organization, and then the end.
    Organization,
}

/// What comes next for somebody who has proved this much.
///
/// The order is that of the promises: nobody who is suspended goes on; nobody counts as the owner of an address that they
/// haven't proved; whoever needs a password of their own chooses one.
pub(super) fn next(facts: Facts, proofs: Proofs) -> Next {
    let needs_code = facts.is_unverified || facts.is_reset_requested;
    if facts.is_suspended {
        Next::Suspended
    } else if facts.has_mailbox && needs_code && !proofs.has_read_code {
        let letter = if facts.is_reset_requested {
            Letter::Reset
        } else {
            Letter::Verification
        };
        Next::ReadCode(letter)
    } else if !facts.has_password {
        Next::ChoosePassword(if facts.was_moved {
            ChooseReason::Moved
        } else {
            ChooseReason::First
        })
    } else if proofs.must_choose || facts.is_reset_requested {
        Next::ChoosePassword(ChooseReason::Reset)
    } else if facts.is_temporary {
        Next::ChoosePassword(ChooseReason::Temporary)
    } else {
        Next::Organization
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Facts = Facts {
        is_suspended: false,
        has_mailbox: true,
        is_unverified: false,
        has_password: true,
        is_temporary: false,
        is_reset_requested: false,
        was_moved: false,
    };

    #[test]
    fn a_password_is_enough_for_somebody_whose_address_is_proved() {
        assert_eq!(next(PLAIN, Proofs::PASSWORD), Next::Organization);
    }

    #[test]
    fn an_address_that_was_never_proved_is_proved_first() {
        let facts = Facts {
            is_unverified: true,
            ..PLAIN
        };
        assert_eq!(
            next(facts, Proofs::PASSWORD),
            Next::ReadCode(Letter::Verification)
        );
        let proofs = Proofs {
            has_read_code: true,
            ..Proofs::PASSWORD
        };
        assert_eq!(next(facts, proofs), Next::Organization);
    }

    #[test]
    fn whoever_comes_without_a_password_chooses_one() {
        let facts = Facts {
            has_password: false,
            was_moved: true,
            ..PLAIN
        };
        assert_eq!(
            next(facts, Proofs::CODE),
            Next::ChoosePassword(ChooseReason::Moved)
        );
        let added_by_hand = Facts {
            was_moved: false,
            ..facts
        };
        assert_eq!(
            next(added_by_hand, Proofs::CODE),
            Next::ChoosePassword(ChooseReason::First)
        );
    }

    #[test]
    fn a_forgotten_password_is_replaced() {
        assert_eq!(
            next(PLAIN, Proofs::CODE),
            Next::ChoosePassword(ChooseReason::Reset)
        );
        let chosen = Proofs {
            must_choose: false,
            ..Proofs::CODE
        };
        assert_eq!(next(PLAIN, chosen), Next::Organization);
    }

    #[test]
    fn a_temporary_password_is_replaced() {
        let facts = Facts {
            is_temporary: true,
            ..PLAIN
        };
        assert_eq!(
            next(facts, Proofs::PASSWORD),
            Next::ChoosePassword(ChooseReason::Temporary)
        );
    }

    #[test]
    fn a_requested_reset_wants_a_code_although_the_password_was_right() {
        let facts = Facts {
            is_reset_requested: true,
            ..PLAIN
        };
        assert_eq!(next(facts, Proofs::PASSWORD), Next::ReadCode(Letter::Reset));
        let proofs = Proofs {
            has_read_code: true,
            ..Proofs::PASSWORD
        };
        assert_eq!(
            next(facts, proofs),
            Next::ChoosePassword(ChooseReason::Reset)
        );
        let without_mailbox = Facts {
            has_mailbox: false,
            ..facts
        };
        assert_eq!(
            next(without_mailbox, Proofs::PASSWORD),
            Next::ChoosePassword(ChooseReason::Reset)
        );
    }

    #[test]
    fn somebody_suspended_never_goes_on() {
        let facts = Facts {
            is_suspended: true,
            is_unverified: true,
            has_password: false,
            ..PLAIN
        };
        assert_eq!(next(facts, Proofs::PASSWORD), Next::Suspended);
        assert_eq!(next(facts, Proofs::CODE), Next::Suspended);
    }
}
