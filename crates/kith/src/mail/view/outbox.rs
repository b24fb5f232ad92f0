//! What the outbox shows: mails that were sent, and those that could not be.

use serde::Serialize;

use crate::pages::{Page, Pager};

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It will be tried, or tried again.
    Waiting,
    /// The server took it.
    Sent,
    /// There is no server: it stays here.
    Kept,
    /// It was given up.
    Failed,
}

/// One mail of the list.
#[derive(Debug, Clone, Serialize)]
pub struct MailRow {
    /// Its subject.
    pub subject: String,
    /// Its recipient.
    pub to: String,
    /// What became of it.
    pub state: MailState,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Its page.
    pub url: String,
}

/// Outbox.
#[derive(Debug, Clone, Serialize)]
pub struct Outbox {
    /// Whether mails are kept because there is no server.
    pub is_kept: bool,
    /// Back to Settings > Email.
    pub email_url: String,
    /// One page of mails, newest first.
    pub rows: Vec<MailRow>,
    /// The pages around it.
    pub pager: Pager,
}

/// One mail.
#[derive(Debug, Clone, Serialize)]
pub struct OutboxMessage {
    /// Back to the list.
    pub outbox_url: String,
    /// Its subject.
    pub subject: String,
    /// Its sender; empty where there is no mail server.
    pub from: String,
    /// Its recipient.
    pub to: String,
    /// What became of it.
    pub state: MailState,
    /// Unix milliseconds.
    pub created_at: i64,
    /// What the server said last, if it refused.
    pub failure: Option<String>,
    /// The text part; empty once it was sent and forgotten.
    pub text: String,
}

impl Page for Outbox {
    const TEMPLATE: &'static str = "admin/mail/outbox.html";

    fn sample() -> Self {
        let row = |subject: &str, to: &str, state| MailRow {
            subject: subject.to_owned(),
            to: to.to_owned(),
            state,
            created_at: 1_795_260_000_000,
            url: "/admin/mail/1".to_owned(),
        };
        Self {
            is_kept: true,
            email_url: "/admin/settings/email".to_owned(),
            rows: vec![
                row(
                    "482913 is your Lovelace Analytics code",
                    "ada@example.com",
                    MailState::Kept,
                ),
                row(
                    "Test email from Lovelace Analytics",
                    "grace@example.com",
                    MailState::Sent,
                ),
                row(
                    "156038 is your Lovelace Analytics password reset code",
                    "charles@example.com",
                    MailState::Failed,
                ),
                row(
                    "730254 is your Lovelace Analytics sign-in code",
                    "mary@example.com",
                    MailState::Waiting,
                ),
            ],
            pager: Pager::default(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "empty",
            Self {
                is_kept: false,
                rows: Vec::new(),
                ..Self::sample()
            },
        )]
    }
}

impl Page for OutboxMessage {
    const TEMPLATE: &'static str = "admin/mail/message.html";

    fn sample() -> Self {
        Self {
            outbox_url: "/admin/mail".to_owned(),
            subject: "482913 is your Lovelace Analytics code".to_owned(),
            from: "Lovelace Analytics <no-reply@example.com>".to_owned(),
            to: "ada@example.com".to_owned(),
            state: MailState::Failed,
            created_at: 1_795_260_000_000,
            failure: Some("550 5.1.1 no such user".to_owned()),
            text: "Enter this code to confirm your email for Lovelace Analytics:\n\n    482913\n"
                .to_owned(),
        }
    }
}
