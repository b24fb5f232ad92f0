//! What people proved themselves with in the former system beside a password: authenticator apps, recovery codes, passkeys.
//!
//! Nothing here asks for them yet. They are kept all the same, since an export cannot be had again once the former provider is
//! closed, and whoever set up an authenticator there should not have to do so twice. All of it is sealed, passkeys too, though a
//! public key is no secret: which devices somebody has is nobody's business.

use std::collections::HashMap;
use std::str::FromStr;

use db::{Error, Tx};
use import::{Passkey, RecoveryCode, Totp};

use super::store::{self, StoredFormer};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::UserId;
use crate::secret::Unsealable;

/// What stored ones are sealed for.
const PURPOSE: &str = "former_credential";

/// Something that a person proved themselves with in the former system.
#[derive(Debug, Clone, PartialEq)]
pub enum Former {
    /// An authenticator app.
    Totp(Totp),
    /// A recovery code.
    RecoveryCode(RecoveryCode),
    /// A passkey or security key.
    Passkey(Passkey),
}

/// What sort of proof it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// A passkey or security key.
    Passkey,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Totp, Self::RecoveryCode, Self::Passkey];

    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("{text} is no kind of former credential"))
    }
}

impl db::Column for Kind {
    fn from_value(value: db::Value) -> Result<Self, db::BoxError> {
        Ok(String::from_value(value)?.parse()?)
    }
}

impl Former {
    /// What sort of proof it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Totp(_) => Kind::Totp,
            Self::RecoveryCode(_) => Kind::RecoveryCode,
            Self::Passkey(_) => Kind::Passkey,
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Totp(totp) => totp.to_json(),
            Self::RecoveryCode(code) => code.to_json(),
            Self::Passkey(passkey) => passkey.to_json(),
        }
        .to_string()
    }

    fn parse(kind: Kind, text: &str) -> Option<Self> {
        let value = serde_json::from_str(text).ok()?;
        match kind {
            Kind::Totp => Totp::from_json(&value).ok().map(Self::Totp),
            Kind::RecoveryCode => RecoveryCode::from_json(&value).ok().map(Self::RecoveryCode),
            Kind::Passkey => Passkey::from_json(&value).ok().map(Self::Passkey),
        }
    }
}

/// What is kept could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FormerError {
    /// It was sealed with another key.
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    /// It has a form that nobody here wrote.
    #[error("a stored {} can't be read", .0.as_str())]
    Unreadable(Kind),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

impl Coded for FormerError {
    fn code(&self) -> Code {
        match self {
            Self::Sealed(_) | Self::Unreadable(_) => Code::INTERNAL,
            Self::Db(error) => error.code(),
        }
    }
}

/// Keeps these. Those of one kind are all of that kind that the person has: who has some already keeps them, and gets no more.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    cx: &Context,
    tx: &mut Tx,
    credentials: &[(UserId, Former)],
) -> Result<(), Error> {
    let mut counts: HashMap<(&UserId, Kind), i64> = HashMap::new();
    let rows = credentials.iter().map(|(user, former)| {
        let number = counts.entry((user, former.kind())).or_default();
        *number += 1;
        StoredFormer {
            user: user.clone(),
            kind: former.kind(),
            number: *number - 1,
            content: cx.seal(PURPOSE, &former.to_text()),
        }
    });
    let rows = rows.collect();
    store::insert_former(tx, cx, rows).await
}

/// What is kept of these people, each person's in the order of the export.
///
/// # Errors
/// [`FormerError::Sealed`] when the installation has another key than when they were kept; when the database fails.
pub async fn kept(
    cx: &Context,
    tx: &mut Tx,
    people: &[&UserId],
) -> Result<HashMap<UserId, Vec<Former>>, FormerError> {
    let mut kept: HashMap<UserId, Vec<Former>> = HashMap::new();
    for stored in store::former_of_people(tx, people).await? {
        let text = cx.sealer().open_text(PURPOSE, &stored.content)?;
        let former = Former::parse(stored.kind, text.reveal());
        let former = former.ok_or(FormerError::Unreadable(stored.kind))?;
        kept.entry(stored.user).or_default().push(former);
    }
    Ok(kept)
}
