//! Passwords: checking, setting, and what may be one.
//!
//! A person has one password for all their identifiers. It may have come from a former provider, hashed in whatever way was theirs;
//! the first good sign-in replaces that hash by our own. Checking a password of somebody who doesn't exist, or who has none,
//! takes the same work as checking a real one.

use std::collections::HashMap;

use db::{Error, Tx};
use password::{Description, Hash, MAX_PASSWORD_BYTES, Params, Strength};

use super::lockout::{self, CountError, Locked, Subject};
use super::proofs::{self, Cohort, ProvedBy};
use super::store::{self, StoredPassword};
use crate::context::{App, Context};
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::hashing::Busy;
use crate::id::UserId;
use crate::secret::{Secret, Unsealable};
use crate::settings::SettingsError;
use crate::time::Timestamp;

/// The fewest characters that a password has: NIST SP 800-63B-4 §3.1.1.2 for a password beside other factors.
pub const MINIMUM_CHARACTERS: usize = 8;

/// What stored parameters are sealed for.
const PURPOSE: &str = "password_params";

/// Who set a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// It came with an import.
    Import,
    /// The person.
    User,
    /// An application, by the management API.
    Api,
    /// A member of the team, at the dashboard.
    Dashboard,
    /// The person typed it, and the system that they came from said that it was theirs.
    DripFeed,
}

impl SetBy {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::User => "user",
            Self::Api => "api",
            Self::Dashboard => "dashboard",
            Self::DripFeed => "drip_feed",
        }
    }
}

/// What is known of a person's password, without the hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The scheme of the stored hash.
    pub scheme: String,
    /// Whether it must be replaced at the next sign-in.
    pub is_temporary: bool,
    /// Whether a sign-in has succeeded with it.
    pub is_proved: bool,
    /// `import`, `user`, `api`, `dashboard` or `drip_feed`.
    pub set_by: String,
    /// The digest of the hash that was imported, where it was.
    pub imported_digest: Option<String>,
    /// When it was set.
    pub updated_at: Timestamp,
}

/// A password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Whether the person must choose another one now.
    pub is_temporary: bool,
}

/// A password was not accepted as proof.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is wrong, or there is no such person, or they have no password.
    #[error("the password is wrong")]
    Wrong,
    /// There were too many failures.
    #[error(transparent)]
    Locked(Locked),
    /// Too many sign-ins at once.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The settings could not be read.
    #[error(transparent)]
    Settings(SettingsError),
    /// The stored hash can't be opened or read.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

impl From<CountError> for CheckError {
    fn from(error: CountError) -> Self {
        match error {
            CountError::Locked(locked) => Self::Locked(locked),
            CountError::Settings(error) => Self::Settings(error),
            CountError::Db(error) => Self::Db(error),
        }
    }
}

impl Coded for CheckError {
    fn code(&self) -> Code {
        match self {
            Self::Wrong => Code::PASSWORD_WRONG,
            Self::Locked(_) => Code::LOCKED,
            Self::Busy(_) => Code::RATE_LIMITED,
            Self::Settings(error) => error.code(),
            Self::Stored(_) => Code::INTERNAL,
            Self::Db(error) => error.code(),
        }
    }
}

/// A stored hash can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Its parameters were sealed with another key.
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    /// It can't be parsed any more.
    #[error("a stored password hash can't be read")]
    Unreadable,
}

/// Checks a password. `user` is none where nobody has the identifier; `subject` is whom the attempt counts for.
///
/// # Errors
/// [`CheckError::Wrong`] in every case that an outsider must not tell apart; [`CheckError::Locked`] after too many failures,
/// whether or not the password is right; [`CheckError::Busy`] when the hashing threads have no room.
pub async fn check(
    cx: &Context,
    user: Option<&UserId>,
    subject: &Subject,
    password: &Secret,
) -> Result<Verified, CheckError> {
    lockout::count(cx, subject).await?;
    let stored = match user {
        Some(user) => store::find_password(&mut cx.db().read().await?, user).await?,
        None => None,
    };
    let hash = stored.as_ref().map(|stored| open(cx, stored)).transpose()?;
    let is_current = hash
        .as_ref()
        .is_none_or(|hash| cx.hashing().native().is_current(hash));
    let is_right = cx.hashing().verify(hash, password).await?;
    let (Some(user), Some(stored), true) = (user, stored, is_right) else {
        return Err(CheckError::Wrong);
    };
    // A hash that can't be replaced now is replaced the next time; the sign-in has succeeded all the same.
    let replacement = if is_current {
        None
    } else {
        cx.hashing().hash(password, cx.random_bytes()).await.ok()
    };
    let mut tx = cx.db().begin().await?;
    lockout::forgive(cx, &mut tx, subject).await?;
    match replacement {
        Some(new) => {
            let new = StoredPassword {
                is_proved: true,
                ..close(cx, &new, &NewPassword::renewed(&stored))
            };
            // Where the hash was wrapped in this very moment, the next sign-in replaces it.
            if !store::replace_hash(&mut tx, user, &stored, &new).await? {
                store::mark_proved(&mut tx, user, stored.updated_at).await?;
            }
        }
        None if !stored.is_proved => {
            store::mark_proved(&mut tx, user, stored.updated_at).await?;
        }
        None => {}
    }
    if let Some(cohort) = stored.cohort.filter(|_| !stored.is_proved) {
        proofs::record(cx, &mut tx, user, cohort, ProvedBy::SignIn).await?;
    }
    tx.commit().await?;
    Ok(Verified {
        is_temporary: stored.is_temporary,
    })
}

