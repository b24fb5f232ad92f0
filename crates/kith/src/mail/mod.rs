//! Messages to people.
//!
//! A mail is written in the transaction that causes it ([`send`]), so none is sent for what didn't happen, and none is lost. The
//! worker sends it afterwards ([`deliver_due`]), with patience where the server has none. Without a mail server it stays in the
//! outbox, where the dashboard shows it. The text may hold a code: it is stored sealed, and forgotten once it has been sent.

pub mod admin;

pub mod view;

mod deliver;

mod diagnosis;

mod sender;

mod smtp;

mod store;

#[cfg(test)]
mod tests;

pub use deliver::{deliver_due, send_test, try_server};
pub use diagnosis::{Diagnosis, Failure, Stage};

use std::time::Duration;

use db::Tx;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::context::{App, Context};
use crate::error::{Code, Coded};
use crate::id::MessageId;
use crate::pages::{Brand, Mail, RenderError};
use crate::paging::{Page, Wanted};
use crate::secret::Unsealable;
use crate::settings::SettingsError;
use crate::time::Timestamp;

/// What a mail's text is sealed for.
const PURPOSE: &str = "mail";

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits to be read in the dashboard: there is no mail server.
    Outbox,
    /// It waits to be sent.
    Queued,
    /// The server has taken it.
    Sent,
    /// The server refused it for good, or was not to be reached for too long.
    Failed,
}

impl State {
    const ALL: [Self; 4] = [Self::Outbox, Self::Queued, Self::Sent, Self::Failed];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

db::stored_by_name!(State, "state of a mail");

/// A mail as lists show it: without its text, which may hold a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// What it is, such as `verification_code`.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// The subject, which has no code in it.
    pub subject: String,
    /// Where it stands.
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it is tried again.
    pub next_attempt_at: Option<Timestamp>,
    /// When the server took it.
    pub sent_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A mail with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The mail.
    pub message: Message,
    /// Both texts; none once it was sent.
    pub text: Option<Body>,
}

/// A mail could not be written, or not be read.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The template and the program disagree: a bug.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The settings could not be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A stored text or password doesn't open.
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for MailError {
    fn code(&self) -> Code {
        match self {
            Self::Render(_) => Code::INTERNAL,
            Self::Settings(error) => error.code(),
            Self::Sealed(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// Writes a mail into the caller's transaction; it is sent once that is committed. Tell the worker then
/// ([`crate::context::App::wake_worker`]), or it waits a second.
///
/// Without a recipient nothing is written, after the same work: whether somebody has an account must not be told by the time
/// that it takes to write to them.
///
/// # Errors
/// [`MailError`], except [`MailError::Sealed`].
pub async fn send<M: Mail>(
    cx: &Context,
    tx: &mut Tx,
    recipient: Option<&str>,
    mail: &M,
) -> Result<(), MailError> {
    let brand = brand(cx);
    let rendered = cx.pages().render_mail("en", &brand, mail)?;
    let sender = sender::find(cx, tx, &cx.environment().id).await?;
    let body = Body {
        text: rendered.text,
        html: rendered.html,
    };
    let stored = store::NewMessage {
        id: cx.new_id(),
        kind: kind::<M>(),
        subject: &rendered.subject,
        body: cx.seal(PURPOSE, &body.to_json()),
        state: if sender.is_some() {
            State::Queued
        } else {
            State::Outbox
        },
    };
    store::insert(tx, cx, &stored, recipient).await?;
    Ok(())
}

/// A page of the environment's mails, by id.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx, wanted: &Wanted) -> Result<Page<Message>, db::Error> {
    let rows = store::page(tx, cx, wanted).await?;
    Ok(wanted.page(rows, |message| ("", message.id.as_str())))
}

/// In whose name mail goes out where the environment has no sender of its own; none where it stays in the outbox then.
#[must_use]
pub fn installation_sender(config: &Config) -> Option<String> {
    sender::installation(config).map(|sender| sender.from)
}

/// In whose name the environment's mail goes out, such as `Name <no-reply@example.com>`; none where there is no mail server.
///
/// # Errors
/// [`MailError::Settings`], [`MailError::Sealed`], and when the database fails.
pub async fn sent_as(cx: &Context, tx: &mut Tx) -> Result<Option<String>, MailError> {
    let sender = sender::find(cx, tx, &cx.environment().id).await?;
    Ok(sender.map(|sender| sender.from))
}

/// The mail with this id, with its text.
///
/// # Errors
/// [`MailError::Sealed`] when the text was sealed with another key; [`MailError::Db`] when the database fails.
pub async fn find(cx: &Context, tx: &mut Tx, id: &MessageId) -> Result<Option<Opened>, MailError> {
    let Some(message) = store::find(tx, cx, id).await? else {
        return Ok(None);
    };
    let sealed = store::body(tx, id).await?;
    let text = sealed
        .as_deref()
        .map(|sealed| Body::open(cx, sealed))
        .transpose()?;
    Ok(Some(Opened { message, text }))
}

/// Both texts of a mail, as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

impl Body {
    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("two texts are plain data")
    }

    fn open(app: &App, sealed: &str) -> Result<Self, Unsealable> {
        let json = app.sealer().open(PURPOSE, sealed)?;
        serde_json::from_slice(&json).map_err(|_| Unsealable)
    }
}

/// How long a mail is kept, sent or not.
const REMEMBERED: Duration = Duration::from_hours(30 * 24);

/// Deletes the mails of long ago.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(app: &App) -> Result<(), db::Error> {
    let mut tx = app.db().begin().await?;
    store::delete_older(&mut tx, app.now() - REMEMBERED).await?;
    tx.commit().await
}

/// As whom the environment speaks to its people.
#[must_use]
pub fn brand(cx: &Context) -> Brand {
    if cx.environment().is_team() {
        Brand::kith()
    } else {
        Brand::named(cx.environment().business_name.clone())
    }
}

/// The name of a mail's template: `mail/reset_code.txt` is `reset_code`.
fn kind<M: Mail>() -> &'static str {
    let file = M::TEXT.rsplit('/').next().unwrap_or(M::TEXT);
    file.strip_suffix(".txt").unwrap_or(file)
}
