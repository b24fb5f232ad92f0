//! An application proves that it is the one (RFC 6749 §2.3).

use db::Tx;

use super::store::Secrets;
use super::{Kind, Lifetimes, secret, store};
use crate::apis::AuthorizedApi;
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ApplicationId;
use crate::secret::{Secret, Unsealable};

/// An application that has proved itself, with all that the token endpoint needs of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ApplicationId,
    /// What it is.
    pub kind: Kind,
    /// How long what it gets is valid.
    pub lifetimes: Lifetimes,
    /// The APIs for which it is authorized; [`crate::apis::select`] picks from them.
    pub apis: Vec<AuthorizedApi>,
}

/// The application did not prove itself.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// There is no such application, its secret is another one, or it sent none and has one. Which of them is not told.
    #[error("the client is unknown, or its secret is wrong")]
    Refused,
    /// The stored secret doesn't open.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for AuthenticateError {
    fn code(&self) -> Code {
        match self {
            Self::Refused => Code::INVALID_CLIENT,
            Self::Unsealable(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The application with this id, if it proves to be it: with its secret, or the previous one where a rotation kept that; a
/// kind that keeps no secret, by sending none. One query, since each token of a machine begins here.
///
/// # Errors
/// [`AuthenticateError::Refused`] when it doesn't.
pub async fn authenticate(
    cx: &Context,
    tx: &mut Tx,
    id: &ApplicationId,
    presented: Option<&Secret>,
) -> Result<Client, AuthenticateError> {
    let rows = store::client(tx, &cx.environment().id, id).await?;
    let first = rows.first().ok_or(AuthenticateError::Refused)?;
    let is_proved = match presented {
        Some(presented) => matches_any(cx, &first.secrets, presented)?,
        None => !first.kind.has_secret(),
    };
    if !is_proved {
        return Err(AuthenticateError::Refused);
    }
    Ok(Client {
        id: id.clone(),
        kind: first.kind,
        lifetimes: first.lifetimes,
        apis: rows.into_iter().filter_map(|row| row.api).collect(),
    })
}

/// Whether one of the secrets was presented. Looks at both, whichever it is.
fn matches_any(cx: &Context, secrets: &Secrets, presented: &Secret) -> Result<bool, Unsealable> {
    let mut is_match = false;
    for sealed in [&secrets.current, &secrets.previous].into_iter().flatten() {
        is_match |= secret::open(cx, sealed)? == *presented;
    }
    Ok(is_match)
}