/// What is known of a person's password; none when they have none.
///
/// # Errors
/// When the database fails.
pub async fn status(tx: &mut Tx, user: &UserId) -> Result<Option<Status>, Error> {
    let stored = store::find_password(tx, user).await?;
    Ok(stored.map(|stored| Status {
        scheme: stored.scheme,
        is_temporary: stored.is_temporary,
        is_proved: stored.is_proved,
        set_by: stored.set_by,
        imported_digest: stored.imported_digest,
        updated_at: stored.updated_at,
    }))
}

/// How a person's password is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The scheme with its costs; nothing of the hash.
    pub description: Description,
    /// Whether new passwords are kept in the same way.
    pub is_current: bool,
    /// Whether it must be replaced at the next sign-in.
    pub is_temporary: bool,
}

/// A stored password can't be told about.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// Its hash can't be opened or read.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

impl Coded for KeptError {
    fn code(&self) -> Code {
        match self {
            Self::Stored(_) => Code::INTERNAL,
            Self::Db(error) => error.code(),
        }
    }
}

/// How a person's password is kept; none when they have none.
///
/// # Errors
/// [`KeptError::Stored`] when the hash can't be read; [`KeptError::Db`] when the database fails.
pub async fn kept(cx: &Context, tx: &mut Tx, user: &UserId) -> Result<Option<Kept>, KeptError> {
    let Some(stored) = store::find_password(tx, user).await? else {
        return Ok(None);
    };
    let hash = open(cx, &stored)?;
    Ok(Some(Kept {
        description: hash.describe(),
        is_current: cx.hashing().native().is_current(&hash),
        is_temporary: stored.is_temporary,
    }))
}

/// A password may not be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It has fewer than 8 characters.
    #[error("choose a password of at least 8 characters")]
    TooShort,
    /// It has more bytes than we hash.
    #[error("choose a password of at most {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
    /// It is one of those that everybody tries first.
    #[error("this password is one of the most common ones; choose another")]
    TooCommon,
}

impl Coded for PolicyError {
    fn code(&self) -> Code {
        match self {
            Self::TooShort => Code::PASSWORD_TOO_SHORT,
            Self::TooLong => Code::PASSWORD_TOO_LONG,
            Self::TooCommon => Code::PASSWORD_TOO_COMMON,
        }
    }
}

/// Whether a person may choose this password: eight characters, not a common one, no other rule.
///
/// # Errors
/// [`PolicyError`] says which rule it breaks.
pub fn accept(cx: &Context, password: &Secret) -> Result<(), PolicyError> {
    let text = password.reveal();
    if text.chars().count() < MINIMUM_CHARACTERS {
        Err(PolicyError::TooShort)
    } else if text.len() > MAX_PASSWORD_BYTES {
        Err(PolicyError::TooLong)
    } else if cx.common_passwords().contains(text) {
        Err(PolicyError::TooCommon)
    } else {
        Ok(())
    }
}

/// A password could not be set.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// It may not be one.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Too many at once.
    #[error(transparent)]
    Busy(#[from] Busy),
}

impl Coded for HashError {
    fn code(&self) -> Code {
        match self {
            Self::Policy(error) => error.code(),
            Self::Busy(_) => Code::RATE_LIMITED,
        }
    }
}

/// The hash of a password that a person may have, for [`put`]. Slow: never called with a transaction open.
///
/// # Errors
/// [`HashError::Policy`] when the password may not be one; [`HashError::Busy`] when the hashing threads have no room.
pub async fn hash(cx: &Context, password: &Secret) -> Result<Hash, HashError> {
    accept(cx, password)?;
    Ok(cx.hashing().hash(password, cx.random_bytes()).await?)
}

/// A password to store.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// Who sets it.
    pub set_by: SetBy,
    /// Whether it must be replaced at the next sign-in.
    pub is_temporary: bool,
    /// The digest of the hash that was imported.
    imported_digest: Option<String>,
    /// With what it was imported.
    cohort: Option<Cohort>,
}

