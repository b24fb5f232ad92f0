//! To which organization somebody who is signed in already goes.

use db::{Error, Tx};
use oauth::{AuthorizationRequest, ErrorCode, OAuthError};

use crate::context::Context;
use crate::id::{OrganizationId, UserId};
use crate::organizations::{self, JoinError, Membership};

/// The organization, or why there is none.
pub(super) enum Choice {
    /// This one; none for a person who belongs to none.
    Organization(Option<OrganizationId>),
    /// Only the person can tell; the error is for an application that wants no page.
    Ask(OAuthError),
    /// There is no way in.
    Refuse(OAuthError),
}

/// The organization that the request names, if the person is in it or may join it. Without a name: the only one, or the one
/// that they used last, so that nobody is asked again and again while they are signed in. An application that has a switch
/// for organizations names one.
///
/// # Errors
/// When the database fails.
pub(super) async fn choose(
    cx: &Context,
    tx: &mut Tx,
    request: &AuthorizationRequest,
    user: &UserId,
) -> Result<Choice, Error> {
    if let Some(code) = &request.org_code {
        return named(cx, tx, code, user).await;
    }
    let all = organizations::of_user(tx, user).await?;
    let open: Vec<&Membership> = all
        .iter()
        .filter(|membership| !membership.organization.is_suspended)
        .collect();
    let last = open
        .iter()
        .filter(|membership| membership.last_signed_in_at.is_some())
        .max_by_key(|membership| membership.last_signed_in_at);
    Ok(match (&open[..], last) {
        ([], _) if all.is_empty() => Choice::Organization(None),
        ([], _) => Choice::Refuse(suspended()),
        ([only], _) => Choice::Organization(Some(only.organization.id.clone())),
        (_, Some(last)) => Choice::Organization(Some(last.organization.id.clone())),
        (_, None) => Choice::Ask(OAuthError::new(
            ErrorCode::InteractionRequired,
            "the person belongs to several organizations; name one with org_code",
        )),
    })
}

async fn named(cx: &Context, tx: &mut Tx, code: &str, user: &UserId) -> Result<Choice, Error> {
    // Whether such an organization exists is not told to those who aren't in it.
    let stranger = || {
        Choice::Ask(OAuthError::new(
            ErrorCode::AccessDenied,
            "the person is not a member of the organization",
        ))
    };
    let Ok(id) = code.parse::<OrganizationId>() else {
        return Ok(stranger());
    };
    let Some(organization) = organizations::find(cx, tx, &id).await? else {
        return Ok(stranger());
    };
    let is_member = organizations::is_member(cx, tx, &id, user).await?;
    if organization.is_suspended && is_member {
        return Ok(Choice::Refuse(suspended()));
    }
    if is_member {
        return Ok(Choice::Organization(Some(id)));
    }
    if organization.is_suspended || !organization.is_auto_membership_enabled {
        return Ok(stranger());
    }
    match organizations::join(cx, tx, user, Some(&id)).await {
        Ok(joined) => Ok(joined.map_or_else(stranger, |id| Choice::Organization(Some(id)))),
        Err(JoinError::NoOrganization(_)) => Ok(stranger()),
        Err(JoinError::Db(error)) => Err(error),
    }
}

fn suspended() -> OAuthError {
    OAuthError::new(
        ErrorCode::OrganizationSuspended,
        "the organization is suspended",
    )
}
