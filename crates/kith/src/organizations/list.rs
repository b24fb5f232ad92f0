//! Finding organizations.

use db::{Error, Tx};

use super::{Organization, store};
use crate::context::Context;
use crate::id::OrganizationId;
use crate::paging::{Key, Page, Wanted};

/// The organization with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(
    cx: &Context,
    tx: &mut Tx,
    id: &OrganizationId,
) -> Result<Option<Organization>, Error> {
    store::find(tx, cx, id).await
}

/// The organization with this external id.
///
/// # Errors
/// When the database fails.
pub async fn find_by_external_id(
    cx: &Context,
    tx: &mut Tx,
    external_id: &str,
) -> Result<Option<Organization>, Error> {
    store::find_by_external_id(tx, cx, external_id).await
}

/// The organization with this handle, whatever its case.
///
/// # Errors
/// When the database fails.
pub async fn find_by_handle(
    cx: &Context,
    tx: &mut Tx,
    handle: &str,
) -> Result<Option<Organization>, Error> {
    store::find_by_handle(tx, cx, &handle.to_ascii_lowercase()).await
}

/// Those of these external ids that organizations have, each with the organization's id, in no order.
///
/// # Errors
/// When the database fails.
pub async fn find_many_by_external_ids(
    cx: &Context,
    tx: &mut Tx,
    external_ids: &[&str],
) -> Result<Vec<(String, OrganizationId)>, Error> {
    let mut found = Vec::new();
    for some in external_ids.chunks(500) {
        found.append(&mut store::ids_by_external_ids(tx, cx, some).await?);
    }
    Ok(found)
}

/// A page of the organizations, by name or id.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx, wanted: &Wanted) -> Result<Page<Organization>, Error> {
    search(cx, tx, "", wanted).await
}

/// A page of the organizations whom a text fits: a part of the name, or the whole of a code, handle or external id.
///
/// # Errors
/// When the database fails.
pub async fn search(
    cx: &Context,
    tx: &mut Tx,
    text: &str,
    wanted: &Wanted,
) -> Result<Page<Organization>, Error> {
    let rows = store::page(tx, cx, text.trim(), wanted).await?;
    Ok(wanted.page(rows, |organization| match wanted.order().key {
        Key::Id => ("", organization.id.as_str()),
        Key::Name | Key::Email => (&organization.name, organization.id.as_str()),
    }))
}

/// How many organizations there are.
///
/// # Errors
/// When the database fails.
pub async fn count(cx: &Context, tx: &mut Tx) -> Result<i64, Error> {
    store::count(tx, cx).await
}
