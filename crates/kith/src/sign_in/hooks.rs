//! What workflows may say during a sign-in. Each call may take seconds, so no transaction is open meanwhile; where nothing is live it
//! costs a look into memory.

use db::Tx;

use super::SignIn;
use super::advance::StepError;
use super::step::{Account, Chooser, Newcomer};
use crate::context::Context;
use crate::http::Client;
use crate::secret::Secret;
use crate::users;
use crate::workflows::{
    self, Caller, Effects, FireError, Moment, NewPasswordReason, Person, Trigger,
};

/// Somebody has given their first proof.
///
/// # Errors
/// [`StepError::Denied`] when a workflow refuses them, [`StepError::Workflow`] when it failed and stops the flow.
pub(super) async fn authenticated(
    cx: &Context,
    sign_in: &SignIn,
    account: &Account,
    is_new: bool,
    client: &Client,
) -> Result<(), StepError> {
    if !is_live(cx, Trigger::PostAuthentication).await? {
        return Ok(());
    }
    let user = known(cx, account).await?;
    let moment = Moment::PostAuthentication { user, is_new };
    fire(cx, moment, sign_in, client).await.map(drop)
}

/// Whether a workflow wants to know who has given their first proof.
///
/// # Errors
/// When what runs can't be read.
pub(super) async fn watches_authentication(cx: &Context, tx: &mut Tx) -> Result<bool, StepError> {
    let is_live = workflows::is_live(cx, tx, Trigger::PostAuthentication).await;
    Ok(is_live.map_err(FireError::from)?)
}

/// An account is about to be made.
///
/// # Errors
/// As [`authenticated`].
pub(super) async fn registering(
    cx: &Context,
    sign_in: &SignIn,
    newcomer: &Newcomer,
    client: &Client,
) -> Result<(), StepError> {
    if !is_live(cx, Trigger::PreRegistration).await? {
        return Ok(());
    }
    let moment = Moment::PreRegistration {
        user: unknown(newcomer),
    };
    fire(cx, moment, sign_in, client).await.map(drop)
}

/// Somebody chose a password that passed the built-in checks; tells what a workflow says under it, if anything.
///
/// # Errors
/// As [`authenticated`].
pub(super) async fn password_chosen(
    cx: &Context,
    sign_in: &SignIn,
    whose: &Chooser,
    (first, second): (&Secret, &Secret),
    client: &Client,
) -> Result<Vec<(String, String)>, StepError> {
    if !is_live(cx, Trigger::NewPassword).await? {
        return Ok(Vec::new());
    }
    let (user, reason) = match whose {
        Chooser::Newcomer(newcomer) => (unknown(newcomer), NewPasswordReason::Initial),
        Chooser::User { account, .. } => (known(cx, account).await?, NewPasswordReason::Reset),
    };
    let moment = Moment::NewPassword {
        first: first.clone(),
        second: second.clone(),
        reason,
        user,
    };
    Ok(fire(cx, moment, sign_in, client).await?.invalid_fields)
}

async fn is_live(cx: &Context, trigger: Trigger) -> Result<bool, StepError> {
    Ok(workflows::listens(cx, trigger)
        .await
        .map_err(FireError::from)?)
}

async fn fire(
    cx: &Context,
    moment: Moment,
    sign_in: &SignIn,
    client: &Client,
) -> Result<Effects, StepError> {
    let caller = Caller::new(client.address.to_string(), client.user_agent.as_str())
        .for_request(sign_in.request());
    let effects = workflows::fire(cx, moment, &caller)
        .await?
        .unwrap_or_default();
    match effects.denied {
        Some(reason) => Err(StepError::Denied(reason)),
        None => Ok(effects),
    }
}

async fn known(cx: &Context, account: &Account) -> Result<Person, StepError> {
    let mut tx = cx.db().read().await?;
    let user = users::find(cx, &mut tx, &account.user)
        .await?
        .ok_or(StepError::Gone)?;
    Ok(Person {
        id: Some(user.id.to_string()),
        identity_id: Some(account.identity.to_string()),
        email: user.email,
        phone: user.phone,
        username: user.username,
        given_name: user.given_name,
        family_name: user.family_name,
    })
}

fn unknown(newcomer: &Newcomer) -> Person {
    Person {
        email: Some(newcomer.email.clone()),
        given_name: newcomer.given_name.clone(),
        family_name: newcomer.family_name.clone(),
        ..Person::default()
    }
}
