//! What applications hold: authorization codes, refresh tokens, access tokens; and the grants that they hang on.
//!
//! A [`Grant`] is what one sign-in gave one application. A code begins it, each refresh token continues it, each access
//! token is its copy for a while. Whatever ends the grant ends them all: its session is ended ([`crate::sessions`]), the
//! person is suspended or deleted, a code or an old refresh token comes a second time, the application is deleted.
//!
//! ```text
//! issue_code ─▶ redeem_code ─▶ refresh ─▶ refresh ─▶ …      each gives an access token, and an ID token
//!     one minute     once        once       once           (a parallel request within GRACE counts as the same use)
//! ```
//!
//! The database keeps digests of codes and refresh tokens, never the texts, and of an access token its name (`jti`). The
//! tokens themselves are signed after the transaction is over: a signature costs more than everything else here, and
//! SQLite has one writer.
//!
//! Machines ([`for_machine`]) have no grant: nothing is written for their tokens, which live an hour and carry what the
//! application was allowed at that moment. One that must die sooner is written down as revoked.

mod store;

mod grant;
mod issue;

mod extend;

mod introspect;
mod issue_code;
mod machine;
mod redeem_code;
mod refresh;
mod revoke;
mod verify;

pub mod bearer;

#[cfg(test)]
pub(crate) mod tests;

use std::time::Duration;

pub use grant::{Grant, SignedIn};
pub use introspect::{Asker, Introspection, introspect};
pub use issue::{Tokens, person};
pub use issue_code::issue_code;
pub use machine::for_machine;
pub use redeem_code::{Redemption, redeem_code};
pub use refresh::refresh;
pub use revoke::{RevokeError, revoke};
pub use verify::{PersonToken, TokenError, Verified, verify};

use oauth::{ErrorCode, OAuthError};

use crate::context::App;
use crate::error::{Code, Coded};
use crate::keys::KeysError;
use crate::workflows::FireError;

/// How long a code waits to be redeemed: RFC 6749 §4.1.2 allows ten minutes, a redirect takes a second.
pub const CODE_LIFETIME: Duration = Duration::from_mins(1);

/// For how long a used refresh token still answers: an application on several servers, or with several tabs, refreshes
/// more than once at the same moment, and an answer may get lost on its way.
pub const GRACE: Duration = Duration::from_secs(30);

/// The longest that a grant lives, however often it is refreshed: OWASP ASVS 5.0, 10.4.8, wants an end.
pub const GRANT_LIFETIME: Duration = Duration::from_hours(365 * 24);

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The application asked for what it can't have; in the words of the protocol.
    #[error(transparent)]
    Refused(#[from] OAuthError),
    /// There is no key to sign with.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The key did not sign.
    #[error(transparent)]
    Sign(#[from] oauth::jwt::SignError),
    /// A workflow failed and stops the flow, or could not be run.
    #[error(transparent)]
    Workflow(#[from] FireError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl GrantError {
    /// `invalid_grant`, with what to do (RFC 6749 §5.2).
    fn invalid(description: &'static str) -> Self {
        OAuthError::new(ErrorCode::InvalidGrant, description).into()
    }
}

impl Coded for GrantError {
    fn code(&self) -> Code {
        match self {
            Self::Refused(_) => Code::INVALID_REQUEST,
            Self::Keys(error) => error.code(),
            Self::Sign(_) => Code::INTERNAL,
            Self::Workflow(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// Deletes what has expired, of every environment.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(app: &App) -> Result<(), db::Error> {
    let mut tx = app.db().begin().await?;
    store::delete_expired(&mut tx, app.now()).await?;
    tx.commit().await
}
