//! APIs that accept our access tokens, and what applications may ask of them.
//!
//! An API is known to tokens by its audience and has scopes. An application asks for tokens for an API only once it has been
//! *authorized*; which of the API's scopes such a token may carry is chosen for each application. Both are deliberate acts:
//! authorizing gives no scope by itself.
//!
//! One API is our own, the management API ([`ensure_management_api`]). Its audience and scopes follow the program and can't
//! be edited.

pub mod admin;
pub mod api;
mod authorize;
mod catalog;
mod create;
mod delete;
mod granted;
mod management;
mod scopes;
mod store;
pub mod view;

pub use authorize::{
    AuthorizeError, authorize, authorize_wholly, disable_scope, enable_scope, set_scopes,
    unauthorize,
};
pub use create::{CreateError, NewApi, create};
pub use delete::{DeleteError, delete};
pub use granted::{AuthorizedApi, NotAuthorized, granted, select};
pub use management::{MANAGEMENT_API_NAME, ManagementError, ensure_management_api, management_api};
pub use scopes::{
    NewScope, ScopeError, add_scope, delete_scope, find_scope, scopes, scopes_of_all, update_scope,
};

use db::Tx;

use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{ApiId, ApiScopeId, ApplicationId};
use crate::time::Timestamp;

/// An API that accepts our access tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// Its id.
    pub id: ApiId,
    /// What people call it.
    pub name: String,
    /// What tokens for it name in `aud` (RFC 7519 §4.1.3).
    pub audience: String,
    /// Whether it is our own.
    pub is_management_api: bool,
    /// Since when it is registered.
    pub created_at: Timestamp,
}

/// A scope that an API knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its id.
    pub id: ApiScopeId,
    /// Whose scope it is.
    pub api_id: ApiId,
    /// Its name in tokens, such as `read:users`.
    pub key: String,
    /// What it allows, for people.
    pub description: Option<String>,
}

/// An application that is authorized for an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizedApplication {
    /// Its id.
    pub id: ApplicationId,
    /// What people call it.
    pub name: String,
    /// What it is: `reg`, `spa`, `m2m` or `device`.
    pub kind: String,
    /// How many of the API's scopes it may use.
    pub n_scopes: i64,
}

/// There is no such API, or the database failed.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// There is none with this id in the environment.
    #[error("there is no API {0}")]
    NotFound(ApiId),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for FindError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(_) => Code::API_NOT_FOUND,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Every API of the environment, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx) -> Result<Vec<Api>, db::Error> {
    store::list(tx, &cx.environment().id).await
}

/// The API with this id.
///
/// # Errors
/// [`FindError::NotFound`] when the environment has none.
pub async fn find(cx: &Context, tx: &mut Tx, id: &ApiId) -> Result<Api, FindError> {
    store::find(tx, &cx.environment().id, id)
        .await?
        .ok_or_else(|| FindError::NotFound(id.clone()))
}

/// The applications that are authorized for an API of the environment, by name.
///
/// # Errors
/// When the database fails.
pub async fn applications(
    cx: &Context,
    tx: &mut Tx,
    api: &ApiId,
) -> Result<Vec<AuthorizedApplication>, db::Error> {
    store::applications(tx, &cx.environment().id, api).await
}

/// The scopes of an API that the application may use. What belongs to another environment has none.
///
/// # Errors
/// When the database fails.
pub async fn enabled_scopes(
    cx: &Context,
    tx: &mut Tx,
    api: &ApiId,
    application: &ApplicationId,
) -> Result<Vec<ApiScopeId>, db::Error> {
    store::enabled_scopes(tx, &cx.environment().id, (api, application)).await
}

#[cfg(test)]
mod tests;
