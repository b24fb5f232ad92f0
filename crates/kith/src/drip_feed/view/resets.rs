//! What is shown of campaigns that write to those who are left, and the mail itself.

use serde::Serialize;

use crate::pages::{Mail, Page, Problems};

/// A campaign at a glance, on the page of the move.
#[derive(Debug, Clone, Serialize)]
pub struct Resets {
    /// `running`, `stopped` or `done`; none before the first one.
    pub state: Option<&'static str>,
    /// How many people were written to.
    pub written: i64,
    /// How many people are still to be written to, or would be by a new one.
    pub left: i64,
    /// How many minutes that takes.
    pub minutes: i64,
    /// When it was begun.
    pub started_at: Option<i64>,
    /// When it was over.
    pub ended_at: Option<i64>,
    /// Where one is begun.
    pub url: String,
    /// Where Stop posts.
    pub stop_url: String,
}

impl Resets {
    /// As it is before any was begun.
    pub(super) fn sample() -> Self {
        Self {
            state: None,
            written: 0,
            left: 1_190,
            minutes: 20,
            started_at: None,
            ended_at: None,
            url: "/admin/migration/resets".to_owned(),
            stop_url: "/admin/migration/resets/stop".to_owned(),
        }
    }

    /// As it is on its way.
    pub(super) fn running() -> Self {
        Self {
            state: Some("running"),
            written: 310,
            left: 880,
            minutes: 15,
            started_at: Some(1_767_312_000_000),
            ..Self::sample()
        }
    }
}

/// Beginning a campaign.
#[derive(Debug, Clone, Serialize)]
pub struct StartResets {
    /// Back to the move.
    pub migration_url: String,
    /// Where Yes posts `link` and `per_minute`.
    pub action: String,
    /// How many people get a mail.
    pub left: i64,
    /// How many of those who are still to move get none: they have no address, or are suspended.
    pub without: i64,
    /// Whether mail goes out; it stays in the outbox otherwise.
    pub has_server: bool,
    /// Where the mail leads.
    pub link: String,
    /// How many mails a minute.
    pub per_minute: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl Page for StartResets {
    const TEMPLATE: &'static str = "admin/drip_feed/resets.html";

    fn sample() -> Self {
        Self {
            migration_url: "/admin/migration".to_owned(),
            action: "/admin/migration/resets".to_owned(),
            left: 1_190,
            without: 14,
            has_server: true,
            link: "https://app.example.com/login".to_owned(),
            per_minute: "60".to_owned(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let outbox = Self {
            has_server: false,
            without: 0,
            ..Self::sample()
        };
        vec![("outbox", outbox)]
    }
}

/// For somebody who came without their password: how to choose a new one. It holds no code.
#[derive(Debug, Clone, Serialize)]
pub struct NewPasswordMail {
    /// The address that they sign in with.
    pub email: String,
    /// Where they begin.
    pub url: String,
}

impl Mail for NewPasswordMail {
    const TEXT: &'static str = "mail/new_password.txt";
    const HTML: &'static str = "mail/new_password.html";

    fn sample() -> Self {
        Self {
            email: "ada@example.com".to_owned(),
            url: "https://app.example.com/login".to_owned(),
        }
    }
}
