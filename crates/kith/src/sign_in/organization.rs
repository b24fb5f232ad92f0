//! To which organization somebody signs in.

use db::Tx;

use super::advance::{Moved, StepError, step_to};
use super::finish::finish;
use super::step::{Account, Proofs, Step};
use super::{Purpose, SignIn};
use crate::context::Context;
use crate::http::Client;
use crate::id::{OrganizationId, UserId};
use crate::organizations::{self, JoinError, Organization};

/// Finishes with the organization that was asked for, or with the only one; lets the person choose among several.
pub(super) async fn decide(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    account: Account,
    proofs: Proofs,
    client: &Client,
) -> Result<Moved, StepError> {
    let wanted = match &sign_in.purpose {
        // The team's environment has no organizations.
        Purpose::Dashboard { .. } => {
            return finish(cx, tx, sign_in, (&account, proofs), None, client).await;
        }
        Purpose::Authorize(request) => request.org_code.clone(),
    };
    if let Some(code) = wanted {
        let organization = admit(cx, tx, &account.user, &code).await?;
        return finish(
            cx,
            tx,
            sign_in,
            (&account, proofs),
            Some(organization),
            client,
        )
        .await;
    }
    let choices = choices(tx, &account.user).await?;
    match choices.as_slice() {
        [] if !organizations::of_user(tx, &account.user).await?.is_empty() => {
            Err(StepError::NoAccess)
        }
        [] => finish(cx, tx, sign_in, (&account, proofs), None, client).await,
        [only] => {
            finish(
                cx,
                tx,
                sign_in,
                (&account, proofs),
                Some(only.id.clone()),
                client,
            )
            .await
        }
        _ => {
            step_to(
                cx,
                tx,
                sign_in,
                Step::ChooseOrganization { account, proofs },
            )
            .await
        }
    }
}

/// Finishes with the organization that the person chose.
pub(super) async fn choose(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    code: &str,
    client: &Client,
) -> Result<Moved, StepError> {
    let Step::ChooseOrganization { account, proofs } = sign_in.step.clone() else {
        return Err(StepError::OutOfOrder);
    };
    let choices = choices(tx, &account.user).await?;
    let chosen = choices
        .into_iter()
        .find(|organization| organization.id.as_str() == code)
        .ok_or(StepError::NoAccess)?;
    finish(cx, tx, sign_in, (&account, proofs), Some(chosen.id), client).await
}

/// The organizations to which a person may sign in, the one they used last first.
pub(super) async fn choices(tx: &mut Tx, user: &UserId) -> Result<Vec<Organization>, db::Error> {
    let mut memberships = organizations::of_user(tx, user).await?;
    memberships.retain(|membership| !membership.organization.is_suspended);
    memberships.sort_by_key(|membership| std::cmp::Reverse(membership.last_signed_in_at));
    Ok(memberships
        .into_iter()
        .map(|membership| membership.organization)
        .collect())
}

/// The organization that a newcomer comes for, which they may join; none where they come for none in particular.
///
/// # Errors
/// [`StepError::NoAccess`] when they may not: better said before they have made an account than after.
pub(super) async fn for_newcomer(
    cx: &Context,
    tx: &mut Tx,
    sign_in: &SignIn,
) -> Result<Option<OrganizationId>, StepError> {
    let Some(code) = sign_in
        .request()
        .and_then(|request| request.org_code.as_deref())
    else {
        return Ok(None);
    };
    let id: OrganizationId = code.parse().map_err(|_| StepError::NoAccess)?;
    match organizations::find(cx, tx, &id).await? {
        Some(found) if found.is_auto_membership_enabled && !found.is_suspended => Ok(Some(id)),
        _ => Err(StepError::NoAccess),
    }
}

/// The organization with this code, if the person is a member or may become one by coming.
async fn admit(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    code: &str,
) -> Result<OrganizationId, StepError> {
    let id: OrganizationId = code.parse().map_err(|_| StepError::NoAccess)?;
    let organization = organizations::find(cx, tx, &id)
        .await?
        .filter(|found| !found.is_suspended)
        .ok_or(StepError::NoAccess)?;
    if organizations::is_member(cx, tx, &id, user).await? {
        return Ok(id);
    }
    if !organization.is_auto_membership_enabled {
        return Err(StepError::NoAccess);
    }
    match organizations::join(cx, tx, user, Some(&id)).await {
        Ok(_) => Ok(id),
        Err(JoinError::Db(error)) => Err(error.into()),
        Err(_) => Err(StepError::NoAccess),
    }
}
