//! Finding one person.

use db::{Error, Tx};
use import::identifier::{EmailAddress, IdentityKind, PhoneNumber, Username};

use super::{Identity, User, store};
use crate::context::Context;
use crate::id::UserId;

/// The person with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(cx: &Context, tx: &mut Tx, id: &UserId) -> Result<Option<User>, Error> {
    store::find(tx, cx, id).await
}

/// Whether there is anybody in the environment.
///
/// # Errors
/// When the database fails.
pub async fn is_anybody(cx: &Context, tx: &mut Tx) -> Result<bool, Error> {
    store::is_anybody(tx, cx).await
}

/// The person who has this id from the former system.
///
/// # Errors
/// When the database fails.
pub async fn find_by_provided_id(
    cx: &Context,
    tx: &mut Tx,
    provided_id: &str,
) -> Result<Option<User>, Error> {
    store::find_by_provided_id(tx, cx, provided_id).await
}

/// The person who is known by this, with the identity by which they are. `folded` is the form that is compared.
///
/// # Errors
/// When the database fails.
pub async fn find_by_identifier(
    cx: &Context,
    tx: &mut Tx,
    kind: &IdentityKind,
    folded: &str,
) -> Result<Option<(User, Identity)>, Error> {
    let Some(identity) = store::identities::find_by_folded(tx, cx, kind, folded).await? else {
        return Ok(None);
    };
    let user = store::find(tx, cx, &identity.user_id).await?;
    Ok(user.map(|user| (user, identity)))
}

/// The person who is known by what somebody typed to sign in: an e-mail address, else a phone number, else a username.
///
/// # Errors
/// When the database fails.
pub async fn find_by_any_identifier(
    cx: &Context,
    tx: &mut Tx,
    typed: &str,
) -> Result<Option<(User, Identity)>, Error> {
    if let Ok(email) = EmailAddress::parse(typed) {
        find_by_identifier(cx, tx, &IdentityKind::Email, email.folded()).await
    } else if let Ok(phone) = PhoneNumber::parse(typed) {
        find_by_identifier(cx, tx, &IdentityKind::Phone, phone.folded()).await
    } else if let Ok(username) = Username::parse(typed) {
        find_by_identifier(cx, tx, &IdentityKind::Username, username.folded()).await
    } else {
        Ok(None)
    }
}
