//! Which applications may ask for tokens for an API, and with which scopes.

use db::Tx;

use super::{FindError, ScopeError, find, find_scope, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{ApiId, ApiScopeId, ApplicationId};

/// What an application may ask for was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// There is no such application.
    #[error("there is no application {0}")]
    Application(ApplicationId),
    /// The application must be authorized first.
    #[error("the application is not authorized for the API; authorize it first")]
    NotAuthorized,
    /// There is no such API.
    #[error(transparent)]
    Api(#[from] FindError),
    /// There is no such scope.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for AuthorizeError {
    fn code(&self) -> Code {
        match self {
            Self::Application(_) => Code::APPLICATION_NOT_FOUND,
            Self::NotAuthorized => Code::APPLICATION_NOT_AUTHORIZED,
            Self::Api(error) => error.code(),
            Self::Scope(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Lets the application ask for tokens for the API, without any scope as yet. Tells whether it couldn't before.
///
/// # Errors
/// [`AuthorizeError::Api`] or [`AuthorizeError::Application`] when the environment has no such one.
pub async fn authorize(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<bool, AuthorizeError> {
    both_exist(cx, tx, (api, application)).await?;
    Ok(store::authorize(tx, (api, application), cx.now()).await?)
}

/// Lets the application ask for tokens for the API with every scope that the API has now. Can be repeated.
///
/// # Errors
/// As [`authorize`].
pub async fn authorize_wholly(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<(), AuthorizeError> {
    authorize(cx, tx, (api, application)).await?;
    Ok(store::enable_all_scopes(tx, (api, application), cx.now()).await?)
}

/// Ends it, and forgets which scopes the application could use. Tells whether it was authorized. Tokens that are out live
/// until they expire.
///
/// # Errors
/// As [`authorize`].
pub async fn unauthorize(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<bool, AuthorizeError> {
    both_exist(cx, tx, (api, application)).await?;
    Ok(store::unauthorize(tx, (api, application)).await?)
}

/// Lets an authorized application use a scope of the API. Can be repeated.
///
/// # Errors
/// [`AuthorizeError::NotAuthorized`] when the application isn't; else as [`authorize`], and [`AuthorizeError::Scope`] when the
/// API has no such scope.
pub async fn enable_scope(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
    scope: &ApiScopeId,
) -> Result<(), AuthorizeError> {
    authorized(cx, tx, (api, application)).await?;
    find_scope(cx, tx, (api, scope)).await?;
    Ok(store::enable_scope(tx, (application, scope), cx.now()).await?)
}

/// Forbids the application a scope of the API. Can be repeated.
///
/// # Errors
/// As [`enable_scope`].
pub async fn disable_scope(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
    scope: &ApiScopeId,
) -> Result<(), AuthorizeError> {
    authorized(cx, tx, (api, application)).await?;
    find_scope(cx, tx, (api, scope)).await?;
    Ok(store::disable_scope(tx, (application, scope)).await?)
}

/// Lets an authorized application use these scopes of the API, and no other of its scopes.
///
/// # Errors
/// As [`enable_scope`].
pub async fn set_scopes(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
    wanted: &[ApiScopeId],
) -> Result<(), AuthorizeError> {
    authorized(cx, tx, (api, application)).await?;
    let known = store::scopes(tx, api).await?;
    if let Some(stranger) = wanted
        .iter()
        .find(|id| known.iter().all(|scope| scope.id != **id))
    {
        return Err(ScopeError::NotFound(stranger.clone()).into());
    }
    store::disable_all_scopes(tx, (api, application)).await?;
    for scope in wanted {
        store::enable_scope(tx, (application, scope), cx.now()).await?;
    }
    Ok(())
}

async fn both_exist(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<(), AuthorizeError> {
    find(cx, tx, api).await?;
    if store::has_application(tx, &cx.environment().id, application).await? {
        Ok(())
    } else {
        Err(AuthorizeError::Application(application.clone()))
    }
}

async fn authorized(
    cx: &Context,
    tx: &mut Tx,
    (api, application): (&ApiId, &ApplicationId),
) -> Result<(), AuthorizeError> {
    both_exist(cx, tx, (api, application)).await?;
    if store::is_authorized(tx, (api, application)).await? {
        Ok(())
    } else {
        Err(AuthorizeError::NotAuthorized)
    }
}
