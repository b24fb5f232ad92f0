//! Who are you? An identifier that nobody has goes the same way as one that somebody has.

use db::{Error, Tx};

use super::advance::{Moved, StepError, step_to};
use super::code;
use super::step::{Account, Candidate, CodeStep, Letter, Mailbox, Newcomer, Step, Who};
use super::{SignIn, hooks, person, sign_up};
use crate::context::Context;
use crate::credentials::lockout::Subject;
use crate::credentials::password;
use crate::drip_feed;
use crate::settings::{self, AttackProtection};
use crate::users::{self, EmailAddress, PhoneNumber, Username};

/// An identifier was not accepted.
#[derive(Debug, thiserror::Error)]
pub(super) enum IdentifyError {
    /// Nothing was typed.
    #[error("enter an e-mail address")]
    Missing,
    /// It is nothing by which people are known.
    #[error("enter an e-mail address such as name@example.com")]
    Malformed,
    /// Nobody has it. Only where answers needn't hide that.
    #[error("nobody has this e-mail address")]
    Unknown,
    /// The next step can't be taken.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl From<Error> for IdentifyError {
    fn from(error: Error) -> Self {
        Self::Step(error.into())
    }
}

/// Goes on to the password of whoever this is. Begins anew where somebody else was meant before.
pub(super) async fn identify(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    typed: &str,
) -> Result<Moved, IdentifyError> {
    let who = candidate(cx, tx, typed).await?;
    let rules: AttackProtection = settings::get(tx, &cx.environment().id)
        .await
        .map_err(StepError::from)?;
    // Nor is anybody told apart as long as only the old system knows who has an account.
    if rules.enumeration_protection || hooks::asks_elsewhere(cx, tx, &sign_in).await? {
        return Ok(step_to(cx, tx, sign_in, Step::Password { who }).await?);
    }
    let account = who.account.as_ref().ok_or(IdentifyError::Unknown)?;
    match password::status(tx, &account.user).await? {
        Some(_) => Ok(step_to(cx, tx, sign_in, Step::Password { who }).await?),
        // Nothing that they could type would be right.
        None => Ok(ask_for_code(cx, tx, sign_in, who).await?),
    }
}

/// Sends a code with which a password can be chosen: it was forgotten, or there is none. Where there is nobody, or nobody to
/// write to, the same page says the same.
pub(super) async fn recover(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    typed: &str,
) -> Result<Moved, IdentifyError> {
    let who = candidate(cx, tx, typed).await?;
    let rules: AttackProtection = settings::get(tx, &cx.environment().id)
        .await
        .map_err(StepError::from)?;
    let is_moving = hooks::asks_elsewhere(cx, tx, &sign_in).await?;
    if who.account.is_none() && is_moving && may_be_welcome(cx, tx).await? {
        // They may have an account at the old system only. The mailbox proves as much as it would for a new account.
        return Ok(welcome(cx, tx, sign_in, who.typed).await?);
    }
    if who.account.is_none() && !rules.enumeration_protection && !is_moving {
        return Err(IdentifyError::Unknown);
    }
    Ok(ask_for_code(cx, tx, sign_in, who).await?)
}

/// Whether somebody whom nobody knows here may become somebody: by an account of the old system, or by a new one.
async fn may_be_welcome(cx: &Context, tx: &mut Tx) -> Result<bool, StepError> {
    Ok(sign_up::is_open(cx, tx).await? || drip_feed::can_find(cx, tx).await?)
}

/// Sends a code to an address that nobody has here; whoever reads it chooses a password, and has an account then.
async fn welcome(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    typed: String,
) -> Result<Moved, StepError> {
    let is_email = EmailAddress::parse(&typed).is_ok();
    let code = CodeStep {
        mailbox: is_email.then(|| Mailbox {
            address: typed.clone(),
            identity: None,
        }),
        who: if is_email {
            Who::Newcomer(Newcomer {
                email: typed.clone(),
                given_name: None,
                family_name: None,
            })
        } else {
            Who::Candidate(Candidate {
                typed: typed.clone(),
                account: None,
            })
        },
        letter: Letter::Reset,
        shown: typed,
        proofs: None,
    };
    code::ask(cx, tx, sign_in, code).await
}

async fn ask_for_code(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    who: Candidate,
) -> Result<Moved, StepError> {
    let mailbox = match &who.account {
        Some(account) => person::load(cx, tx, account)
            .await?
            .and_then(|person| person.mailbox),
        None => None,
    };
    let code = CodeStep {
        // Nothing is proved yet, so the page says nothing but what was typed.
        shown: who.typed.clone(),
        who: Who::Candidate(who),
        mailbox,
        letter: Letter::Reset,
        proofs: None,
    };
    code::ask(cx, tx, sign_in, code).await
}

/// Whom somebody says they are.
pub(super) async fn candidate(
    cx: &Context,
    tx: &mut Tx,
    typed: &str,
) -> Result<Candidate, IdentifyError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(IdentifyError::Missing);
    }
    if folded(typed).is_none() {
        return Err(IdentifyError::Malformed);
    }
    let found = users::find_by_any_identifier(cx, tx, typed).await?;
    let account = found.map(|(user, identity)| Account {
        user: user.id,
        identity: identity.id,
    });
    Ok(Candidate {
        typed: typed.to_owned(),
        account,
    })
}

/// Whom attempts at this candidate count for.
pub(super) fn subject(who: &Candidate) -> Subject {
    match &who.account {
        Some(account) => Subject::user(&account.user),
        None => Subject::nobody(&folded(&who.typed).unwrap_or_default()),
    }
}

/// The identifier as it is compared; none for what is no identifier.
pub(super) fn folded(typed: &str) -> Option<String> {
    let email = EmailAddress::parse(typed).map(|email| email.folded().to_owned());
    let phone = || PhoneNumber::parse(typed).map(|phone| phone.folded().to_owned());
    let username = || Username::parse(typed).map(|name| name.folded().to_owned());
    email
        .ok()
        .or_else(|| phone().ok())
        .or_else(|| username().ok())
}
