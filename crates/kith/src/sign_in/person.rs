//! What a sign-in has to know of a person.

use db::{Error, Tx};

use super::step::{Account, Facts, Mailbox};
use crate::context::Context;
use crate::credentials::password;
use crate::users::{self, Identity, IdentityKind};

/// A person who signs in.
pub(super) struct Person {
    pub(super) facts: Facts,
    /// Where a code reaches them; none when they have no e-mail address.
    pub(super) mailbox: Option<Mailbox>,
    /// By which password managers know them: their address, else the name by which they came.
    pub(super) name: String,
}

impl Person {
    /// Where a code goes, as the page may say it: what was just typed, and nothing more than a hint of any other address.
    pub(super) fn shown(&self, typed: &str) -> String {
        match &self.mailbox {
            Some(mailbox) if mailbox.address.to_lowercase() == typed.trim().to_lowercase() => {
                typed.trim().to_owned()
            }
            Some(mailbox) => obscured(&mailbox.address),
            None => typed.to_owned(),
        }
    }
}

/// The person, if they still exist.
pub(super) async fn load(
    cx: &Context,
    tx: &mut Tx,
    account: &Account,
) -> Result<Option<Person>, Error> {
    let Some(user) = users::find(cx, tx, &account.user).await? else {
        return Ok(None);
    };
    let identities = users::identities(tx, &account.user).await?;
    let password = password::status(tx, &account.user).await?;
    let mailbox = mailbox(&identities, account);
    let came_by = identities
        .iter()
        .find(|identity| identity.id == account.identity);
    Ok(Some(Person {
        facts: Facts {
            is_suspended: user.is_kept_out(cx.now()),
            has_mailbox: mailbox.is_some(),
            is_unverified: mailbox.is_some_and(|identity| !identity.is_verified),
            has_password: password.is_some(),
            is_temporary: password.is_some_and(|status| status.is_temporary),
            is_reset_requested: user.is_password_reset_requested,
            was_moved: user.import_run_id.is_some(),
        },
        mailbox: mailbox.map(|identity| Mailbox {
            address: identity.value.clone(),
            identity: Some(identity.id.clone()),
        }),
        name: came_by
            .map(|identity| identity.value.clone())
            .or(user.email)
            .unwrap_or_default(),
    }))
}

/// The address by which they came; else one that they have proved, the primary one first; else any.
fn mailbox<'a>(identities: &'a [Identity], account: &Account) -> Option<&'a Identity> {
    identities
        .iter()
        .filter(|identity| identity.kind == IdentityKind::Email)
        .max_by_key(|identity| {
            (
                identity.id == account.identity,
                identity.is_verified,
                identity.is_primary,
            )
        })
}

/// An address of which no more than the first letter and the host are told.
fn obscured(address: &str) -> String {
    match address.split_once('@') {
        Some((local, host)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}•••@{host}")
        }
        None => "•••".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_obscured_address_tells_its_first_letter_and_its_host() {
        assert_eq!(obscured("ada@example.com"), "a•••@example.com");
        assert_eq!(obscured("åsa@example.com"), "å•••@example.com");
    }
}
