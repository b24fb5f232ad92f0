//! Changing a person's profile.

use db::Tx;

use super::{NotFound, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::UserId;

/// What is to be changed of a profile; the outer `None` leaves it as it is, the inner one takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// First name.
    pub given_name: Option<Option<String>>,
    /// Last name.
    pub family_name: Option<Option<String>>,
    /// Address of a portrait.
    pub picture: Option<Option<String>>,
    /// The language that they read, a BCP 47 tag.
    pub locale: Option<Option<String>>,
    /// The id in the former system.
    pub provided_id: Option<Option<String>>,
    /// What the former system knew besides, a JSON object.
    pub properties: Option<Option<String>>,
}

/// Why a profile was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// There is no such person.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// Somebody else has the provided id.
    #[error("another user has this provided id")]
    ProvidedIdTaken,
    /// The database failed.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for UpdateError {
    fn from(error: db::Error) -> Self {
        if error.is_unique_violation("users_provided_id_key") {
            Self::ProvidedIdTaken
        } else {
            Self::Db(error)
        }
    }
}

impl Coded for UpdateError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::ProvidedIdTaken => Code::PROVIDED_ID_TAKEN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Changes a person's profile. What is as it should be is no change, and no event tells of it.
///
/// # Errors
/// [`UpdateError`], one variant for each reason.
pub async fn update(
    cx: &Context,
    tx: &mut Tx,
    id: &UserId,
    changes: Changes,
) -> Result<(), UpdateError> {
    let before = store::find(tx, cx, id).await?.ok_or(NotFound)?;
    let mut user = before.clone();
    if let Some(given_name) = changes.given_name {
        user.given_name = given_name;
    }
    if let Some(family_name) = changes.family_name {
        user.family_name = family_name;
    }
    if let Some(picture) = changes.picture {
        user.picture = picture;
    }
    if let Some(locale) = changes.locale {
        user.locale = locale;
    }
    if let Some(provided_id) = changes.provided_id {
        user.provided_id = provided_id;
    }
    if let Some(properties) = changes.properties {
        user.properties = properties;
    }
    if user == before {
        return Ok(());
    }
    store::update_profile(tx, cx, &user).await?;
    let event = Event::UserUpdated {
        user_id: id.clone(),
    };
    Ok(events::record(cx, tx, &event).await?)
}
