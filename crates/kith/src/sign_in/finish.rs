//! The end of a sign-in: a session, and the answer to whoever asked.

use db::{Error, Tx};
use oauth::AuthorizationRequest;

use super::advance::{Moved, StepError, step_to};
use super::start::{OpenError, open};
use super::step::{Account, Done, Proofs, Step};
use super::{Purpose, SignIn, store};
use crate::context::Context;
use crate::events::{self, Event};
use crate::http::{Browser, Client};
use crate::id::{ApplicationId, DeploymentId, OrganizationId, SessionId, SignInId, UserId};
use crate::time::Timestamp;
use crate::{organizations, sessions, users};

/// A sign-in that is done, for whoever answers the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The request that it was begun for.
    pub request: AuthorizationRequest,
    /// Who signed in.
    pub user_id: UserId,
    /// Their session.
    pub session_id: SessionId,
    /// To which organization; none where they belong to none.
    pub organization_id: Option<OrganizationId>,
    /// When they proved who they are.
    pub authenticated_at: Timestamp,
    /// The deployment whose workflows it tried; its code goes on with them.
    pub preview: Option<DeploymentId>,
}

/// Takes a sign-in that is done, once: a second call finds nothing, and so does another browser.
///
/// # Errors
/// When the database fails.
pub async fn take_finished(
    cx: &Context,
    tx: &mut Tx,
    browser: &Browser,
    id: &SignInId,
) -> Result<Option<Finished>, Error> {
    let sign_in = match open(cx, tx, &browser.digest(), id).await {
        Ok(sign_in) => sign_in,
        Err(OpenError::Db(error)) => return Err(error),
        Err(_) => return Ok(None),
    };
    let (Step::Done(done), Purpose::Authorize(request)) = (&sign_in.step, &sign_in.purpose) else {
        return Ok(None);
    };
    let finished = Finished {
        request: (**request).clone(),
        user_id: done.user.clone(),
        session_id: done.session.clone(),
        organization_id: done.organization.clone(),
        authenticated_at: done.authenticated_at,
        preview: sign_in.preview.clone(),
    };
    Ok(store::delete(tx, &sign_in).await?.then_some(finished))
}

/// Begins the session of somebody who has proved all there is to prove, and ends the sign-in.
pub(super) async fn finish(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    (account, proofs): (&Account, Proofs),
    organization: Option<OrganizationId>,
    client: &Client,
) -> Result<Moved, StepError> {
    let application: Option<ApplicationId> = sign_in
        .request()
        .and_then(|request| request.client_id.parse().ok());
    let session =
        sessions::start(cx, tx, &account.user, application.as_ref(), client, true).await?;
    users::record_sign_in(cx, tx, &account.user, Some(&account.identity)).await?;
    if let Some(organization) = &organization {
        organizations::record_sign_in(cx, tx, organization, &account.user).await?;
    }
    let event = Event::UserAuthenticated {
        user_id: account.user.clone(),
        method: proofs.method.as_str().to_owned(),
    };
    events::record(cx, tx, &event).await?;
    let done = Done {
        user: account.user.clone(),
        session: session.id.clone(),
        organization,
        authenticated_at: cx.now(),
    };
    let moved = step_to(cx, tx, sign_in, Step::Done(done)).await?;
    Ok(Moved {
        session: Some(session),
        ..moved
    })
}
