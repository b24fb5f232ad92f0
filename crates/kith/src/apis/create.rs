//! Registering an API.

use db::Tx;

use super::{Api, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};

/// The most characters that a name, an audience or the key of a scope has.
pub(super) const MAX_LENGTH: usize = 64;

/// An API to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApi {
    /// What people call it.
    pub name: String,
    /// What tokens for it name in `aud`; it can't be changed later.
    pub audience: String,
}

/// The API was not registered.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The name is empty or too long.
    #[error("give the API a name of 1 to 64 characters")]
    Name,
    /// The audience is empty, too long or has spaces.
    #[error(
        "give the API an audience of 1 to 64 characters without spaces, such as https://api.example.com"
    )]
    Audience,
    /// The audience is another API's.
    #[error("another API has the audience {0}; choose a different one")]
    AudienceTaken(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for CreateError {
    fn code(&self) -> Code {
        match self {
            Self::Name | Self::Audience => Code::INVALID_REQUEST,
            Self::AudienceTaken(_) => Code::AUDIENCE_TAKEN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Registers an API in the environment. It has no scopes yet, and no application is authorized for it.
///
/// # Errors
/// A [`CreateError`] for a name or an audience that can't be.
pub async fn create(cx: &Context, tx: &mut Tx, new: NewApi) -> Result<Api, CreateError> {
    let name = new.name.trim().to_owned();
    if !(1..=MAX_LENGTH).contains(&name.chars().count()) {
        return Err(CreateError::Name);
    }
    if !is_key(&new.audience) {
        return Err(CreateError::Audience);
    }
    let api = Api {
        id: cx.new_id(),
        name,
        audience: new.audience,
        is_management_api: false,
        created_at: cx.now(),
    };
    match store::insert(tx, &cx.environment().id, &api).await {
        Err(error) if error.is_unique_violation("apis_audience_key") => {
            return Err(CreateError::AudienceTaken(api.audience));
        }
        other => other?,
    }
    let event = Event::ApiCreated {
        api_id: api.id.clone(),
    };
    events::record(cx, tx, &event).await?;
    Ok(api)
}

/// Whether the text may stand in a list that is separated by spaces, as audiences and scopes do in requests and tokens.
pub(super) fn is_key(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.chars().count())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
