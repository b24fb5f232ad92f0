//! A new account. An address that somebody has goes the same way; what differs is the mail, which only its owner reads.

use db::{Error, Tx};

use super::advance::{Moved, StepError};
use super::code;
use super::identify::{IdentifyError, candidate};
use super::person;
use super::step::{CodeStep, Letter, Mailbox, Newcomer, Who};
use super::{SignIn, organization};
use crate::context::Context;
use crate::settings::{self, Policies, SettingsError};
use crate::users::EmailAddress;

/// The longest name, in characters.
const MAX_NAME: usize = 64;

/// What the form says.
pub(super) struct Form<'a> {
    pub(super) given_name: &'a str,
    pub(super) family_name: &'a str,
    pub(super) email: &'a str,
}

/// A sign-up was not accepted.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignUpError {
    /// People can't make accounts by themselves here.
    #[error("sign-up is closed")]
    Closed,
    /// Fields are missing or malformed.
    #[error("fill in what is missing")]
    Fields(Refused),
    /// The next step can't be taken.
    #[error(transparent)]
    Step(#[from] StepError),
}

/// Which fields were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each reason, and they are independent"
)]
pub(super) struct Refused {
    pub(super) given_name: bool,
    pub(super) family_name: bool,
    pub(super) email_is_missing: bool,
    pub(super) email_is_malformed: bool,
}

impl From<Error> for SignUpError {
    fn from(error: Error) -> Self {
        Self::Step(error.into())
    }
}

/// Whether people may make accounts by themselves. In the team's environment they never do.
pub(super) async fn is_open(cx: &Context, tx: &mut Tx) -> Result<bool, SettingsError> {
    let policies: Policies = settings::get(tx, &cx.environment().id).await?;
    Ok(policies.allow_self_sign_up && !cx.environment().is_team())
}

/// Sends a code to the address of whoever wants an account.
pub(super) async fn sign_up(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    form: &Form<'_>,
) -> Result<Moved, SignUpError> {
    if !is_open(cx, tx).await.map_err(StepError::from)? {
        return Err(SignUpError::Closed);
    }
    organization::for_newcomer(cx, tx, &sign_in).await?;
    let (given_name, family_name) = (name(form.given_name), name(form.family_name));
    let refused = Refused {
        given_name: given_name.is_none(),
        family_name: family_name.is_none(),
        email_is_missing: form.email.trim().is_empty(),
        email_is_malformed: !form.email.trim().is_empty()
            && EmailAddress::parse(form.email).is_err(),
    };
    if refused != Refused::default() {
        return Err(SignUpError::Fields(refused));
    }
    let who = match candidate(cx, tx, form.email).await {
        Ok(who) => who,
        Err(IdentifyError::Step(error)) => return Err(error.into()),
        Err(_) => {
            return Err(SignUpError::Fields(Refused {
                email_is_malformed: true,
                ..refused
            }));
        }
    };
    let email = who.typed.clone();
    let code = match &who.account {
        None => CodeStep {
            mailbox: Some(Mailbox {
                address: email.clone(),
                identity: None,
            }),
            who: Who::Newcomer(Newcomer {
                email: email.clone(),
                given_name,
                family_name,
            }),
            letter: Letter::Verification,
            shown: email,
            proofs: None,
        },
        Some(account) => CodeStep {
            mailbox: person::load(cx, tx, account)
                .await?
                .and_then(|person| person.mailbox),
            who: Who::Candidate(who),
            letter: Letter::ExistingAccount,
            shown: email,
            proofs: None,
        },
    };
    Ok(code::ask(cx, tx, sign_in, code).await?)
}

/// A name as it is kept; none where there is nothing to keep.
fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let is_name =
        !text.is_empty() && text.chars().count() <= MAX_NAME && !text.chars().any(char::is_control);
    is_name.then(|| text.to_owned())
}
