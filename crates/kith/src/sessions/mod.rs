//! Browser sessions: who is signed in where (single sign-on).
//!
//! A session is a random token in a cookie; the database keeps its SHA-256. It ends after a time without use, after thirty days
//! at the latest, when it is ended, or at once when its person is suspended or deleted: every look-up asks for the person's
//! state. A new sign-in always makes a new token, so a token planted beforehand is worth nothing.
//!
//! What applications were given in a session hangs on its row ([`crate::tokens`]). Ending a session deletes the row and so
//! takes all that away; a session that has merely expired keeps its row for as long as an application still holds something.

mod store;

pub mod api;

use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::Response;
use db::{Error, Tx};

use crate::context::{App, Context};
use crate::http::Client;
use crate::http::browser::{add_cookie, cookie, cookie_name, read_cookie};
use crate::id::{ApplicationId, OrganizationId, SessionId, UserId};
use crate::secret::Secret;
use crate::time::Timestamp;

/// The longest that a session lives, whatever its use: OWASP ASVS 5.0, 7.3.2.
pub const ABSOLUTE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// How long a session lives without use, where the application says nothing else.
pub const IDLE_LIFETIME: Duration = Duration::from_hours(24);

/// A use is written down at most this often: each page would else be a write.
const TOUCH_INTERVAL: Duration = Duration::from_mins(1);

/// A browser in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// Where the sign-in began.
    pub application_id: Option<ApplicationId>,
    /// The organization that an application last got a code for.
    pub organization_id: Option<OrganizationId>,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest if it is not used.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// The address from which it began.
    pub initial_ip: String,
    /// The browser in which it began.
    pub initial_user_agent: String,
    /// The address from which it was last used.
    pub last_ip: String,
    /// The browser in which it was last used.
    pub last_user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    is_persistent: bool,
}

/// A session that has just begun, with the token for its cookie.
pub struct Started {
    /// The session.
    pub id: SessionId,
    /// The cookie's value.
    pub token: Secret,
    is_persistent: bool,
}

impl Started {
    /// Sets the session's cookie on the answer.
    pub fn remember(&self, cx: &Context, response: &mut Response) {
        let age = self.is_persistent.then_some(ABSOLUTE_LIFETIME.as_secs());
        add_cookie(
            response,
            &cookie(
                &cookie_name(cx, "session"),
                self.token.reveal(),
                cx.environment().is_https(),
                age,
            ),
        );
    }
}

/// Begins a session in the browser of `client`. A persistent one outlives the browser's end.
///
/// # Errors
/// When the database fails.
pub async fn start(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    application: Option<&ApplicationId>,
    client: &Client,
    is_persistent: bool,
) -> Result<Started, Error> {
    let token = cx.random_token();
    let now = cx.now();
    let session = Session {
        id: cx.new_id(),
        user_id: user.clone(),
        application_id: application.cloned(),
        organization_id: None,
        authenticated_at: now,
        last_seen_at: now,
        idle_expires_at: now + IDLE_LIFETIME,
        expires_at: now + ABSOLUTE_LIFETIME,
        initial_ip: client.address.to_string(),
        initial_user_agent: client.user_agent.clone(),
        last_ip: client.address.to_string(),
        last_user_agent: client.user_agent.clone(),
        created_at: now,
        is_persistent,
    };
    store::insert(tx, cx, &session, &token.digest()).await?;
    Ok(Started {
        id: session.id,
        token,
        is_persistent,
    })
}

/// The living session of the browser that sent these headers, whose person may sign in.
///
/// # Errors
/// When the database fails.
pub async fn find(
    cx: &Context,
    tx: &mut Tx,
    headers: &HeaderMap,
) -> Result<Option<Session>, Error> {
    match read_cookie(headers, &cookie_name(cx, "session")) {
        Some(token) => store::find_living(tx, cx, &Secret::new(token).digest()).await,
        None => Ok(None),
    }
}

/// The living session with this id.
///
/// # Errors
/// When the database fails.
pub async fn find_by_id(
    cx: &Context,
    tx: &mut Tx,
    id: &SessionId,
) -> Result<Option<Session>, Error> {
    store::find_living_by_id(tx, cx, id).await
}

/// Writes down that the session is in use, which postpones its end. Opens its own transaction, and only once a minute.
///
/// # Errors
/// When the database fails.
pub async fn touch(cx: &Context, session: &Session, client: &Client) -> Result<(), Error> {
    if cx.now().since(session.last_seen_at) < TOUCH_INTERVAL {
        return Ok(());
    }
    let mut tx = cx.db().begin().await?;
    store::touch(&mut tx, session, cx.now(), cx.now() + IDLE_LIFETIME, client).await?;
    tx.commit().await
}

/// Writes down that an application used the session on its person's behalf: that postpones its end, and says nothing about
/// the browser. At most once a minute.
///
/// # Errors
/// When the database fails.
pub async fn prolong(cx: &Context, tx: &mut Tx, id: &SessionId) -> Result<(), Error> {
    let now = cx.now();
    store::prolong(tx, cx, id, (now - TOUCH_INTERVAL, now + IDLE_LIFETIME)).await
}

/// Ends one session, and takes away what applications were given in it.
///
/// # Errors
/// When the database fails.
pub async fn end(cx: &Context, tx: &mut Tx, id: &SessionId) -> Result<(), Error> {
    store::delete(tx, cx, id).await
}

/// Ends every session of a person with what applications were given in them: after a change of the password, say. Returns how
/// many there were.
///
/// # Errors
/// When the database fails.
pub async fn end_all(cx: &Context, tx: &mut Tx, user: &UserId) -> Result<u64, Error> {
    store::delete_all(tx, cx, user).await
}

/// The living sessions of a person, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx, user: &UserId) -> Result<Vec<Session>, Error> {
    store::list(tx, cx, user).await
}

/// Takes the session's cookie away.
pub fn forget_cookie(cx: &Context, response: &mut Response) {
    add_cookie(
        response,
        &cookie(
            &cookie_name(cx, "session"),
            "",
            cx.environment().is_https(),
            Some(0),
        ),
    );
}

/// Deletes the sessions that have expired and gave nothing that lives on.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(app: &App) -> Result<(), Error> {
    let mut tx = app.db().begin().await?;
    store::delete_expired(&mut tx, app.now()).await?;
    tx.commit().await
}
