//! Choosing a password: the last step of a new account, and the remedy where there is none that may be used.

use db::Tx;

use super::advance::{Moved, StepError, proceed};
use super::identify::folded;
use super::step::{Account, Chooser, Method, Newcomer, Proofs, Step};
use super::{SignIn, hooks, organization};
use crate::context::Context;
use crate::credentials::password::{self, HashError, NewPassword, PolicyError, SetBy};
use crate::drip_feed::{self, Asked, Door};
use crate::hashing::Busy;
use crate::http::Client;
use crate::secret::Secret;
use crate::sessions;
use crate::users::{
    self, CreateError, EmailAddress, Identifier, IdentityKind, NewIdentity, NewUser, Source,
};

/// A password was not accepted.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChooseError {
    /// Nothing was typed.
    #[error("enter a new password")]
    Missing,
    /// The second time something else was typed.
    #[error("the two passwords differ")]
    Differs,
    /// It may not be one.
    #[error(transparent)]
    Policy(PolicyError),
    /// A workflow says so: fields with the messages under them.
    #[error("a workflow did not accept the password")]
    Invalid(Vec<(String, String)>),
    /// Too many at once.
    #[error(transparent)]
    Busy(Busy),
    /// The account can't be made.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The next step can't be taken.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl From<db::Error> for ChooseError {
    fn from(error: db::Error) -> Self {
        Self::Step(error.into())
    }
}

impl From<HashError> for ChooseError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Policy(error) => Self::Policy(error),
            HashError::Busy(busy) => Self::Busy(busy),
        }
    }
}

/// Stores the password, for a newcomer with the account, and goes on. Slow: opens its own transaction after the hashing.
pub(super) async fn choose(
    cx: &Context,
    sign_in: SignIn,
    (new, repeated): (&Secret, &Secret),
    client: &Client,
) -> Result<Moved, ChooseError> {
    let Step::ChoosePassword { whose, .. } = sign_in.step.clone() else {
        return Err(StepError::OutOfOrder.into());
    };
    if new.reveal().is_empty() {
        return Err(ChooseError::Missing);
    }
    password::accept(cx, new).map_err(ChooseError::Policy)?;
    if new != repeated {
        return Err(ChooseError::Differs);
    }
    let said = hooks::password_chosen(cx, &sign_in, &whose, (new, repeated), client).await?;
    if !said.is_empty() {
        return Err(ChooseError::Invalid(said));
    }
    if let Chooser::Newcomer(newcomer) = &whose {
        hooks::registering(cx, &sign_in, newcomer, client).await?;
    }
    let hash = password::hash(cx, new).await?;
    if let Chooser::Newcomer(newcomer) = &whose {
        move_from_the_old_system(cx, newcomer, new, client).await;
    }
    let mut tx = cx.db().begin().await?;
    let is_new = matches!(whose, Chooser::Newcomer(_));
    let (account, proofs) = match whose {
        Chooser::Newcomer(newcomer) => {
            let account = create(cx, &mut tx, &sign_in, newcomer).await?;
            (
                account,
                Proofs {
                    method: Method::EmailCode,
                    has_read_code: true,
                    must_choose: false,
                },
            )
        }
        Chooser::User {
            account, proofs, ..
        } => (
            account,
            Proofs {
                must_choose: false,
                ..proofs
            },
        ),
    };
    password::put(
        cx,
        &mut tx,
        &account.user,
        &hash,
        &NewPassword::set_by(SetBy::User),
    )
    .await?;
    users::clear_password_reset(cx, &mut tx, &account.user).await?;
    // Whoever knew the old password is signed out.
    sessions::end_all(cx, &mut tx, &account.user).await?;
    if is_new && hooks::watches_authentication(cx, &mut tx, &sign_in).await? {
        // The account is made, whatever a workflow says of whoever has just proved to own it.
        tx.commit().await?;
        hooks::authenticated(cx, &sign_in, &account, true, client).await?;
        tx = cx.db().begin().await?;
    }
    let moved = proceed(cx, &mut tx, sign_in, account, proofs, client).await?;
    tx.commit().await?;
    Ok(moved)
}

/// Whoever makes an account with the very password that they have at the old system has one there, and forgot: what is known of
/// them comes along. Whatever else the old system says changes nothing about the new account.
async fn move_from_the_old_system(
    cx: &Context,
    newcomer: &Newcomer,
    password: &Secret,
    client: &Client,
) {
    let asked = Asked {
        identifier: newcomer.email.clone(),
        folded: folded(&newcomer.email).unwrap_or_default(),
        door: Door::SignUp,
        caller: client.address,
    };
    if let Err(error) = drip_feed::moved(cx, asked, password).await {
        tracing::warn!(cause = %error, "the old system could not be asked about a new account");
    }
}

/// Makes the account of somebody who has proved the address. Where somebody has made one meanwhile, it is theirs: they read the
/// same mailbox.
async fn create(
    cx: &Context,
    tx: &mut Tx,
    sign_in: &SignIn,
    newcomer: Newcomer,
) -> Result<Account, ChooseError> {
    let email = EmailAddress::parse(&newcomer.email).map_err(|_| StepError::OutOfOrder)?;
    let folded = email.folded().to_owned();
    let new = NewUser {
        given_name: newcomer.given_name,
        family_name: newcomer.family_name,
        identities: vec![NewIdentity::new(Identifier::Email(email), true)],
        ..NewUser::from(Source::SignUp)
    };
    let organization = organization::for_newcomer(cx, tx, sign_in).await?;
    users::create(cx, tx, new, organization.as_ref()).await?;
    let (user, identity) = users::find_by_identifier(cx, tx, &IdentityKind::Email, &folded)
        .await?
        .ok_or(StepError::Gone)?;
    users::verify_identity(cx, tx, &identity.id).await?;
    Ok(Account {
        user: user.id,
        identity: identity.id,
    })
}
