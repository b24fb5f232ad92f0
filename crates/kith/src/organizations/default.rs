//! The default organization.

use db::{Error, Tx};

use super::{Organization, store};
use crate::context::Context;

/// What the default organization is called until somebody renames it.
const NAME: &str = "Default Organization";

/// The default organization; none in an environment that has no organizations, such as the team's.
///
/// # Errors
/// When the database fails.
pub async fn default(cx: &Context, tx: &mut Tx) -> Result<Option<Organization>, Error> {
    store::default(tx, cx).await
}

/// The default organization, made where it is missing. Can be repeated, also by two nodes at once.
///
/// # Errors
/// When the database fails.
pub async fn ensure_default(cx: &Context) -> Result<Organization, Error> {
    let mut tx = cx.db().begin().await?;
    let organization = Organization {
        id: cx.new_id(),
        name: NAME.to_owned(),
        handle: None,
        external_id: None,
        is_default: true,
        is_auto_membership_enabled: true,
        is_suspended: false,
        suspended_at: None,
        created_at: cx.now(),
    };
    store::insert_unless_default_exists(&mut tx, cx, &organization).await?;
    let found = store::default(&mut tx, cx).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(found)
}
