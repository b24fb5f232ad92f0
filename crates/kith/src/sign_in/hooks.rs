//! What workflows may say during a sign-in. Each call may take seconds, so no transaction is open meanwhile; where nothing is live it
//! costs a look into memory.

use std::time::{Duration, Instant};

use db::Tx;
use serde_json::{Value, json};

use super::SignIn;
use super::advance::StepError;
use super::identify::folded;
use super::step::{Account, Candidate, Chooser, Newcomer};
use crate::context::Context;
use crate::credentials::password;
use crate::drip_feed::{
    self,
    once::{self, Turn},
};
use crate::http::Client;
use crate::secret::Secret;
use crate::users;
use crate::workflows::{
    self, Caller, Effects, FireError, Moment, NewPasswordReason, Person, Trigger,
};

/// How long a workflow may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a workflow said of a password.
pub(super) struct Said {
    /// Fields with the messages under them; none where it has nothing against the password.
    pub(super) fields: Vec<(String, String)>,
    /// How long it took, where it was asked by this very call, about somebody without a password here.
    pub(super) asked_for: Option<Duration>,
}

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
    if !is_live(cx, sign_in, Trigger::PostAuthentication).await? {
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
pub(super) async fn watches_authentication(
    cx: &Context,
    tx: &mut Tx,
    sign_in: &SignIn,
) -> Result<bool, StepError> {
    let cx = &sign_in.in_preview(cx);
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
    if !is_live(cx, sign_in, Trigger::PreRegistration).await? {
        return Ok(());
    }
    let moment = Moment::PreRegistration {
        user: unknown(newcomer),
    };
    fire(cx, moment, sign_in, client).await.map(drop)
}

/// Somebody typed a password, and it has not been judged yet: a workflow may ask an old system about it, and make the person by our
/// API. Once a password, however often the button is pressed. None where no workflow listens.
///
/// # Errors
/// As [`authenticated`].
pub(super) async fn password_typed(
    cx: &Context,
    sign_in: &SignIn,
    who: &Candidate,
    password: &Secret,
    client: &Client,
) -> Result<Option<Said>, StepError> {
    if !is_live(cx, sign_in, Trigger::ExistingPassword).await? {
        return Ok(None);
    }
    let asked = folded(&who.typed).unwrap_or_default();
    // What another version says is another answer.
    let whom = match &sign_in.preview {
        Some(deployment) => format!("a preview of {deployment}"),
        None => "a workflow".to_owned(),
    };
    let turn = once::turn(cx, &whom, (&asked, password), PATIENCE).await?;
    let claim = match turn {
        Turn::Theirs(answer) => {
            let fields = read(answer.as_deref())?;
            return Ok(Some(Said {
                fields,
                asked_for: None,
            }));
        }
        Turn::Ours(claim) => claim,
    };
    let has_password = has_password(cx, who).await?;
    let begun = Instant::now();
    let moment = Moment::ExistingPassword {
        identifier: who.typed.clone(),
        password: password.clone(),
        has_user_record: has_password,
        user: match &who.account {
            Some(account) => known(cx, account).await?,
            None => Person::default(),
        },
    };
    let said = fire(cx, moment, sign_in, client).await;
    let took = begun.elapsed();
    let answer = match &said {
        Ok(effects) => json!({"fields": effects.invalid_fields}),
        Err(StepError::Denied(reason)) => json!({"denied": reason}),
        Err(StepError::Workflow(FireError::Stopped { workflow, .. })) => {
            json!({"stopped": workflow})
        }
        Err(_) => json!({}),
    };
    once::answer(cx, &claim, &answer.to_string()).await?;
    Ok(Some(Said {
        fields: said?.invalid_fields,
        asked_for: (!has_password).then_some(took),
    }))
}

/// What the workflow said to the same password a moment ago.
fn read(answer: Option<&str>) -> Result<Vec<(String, String)>, StepError> {
    let answer: Value = serde_json::from_str(answer.unwrap_or_default()).unwrap_or_default();
    if let Some(reason) = answer["denied"].as_str() {
        return Err(StepError::Denied(reason.to_owned()));
    }
    if let Some(workflow) = answer["stopped"].as_str() {
        return Err(StepError::Workflow(FireError::Stopped {
            workflow: workflow.to_owned(),
            message: "it failed a moment ago".to_owned(),
        }));
    }
    Ok(serde_json::from_value(answer["fields"].clone()).unwrap_or_default())
}

/// A workflow's no to a password, where one listens: what it said under the field last, in its own words.
///
/// # Errors
/// When what runs can't be read.
pub(super) async fn no_to_a_password(
    cx: &Context,
    sign_in: &SignIn,
) -> Result<drip_feed::No, StepError> {
    let listens = is_live(cx, sign_in, Trigger::ExistingPassword).await?;
    let no = drip_feed::no(cx, listens).await?;
    let says = match no.says {
        Some(text) if are_its_words(cx, sign_in, &text).await? => Some(text),
        _ => None,
    };
    Ok(drip_feed::No { says, ..no })
}

/// Whether a text under the password is the workflow's own, and tells nothing of whom it was said to.
///
/// # Errors
/// When what runs can't be read.
pub(super) async fn are_its_words(
    cx: &Context,
    sign_in: &SignIn,
    text: &str,
) -> Result<bool, StepError> {
    let cx = &sign_in.in_preview(cx);
    let says = workflows::says(cx, Trigger::ExistingPassword, text).await;
    Ok(says.map_err(FireError::from)?)
}

async fn has_password(cx: &Context, who: &Candidate) -> Result<bool, StepError> {
    let Some(account) = &who.account else {
        return Ok(false);
    };
    let mut tx = cx.db().read().await?;
    Ok(password::status(&mut tx, &account.user).await?.is_some())
}

/// Whether somebody whom nobody knows here, or who has no password here, may have one elsewhere: an old system is asked about it, by a
/// connector or by a workflow.
///
/// # Errors
/// When the settings, or what runs, can't be read.
pub(super) async fn asks_elsewhere(
    cx: &Context,
    tx: &mut Tx,
    sign_in: &SignIn,
) -> Result<bool, StepError> {
    let cx = &sign_in.in_preview(cx);
    let is_live = workflows::is_live(cx, tx, Trigger::ExistingPassword).await;
    Ok(is_live.map_err(FireError::from)? || drip_feed::is_on(cx, tx).await?)
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
    if !is_live(cx, sign_in, Trigger::NewPassword).await? {
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

async fn is_live(cx: &Context, sign_in: &SignIn, trigger: Trigger) -> Result<bool, StepError> {
    Ok(workflows::listens(&sign_in.in_preview(cx), trigger)
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
        .for_request(sign_in.request())
        .previewing(sign_in.preview.as_ref());
    let effects = workflows::fire(&sign_in.in_preview(cx), moment, &caller)
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
