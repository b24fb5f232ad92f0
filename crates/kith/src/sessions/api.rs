//! The management API of sessions.

use axum::extract::Path;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::Session;
use crate::context::Context;
use crate::http::{Caller, Json, Result, Success};
use crate::id::UserId;
use crate::routes;
use crate::users::{self, User};

crate::scopes! {
    ReadUserSessions = "read:user_sessions";
    DeleteUserSessions = "delete:user_sessions";
}

/// The operations.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(get_user_sessions, delete_user_sessions))
}

/// The sessions of a user.
#[derive(Serialize, ToSchema)]
#[schema(as = get_user_sessions_response)]
struct UserSessions {
    #[serde(flatten)]
    success: Success,
    /// Always false: a user's sessions come all at once.
    has_more: bool,
    /// The sessions, newest first.
    sessions: Vec<Listed>,
}

/// A browser in which somebody is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = user_session)]
struct Listed {
    /// Who is signed in.
    #[schema(example = "kp_5fc30d0547734f30aca617450202169f")]
    user_id: String,
    /// The organization that an application was last signed in to.
    org_code: Option<String>,
    /// The application where the sign-in began; none for the dashboard.
    client_id: Option<String>,
    /// When it ends if it is not used.
    #[schema(format = "date-time")]
    expires_on: String,
    /// Its id.
    session_id: String,
    /// When it began.
    #[schema(format = "date-time")]
    started_on: String,
    /// When it was last used.
    #[schema(format = "date-time")]
    updated_on: String,
    /// The connection by which the person signed in; none for a password or a code.
    connection_id: Option<String>,
    /// The address from which it was last used.
    last_ip_address: String,
    /// The browser in which it was last used.
    last_user_agent: String,
    /// The address from which it began.
    initial_ip_address: String,
    /// The browser in which it began.
    initial_user_agent: String,
}

impl From<Session> for Listed {
    fn from(session: Session) -> Self {
        Self {
            user_id: session.user_id.to_string(),
            org_code: session.organization_id.map(String::from),
            client_id: session.application_id.map(String::from),
            expires_on: session.idle_expires_at.min(session.expires_at).iso(),
            session_id: session.id.to_string(),
            started_on: session.created_at.iso(),
            updated_on: session.last_seen_at.iso(),
            connection_id: None,
            last_ip_address: session.last_ip,
            last_user_agent: session.last_user_agent,
            initial_ip_address: session.initial_ip,
            initial_user_agent: session.initial_user_agent,
        }
    }
}

/// Get user sessions
///
/// The browsers in which a user is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/users/{user_id}/sessions",
    operation_id = "GetUserSessions",
    tag = "Users",
    params(("user_id" = String, Path, description = "The user's id.")),
    responses((status = 200, description = "The user's sessions.", body = UserSessions)),
    security(("kindeBearerAuth" = ["read:user_sessions"]))
)]
async fn get_user_sessions(
    Caller { cx, .. }: Caller<ReadUserSessions>,
    Path(user_id): Path<String>,
) -> Result<Json<UserSessions>> {
    let mut tx = cx.db().read().await?;
    let user = find_user(&cx, &mut tx, &user_id).await?;
    let sessions = super::list(&cx, &mut tx, &user.id).await?;
    Ok(Json(UserSessions {
        success: Success::default(),
        has_more: false,
        sessions: sessions.into_iter().map(Listed::from).collect(),
    }))
}

/// Delete user sessions
///
/// Signs a user out of every browser, and takes back the tokens that applications were given there.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{user_id}/sessions",
    operation_id = "DeleteUserSessions",
    tag = "Users",
    params(("user_id" = String, Path, description = "The user's id.")),
    responses((status = 200, description = "The user is signed out everywhere.", body = Success)),
    security(("kindeBearerAuth" = ["delete:user_sessions"]))
)]
async fn delete_user_sessions(
    Caller { cx, .. }: Caller<DeleteUserSessions>,
    Path(user_id): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    let user = find_user(&cx, &mut tx, &user_id).await?;
    super::end_all(&cx, &mut tx, &user.id).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

async fn find_user(cx: &Context, tx: &mut db::Tx, id: &str) -> Result<User> {
    let id: UserId = id.parse().map_err(|_| users::NotFound)?;
    Ok(users::find(cx, tx, &id).await?.ok_or(users::NotFound)?)
}
