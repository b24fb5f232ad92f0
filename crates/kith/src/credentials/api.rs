//! Management operations on credentials.

use axum::extract::Path;
use password::{Hash, Params};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::password::{self as passwords, NewPassword, SetBy};
use crate::error::Code;
use crate::http::{Caller, Failure, Json, Result, Success};
use crate::id::UserId;

use crate::routes;
use crate::secret::Secret;
use crate::{scopes, sessions, users};

scopes! {
    UpdateUserPasswords = "update:user_passwords";
}

/// The operations of this slice.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(set_user_password))
}

/// A password: either a hash with its method, or the password itself.
#[derive(Deserialize, ToSchema)]
struct PasswordBody {
    /// The password's hash, as the former system stored it.
    hashed_password: Option<String>,
    /// The method of the hash: bcrypt (the default), crypt, md5, sha256, wordpress, pbkdf2, argon2 and others.
    hashing_method: Option<String>,
    /// The password itself, where the caller has it. It is hashed at once.
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
    /// Whether the person must choose another one at the next sign-in.
    is_temporary_password: Option<bool>,
    /// Salt, position and the other parameters of the hash.
    #[serde(flatten)]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    params: Params,
}

/// Set user password
///
/// Stores a person's password, from the hash that another system made or from the password itself. The person isn't told.
#[utoipa::path(
    put,
    path = "/api/v1/users/{user_id}/password",
    operation_id = "SetUserPassword",
    tag = "Users",
    params(("user_id" = String, Path, description = "The user's id.")),
    request_body = PasswordBody,
    responses((status = 200, description = "The password was set.", body = Success)),
    security(("kindeBearerAuth" = ["update:user_passwords"]))
)]
async fn set_user_password(
    caller: Caller<UpdateUserPasswords>,
    Path(user_id): Path<String>,
    Json(body): Json<PasswordBody>,
) -> Result<Json<Success>> {
    let cx = caller.cx;
    let missing = || Failure::new(Code::USER_NOT_FOUND, "there is no user with this id");
    let user_id: UserId = user_id.parse().map_err(|_| missing())?;
    users::find(&cx, &mut cx.db().read().await?, &user_id)
        .await?
        .ok_or_else(missing)?;
    let hash = match (&body.hashed_password, &body.password) {
        (Some(encoded), None) => {
            let method = body
                .hashing_method
                .as_deref()
                .filter(|method| !method.is_empty())
                .unwrap_or("bcrypt");
            Hash::parse(method, encoded, &body.params).map_err(|error| {
                Failure::new(
                    Code::INVALID_PASSWORD_HASH,
                    format!("{}: {error}", error.code()),
                )
            })?
        }
        (None, Some(password)) => passwords::hash(&cx, password).await?,
        _ => {
            return Err(Failure::new(
                Code::INVALID_REQUEST,
                "send either `hashed_password` or `password`",
            ));
        }
    };
    let is_temporary = body.is_temporary_password.unwrap_or(false);
    let new = if is_temporary {
        NewPassword::temporary(SetBy::Api)
    } else {
        NewPassword::set_by(SetBy::Api)
    };
    let mut tx = cx.db().begin().await?;
    passwords::put(&cx, &mut tx, &user_id, &hash, &new).await?;
    // Whoever knew the old password is signed out.
    sessions::end_all(&cx, &mut tx, &user_id).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}
