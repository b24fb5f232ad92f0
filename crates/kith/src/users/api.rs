//! The management API of people.

mod body;
mod create;
mod identities;
mod people;
mod search;

use std::result::Result;

use utoipa_axum::router::OpenApiRouter;

use super::{IdentityNotFound, NotFound};
use crate::http::routing::patch;
use crate::id::{IdentityId, UserId};
use crate::routes;

crate::scopes! {
    ReadUsers = "read:users";
    CreateUsers = "create:users";
    UpdateUsers = "update:users";
    DeleteUsers = "delete:users";
    ReadUserIdentities = "read:user_identities";
    CreateUserIdentities = "create:user_identities";
    ReadIdentities = "read:identities";
    UpdateIdentities = "update:identities";
    DeleteIdentities = "delete:identities";
}

/// The operations.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(people::get_users))
        .routes(routes!(
            people::get_user_data,
            create::create_user,
            people::update_user,
            people::delete_user
        ))
        // A guide to moving writes the id into the path. One operation, so the API document has the usual address alone.
        .route("/api/v1/users/{user_id}", patch(people::update_user_at))
        .routes(routes!(
            identities::get_user_identities,
            identities::create_user_identity
        ))
        .routes(routes!(
            identities::get_identity,
            identities::update_identity,
            identities::delete_identity
        ))
        .routes(routes!(search::search_users))
}

/// The id in a request; what is no id is nobody's.
fn parse_user(id: &str) -> Result<UserId, NotFound> {
    id.parse().map_err(|_| NotFound)
}

/// The id in a request; what is no id is nobody's.
fn parse_identity(id: &str) -> Result<IdentityId, IdentityNotFound> {
    id.parse().map_err(|_| IdentityNotFound)
}
