//! Our own API: the management API.

use db::Tx;

use super::{Api, Scope, catalog, store};
use crate::context::Context;
use crate::error::{Code, Coded};

/// What people call it.
pub const MANAGEMENT_API_NAME: &str = "Kith Management API";

/// The management API could not be made or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum ManagementError {
    /// Another API has the audience that the management API needs.
    #[error(
        "another API has the audience {0}, which is the management API's at this `public_url`; delete that API or choose another `public_url`"
    )]
    AudienceTaken(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for ManagementError {
    fn code(&self) -> Code {
        match self {
            Self::AudienceTaken(_) => Code::AUDIENCE_TAKEN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Makes the environment's management API where it is missing, gives it every scope of this version, and lets its audience
/// follow the environment's address: after a change of `public_url` clients ask for the new audience. Can be repeated, also
/// by two nodes at once. Scopes that a newer version knew stay.
///
/// # Errors
/// [`ManagementError::AudienceTaken`] when somebody registered an API under its audience.
pub async fn ensure_management_api(cx: &Context) -> Result<(), ManagementError> {
    let environment = cx.environment();
    let audience = format!("{}/api", environment.base_url);
    let mut tx = cx.db().begin().await?;
    let missing = Api {
        id: cx.new_id(),
        name: MANAGEMENT_API_NAME.to_owned(),
        audience: audience.clone(),
        is_management_api: true,
        created_at: cx.now(),
    };
    let taken = |error: db::Error| {
        if error.is_unique_violation("apis_audience_key") {
            ManagementError::AudienceTaken(audience.clone())
        } else {
            error.into()
        }
    };
    store::insert_management_api(&mut tx, &environment.id, &missing)
        .await
        .map_err(taken)?;
    let api = store::management_api(&mut tx, &environment.id)
        .await?
        .ok_or(db::Error::NotFound)?;
    if api.audience != audience {
        store::set_audience(&mut tx, &api.id, &audience)
            .await
            .map_err(taken)?;
    }
    let scopes = catalog::SCOPES
        .iter()
        .map(|key| Scope {
            id: cx.new_id(),
            api_id: api.id.clone(),
            key: (*key).to_owned(),
            description: Some(catalog::describe(key)),
        })
        .collect();
    store::insert_missing_scopes(&mut tx, scopes, cx.now()).await?;
    Ok(tx.commit().await?)
}

/// The environment's management API; none where [`ensure_management_api`] was never called.
///
/// # Errors
/// When the database fails.
pub async fn management_api(cx: &Context, tx: &mut Tx) -> Result<Option<Api>, db::Error> {
    store::management_api(tx, &cx.environment().id).await
}
