//! Lists of people.

use db::{Error, Tx};

use super::{User, store};
use crate::context::Context;
use crate::id::UserId;
use crate::paging::{Page, Wanted};
use crate::time::Timestamp;

/// Which people are wanted: those who pass every part that says something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those with one of these ids.
    pub ids: Option<Vec<UserId>>,
    /// Those with one of these e-mail addresses, folded.
    pub emails: Option<Vec<String>>,
    /// Those with one of these phone numbers.
    pub phones: Option<Vec<String>>,
    /// Those with one of these usernames, folded.
    pub usernames: Option<Vec<String>>,
    /// Those who belong to an organization, or those who belong to none.
    pub has_organization: Option<bool>,
    /// Those who have signed in at this moment or later.
    pub active_since: Option<Timestamp>,
    /// Those who are suspended, or those who are not.
    pub is_suspended: Option<bool>,
    /// Those whom an import brought, or those whom none did.
    pub is_imported: Option<bool>,
    /// Those whom this text fits: the beginning of an e-mail address, phone number or username, a part of the name, or the
    /// whole of an id or provided id. Case doesn't matter; an empty text fits everybody.
    pub text: String,
}

/// A page of the people who pass the filter, by id, name or e-mail address.
///
/// # Errors
/// When the database fails.
pub async fn list(
    cx: &Context,
    tx: &mut Tx,
    filter: &Filter,
    wanted: &Wanted,
) -> Result<Page<User>, Error> {
    let rows = store::list::page(tx, cx, filter, wanted).await?;
    Ok(wanted
        .page(rows, |row| (&row.key, row.user.id.as_str()))
        .map(|row| row.user))
}

/// A page of the people whom a text fits ([`Filter::text`]).
///
/// # Errors
/// When the database fails.
pub async fn search(
    cx: &Context,
    tx: &mut Tx,
    text: &str,
    wanted: &Wanted,
) -> Result<Page<User>, Error> {
    let filter = Filter {
        text: text.to_owned(),
        ..Filter::default()
    };
    list(cx, tx, &filter, wanted).await
}

/// How many people there are.
///
/// # Errors
/// When the database fails.
pub async fn count(cx: &Context, tx: &mut Tx) -> Result<i64, Error> {
    store::count(tx, cx).await
}

/// How many of the people whom an import brought have signed in since.
///
/// # Errors
/// When the database fails.
pub async fn count_arrived(cx: &Context, tx: &mut Tx) -> Result<i64, Error> {
    store::count_arrived(tx, cx).await
}