impl NewPassword {
    /// A password that lasts.
    #[must_use]
    pub fn set_by(set_by: SetBy) -> Self {
        Self {
            set_by,
            is_temporary: false,
            imported_digest: None,
            cohort: None,
        }
    }

    /// A password that must be replaced at the next sign-in.
    #[must_use]
    pub fn temporary(set_by: SetBy) -> Self {
        Self {
            is_temporary: true,
            ..Self::set_by(set_by)
        }
    }

    /// A password that came with an import.
    #[must_use]
    pub fn imported(cx: &Context, hash: &Hash, cohort: Cohort) -> Self {
        Self {
            imported_digest: Some(hex::encode(digest(cx, hash))),
            cohort: Some(cohort),
            ..Self::set_by(SetBy::Import)
        }
    }

    /// The same password in another hash.
    fn renewed(stored: &StoredPassword) -> Self {
        Self {
            is_temporary: stored.is_temporary,
            ..Self::set_by(SetBy::User)
        }
    }
}

/// What tells one imported hash from another: a keyed digest of the hash as imported, with its parameters.
///
/// Keyed, because it stays when a better hash takes the place of the imported one: without the key, whoever reads the database
/// could still test guesses against a digest of a bare MD5.
#[must_use]
pub fn digest(cx: &Context, hash: &Hash) -> [u8; 32] {
    let params = serde_json::to_string(hash.params()).unwrap_or_default();
    let text = format!("{}\n{}\n{params}", hash.scheme(), hash.encoded());
    cx.sealer().fingerprint(text.as_bytes())
}

/// Stores a person's password over their former one, and forgives their failures.
///
/// # Errors
/// When the database fails.
pub async fn put(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    hash: &Hash,
    new: &NewPassword,
) -> Result<(), Error> {
    store::put_passwords(tx, vec![(user.clone(), close(cx, hash, new))]).await?;
    lockout::forgive(cx, tx, &Subject::user(user)).await?;
    let event = Event::PasswordSet {
        user_id: user.clone(),
        by: new.set_by.as_str().to_owned(),
    };
    events::record(cx, tx, &event).await
}

/// Stores many imported passwords at once. A person named twice keeps the last one.
///
/// # Errors
/// When the database fails.
pub async fn put_imported(
    cx: &Context,
    tx: &mut Tx,
    passwords: Vec<(UserId, Hash, Cohort)>,
) -> Result<(), Error> {
    let last: HashMap<UserId, usize> = passwords
        .iter()
        .enumerate()
        .map(|(at, (user, ..))| (user.clone(), at))
        .collect();
    let rows = passwords
        .into_iter()
        .enumerate()
        .filter(|(at, (user, ..))| last.get(user) == Some(at))
        .map(|(_, (user, hash, cohort))| {
            let new = NewPassword::imported(cx, &hash, cohort);
            (user, close(cx, &hash, &new))
        })
        .collect();
    store::put_passwords(tx, rows).await
}

/// Takes a person's password away: they will be asked to choose one.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, user: &UserId) -> Result<(), Error> {
    store::delete_password(tx, user).await
}

pub(super) fn open(app: &App, stored: &StoredPassword) -> Result<Hash, StoredError> {
    let params = match &stored.params {
        None => Params::default(),
        Some(sealed) => {
            let text = app.sealer().open(PURPOSE, sealed)?;
            serde_json::from_slice(&text).map_err(|_| StoredError::Unreadable)?
        }
    };
    Hash::parse(&stored.scheme, &stored.encoded, &params).map_err(|_| StoredError::Unreadable)
}

/// The hash of a password that comes from another installation, as it is stored.
pub(super) fn close_moved(cx: &Context, hash: &Hash) -> StoredPassword {
    close(cx, hash, &NewPassword::set_by(SetBy::Import))
}

/// The parameters of a hash as they are stored; none where its text says everything.
pub(super) fn seal_params(app: &App, hash: &Hash) -> Option<String> {
    (*hash.params() != Params::default())
        .then(|| serde_json::to_string(hash.params()).unwrap_or_default())
        .map(|text| app.seal(PURPOSE, &text))
}

fn close(cx: &Context, hash: &Hash, new: &NewPassword) -> StoredPassword {
    let is_weak = hash.strength() == Strength::Weak;
    StoredPassword {
        scheme: hash.scheme().to_owned(),
        encoded: hash.encoded().to_owned(),
        params: seal_params(cx, hash),
        is_temporary: new.is_temporary,
        is_proved: false,
        imported_digest: new.imported_digest.clone(),
        set_by: new.set_by.as_str().to_owned(),
        cohort: new.cohort,
        updated_at: cx.now(),
        weak_in: is_weak.then(|| cx.environment().id.clone()),
    }
}
