//! What happened, written in the transaction that made it happen.
//!
//! A slice records an event in its own transaction; nobody who writes one knows who reads it. So nothing is ever "saved, but
//! not told", and what was rolled back was never said. Events hold ids, never secrets.

mod store;

use std::collections::HashMap;

use db::{Error, Tx};
use serde::Serialize;

use crate::context::Context;
use crate::id::{ApiId, ApplicationId, EventId, ImportRunId, OrganizationId, UserId};
use crate::paging::{Page, Wanted};
use crate::time::Timestamp;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are the ids of what the variant's sentence names"
)]
pub enum Event {
    /// A person was created, one by one. Imports don't say it for each.
    UserCreated { user_id: UserId, source: String },
    /// A person's profile, identities or state changed.
    UserUpdated { user_id: UserId },
    /// A person was suspended.
    UserSuspended { user_id: UserId },
    /// A person's suspension ended.
    UserUnsuspended { user_id: UserId },
    /// A person was deleted.
    UserDeleted { user_id: UserId },
    /// A person signed in.
    UserAuthenticated { user_id: UserId, method: String },
    /// Somebody failed to sign in as this person.
    UserAuthenticationFailed { user_id: UserId, method: String },
    /// A person's password was set or changed.
    PasswordSet { user_id: UserId, by: String },
    /// A person proved to own an address.
    IdentityVerified { user_id: UserId, identity: String },
    /// An organization was created.
    OrganizationCreated { organization_id: OrganizationId },
    /// An organization was deleted.
    OrganizationDeleted { organization_id: OrganizationId },
    /// An application was created.
    ApplicationCreated { application_id: ApplicationId },
    /// An application was deleted.
    ApplicationDeleted { application_id: ApplicationId },
    /// An application's secret was replaced.
    ApplicationSecretRotated { application_id: ApplicationId },
    /// An application's settings changed.
    ApplicationUpdated { application_id: ApplicationId },
    /// An API was registered.
    ApiCreated { api_id: ApiId },
    /// An API was deleted.
    ApiDeleted { api_id: ApiId },
    /// An import began.
    #[serde(rename = "import.run.started")]
    ImportStarted { run_id: ImportRunId },
    /// An import was stopped; it can go on.
    #[serde(rename = "import.run.stopped")]
    ImportStopped { run_id: ImportRunId },
    /// An import that was stopped goes on.
    #[serde(rename = "import.run.resumed")]
    ImportResumed { run_id: ImportRunId },
    /// An import ended: every row of it was dealt with.
    #[serde(rename = "import.run.finished")]
    ImportFinished { run_id: ImportRunId },
    /// Somebody asked for an export: of what, in which format, and whether password hashes came along.
    Exported {
        what: String,
        format: String,
        with_passwords: bool,
    },
    /// An import could not go on.
    #[serde(rename = "import.run.failed")]
    ImportFailed { run_id: ImportRunId },
    /// An import was called off before its end. What it had written stays.
    #[serde(rename = "import.run.cancelled")]
    ImportCancelled { run_id: ImportRunId },
    /// An import was undone.
    #[serde(rename = "import.run.undone")]
    ImportUndone { run_id: ImportRunId },
}

impl Event {
    /// The person whom it concerns.
    #[must_use]
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::UserCreated { user_id, .. }
            | Self::UserUpdated { user_id }
            | Self::UserSuspended { user_id }
            | Self::UserUnsuspended { user_id }
            | Self::UserDeleted { user_id }
            | Self::UserAuthenticated { user_id, .. }
            | Self::UserAuthenticationFailed { user_id, .. }
            | Self::PasswordSet { user_id, .. }
            | Self::IdentityVerified { user_id, .. } => Some(user_id),
            _ => None,
        }
    }
}

/// An event as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: EventId,
    /// What happened, such as `user_authenticated`.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
}

/// Records the event in the caller's transaction; one that concerns a single person not while a batch of an import is written.
///
/// # Errors
/// When the database fails.
///
/// # Panics
/// Never: an event is plain data and serializes.
pub async fn record(cx: &Context, tx: &mut Tx, event: &Event) -> Result<(), Error> {
    if cx.is_in_batch() && event.user_id().is_some() {
        return Ok(());
    }
    let json = serde_json::to_value(event).expect("an event is plain data");
    let kind = json["kind"].as_str().expect("an event has a kind");
    let payload = json["payload"].to_string();
    store::insert(tx, cx, &cx.new_id(), (kind, event.user_id(), &payload)).await
}

/// What somebody has done to a person, as far as newer exports must not take it back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Edits {
    /// The profile, identities or properties were changed.
    pub is_updated: bool,
    /// A suspension was lifted.
    pub is_unsuspended: bool,
}

/// Who of these people was changed one by one, by themselves or by the team. Imports record no event for a person, so what
/// they change is not in it. Who was not changed is missing.
///
/// # Errors
/// When the database fails.
pub async fn edits(tx: &mut Tx, users: &[&UserId]) -> Result<HashMap<UserId, Edits>, Error> {
    let mut edits: HashMap<UserId, Edits> = HashMap::new();
    for (user, kind) in store::edits(tx, users).await? {
        let known = edits.entry(user).or_default();
        known.is_updated |= kind == "user_updated";
        known.is_unsuspended |= kind == "user_unsuspended";
    }
    Ok(edits)
}

/// When the newest event of the environment happened; none where nothing has.
///
/// # Errors
/// When the database fails.
pub async fn newest(cx: &Context, tx: &mut Tx) -> Result<Option<Timestamp>, Error> {
    store::newest(tx, cx).await
}

/// A page of the events that concern a person, by id.
///
/// # Errors
/// When the database fails.
pub async fn of_user(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    wanted: &Wanted,
) -> Result<Page<Recorded>, Error> {
    let rows = store::of_user(tx, cx, user, wanted).await?;
    Ok(wanted.page(rows, |row| ("", row.id.as_str())))
}
