//! The grant: what one sign-in gave one application.

use oauth::Scopes;

use crate::id::{ApplicationId, GrantId, OrganizationId, SessionId, UserId};
use crate::time::Timestamp;

/// What one sign-in gave one application. All its tokens fall with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The application.
    pub application_id: ApplicationId,
    /// The person.
    pub user_id: UserId,
    /// The browser session in which it was given. When that is ended, the grant is gone; when it just expires, the grant
    /// lives on.
    pub session_id: SessionId,
    /// The organization that the person signed in to.
    pub organization_id: Option<OrganizationId>,
    /// What the application may know and do.
    pub scopes: Scopes,
    /// The APIs that it asked to call.
    pub audiences: Vec<String>,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
}

/// Who signed in, as far as it concerns an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub user_id: UserId,
    /// The browser session.
    pub session_id: SessionId,
    /// The organization that they signed in to.
    pub organization_id: Option<OrganizationId>,
    /// When they last proved who they are.
    pub authenticated_at: Timestamp,
}
