//! The scopes of an API.

use db::Tx;

use super::create::is_key;
use super::{Api, FindError, Scope, find, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{ApiId, ApiScopeId};

/// Keys that mean something in every sign-in (OpenID Connect Core §5.4, §11), whatever the API.
const RESERVED: &[&str] = &[
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline",
    "offline_access",
];

/// A scope to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScope {
    /// Its name in tokens; it can't be changed later.
    pub key: String,
    /// What it allows, for people.
    pub description: Option<String>,
}

/// A scope was not found, added, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ScopeError {
    /// The key is empty, too long or has spaces.
    #[error("give the scope a key of 1 to 64 characters without spaces, such as read:orders")]
    Key,
    /// The key has a meaning of its own.
    #[error("{0} has a meaning of its own in every sign-in; choose a different key")]
    Reserved(String),
    /// The API has a scope with this key.
    #[error("the API has a scope {0} already")]
    KeyTaken(String),
    /// The API is our own.
    #[error("the scopes of the management API can't be changed")]
    Builtin,
    /// The API has none with this id.
    #[error("the API has no scope {0}")]
    NotFound(ApiScopeId),
    /// There is no such API.
    #[error(transparent)]
    Api(#[from] FindError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for ScopeError {
    fn code(&self) -> Code {
        match self {
            Self::Key | Self::Reserved(_) => Code::INVALID_REQUEST,
            Self::KeyTaken(_) => Code::SCOPE_KEY_TAKEN,
            Self::Builtin => Code::API_BUILTIN,
            Self::NotFound(_) => Code::SCOPE_NOT_FOUND,
            Self::Api(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The scopes of an API, by key.
///
/// # Errors
/// [`FindError::NotFound`] when the environment has no such API.
pub async fn scopes(cx: &Context, tx: &mut Tx, api: &ApiId) -> Result<Vec<Scope>, FindError> {
    find(cx, tx, api).await?;
    Ok(store::scopes(tx, api).await?)
}

/// The scopes of every API of the environment, by API and key.
///
/// # Errors
/// When the database fails.
pub async fn scopes_of_all(cx: &Context, tx: &mut Tx) -> Result<Vec<Scope>, db::Error> {
    store::scopes_of_all(tx, &cx.environment().id).await
}

/// The scope with this id.
///
/// # Errors
/// [`ScopeError::Api`] or [`ScopeError::NotFound`] when the environment has no such API, or the API no such scope.
pub async fn find_scope(
    cx: &Context,
    tx: &mut Tx,
    (api, id): (&ApiId, &ApiScopeId),
) -> Result<Scope, ScopeError> {
    find(cx, tx, api).await?;
    store::find_scope(tx, api, id)
        .await?
        .ok_or_else(|| ScopeError::NotFound(id.clone()))
}

/// Adds a scope to an API. No application may use it yet.
///
/// # Errors
/// A [`ScopeError`] for a key that can't be, and for the management API.
pub async fn add_scope(
    cx: &Context,
    tx: &mut Tx,
    api: &ApiId,
    new: NewScope,
) -> Result<Scope, ScopeError> {
    editable(&find(cx, tx, api).await?)?;
    if !is_key(&new.key) {
        return Err(ScopeError::Key);
    }
    if RESERVED.contains(&new.key.as_str()) {
        return Err(ScopeError::Reserved(new.key));
    }
    let scope = Scope {
        id: cx.new_id(),
        api_id: api.clone(),
        key: new.key,
        description: new.description,
    };
    match store::insert_scope(tx, &scope, cx.now()).await {
        Err(error) if error.is_unique_violation("api_scopes_key_key") => {
            Err(ScopeError::KeyTaken(scope.key))
        }
        other => Ok(other.map(|()| scope)?),
    }
}

/// Changes what is said of a scope.
///
/// # Errors
/// A [`ScopeError`] when there is no such scope, and for the management API.
pub async fn update_scope(
    cx: &Context,
    tx: &mut Tx,
    (api, id): (&ApiId, &ApiScopeId),
    description: Option<&str>,
) -> Result<(), ScopeError> {
    editable(&find(cx, tx, api).await?)?;
    find_scope(cx, tx, (api, id)).await?;
    Ok(store::update_scope(tx, id, description).await?)
}

/// Deletes a scope; applications that used it can't any more.
///
/// # Errors
/// A [`ScopeError`] when there is no such scope, and for the management API.
pub async fn delete_scope(
    cx: &Context,
    tx: &mut Tx,
    (api, id): (&ApiId, &ApiScopeId),
) -> Result<(), ScopeError> {
    editable(&find(cx, tx, api).await?)?;
    find_scope(cx, tx, (api, id)).await?;
    Ok(store::delete_scope(tx, id).await?)
}

fn editable(api: &Api) -> Result<(), ScopeError> {
    if api.is_management_api {
        Err(ScopeError::Builtin)
    } else {
        Ok(())
    }
}
