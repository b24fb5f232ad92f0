//! Settings > Email: who mails come from, the server that sends them, and what a test found out.

use serde::Serialize;

use crate::pages::{Choice, Message, Page, Problems, Tone};

/// What became of one step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// It worked.
    Done,
    /// It didn't.
    Failed,
    /// It was not reached.
    Skipped,
}

/// One step on the way of a mail.
#[derive(Debug, Clone, Serialize)]
pub struct DiagnosisStep {
    /// What is done.
    pub label: Message,
    /// How it went.
    pub outcome: StepOutcome,
    /// What the server said, without secrets; may be empty.
    pub detail: String,
}

/// What a test mail found out.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnosis {
    /// Good, or bad.
    pub tone: Tone,
    /// In a sentence.
    pub title: Message,
    /// Every step.
    pub steps: Vec<DiagnosisStep>,
    /// What to do, when it failed.
    pub remedy: Option<Message>,
}

/// Settings > Email.
#[derive(Debug, Clone, Serialize)]
pub struct EmailSettings {
    /// Back to settings.
    pub settings_url: String,
    /// The outbox.
    pub outbox_url: String,
    /// Where Save posts `sender_name`, `use_custom_sender`, `sender_email`, `host`, `port`, `username`,
    /// `smtp_password`, `security`.
    pub action: String,
    /// Where Send test email posts the same fields: it tries them and keeps nothing.
    pub test_action: String,
    /// Who gets the test mail: the member.
    pub test_to: String,
    /// As stored, or as typed.
    pub sender_name: String,
    /// Whether the fields below are used.
    pub use_custom_sender: bool,
    /// What happens when they aren't.
    pub default_sender: Message,
    /// As stored, or as typed.
    pub sender_email: String,
    /// As stored, or as typed.
    pub host: String,
    /// As stored, or as typed.
    pub port: String,
    /// As stored, or as typed.
    pub username: String,
    /// Whether a password is stored; it is never shown.
    pub has_password: bool,
    /// Ways of encryption.
    pub securities: Vec<Choice>,
    /// What the last test found out, right after it.
    pub diagnosis: Option<Diagnosis>,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl Page for EmailSettings {
    const TEMPLATE: &'static str = "admin/settings/email.html";

    fn sample() -> Self {
        let choice = |value, label, is_current| Choice {
            value,
            label: Message::new(label),
            is_current,
        };
        Self {
            settings_url: "/admin/settings".to_owned(),
            outbox_url: "/admin/mail".to_owned(),
            action: "/admin/settings/email".to_owned(),
            test_action: "/admin/settings/email/test".to_owned(),
            test_to: "ada@example.com".to_owned(),
            sender_name: "Lovelace Analytics".to_owned(),
            use_custom_sender: true,
            default_sender: Message::new("email-default-outbox"),
            sender_email: "hello@example.com".to_owned(),
            host: "smtp.example.com".to_owned(),
            port: "587".to_owned(),
            username: "postmaster".to_owned(),
            has_password: true,
            securities: vec![
                choice("starttls", "email-security-starttls", true),
                choice("tls", "email-security-tls", false),
            ],
            diagnosis: None,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let fresh = Self {
            use_custom_sender: false,
            default_sender: Message::new("email-default-server")
                .with("address", "no-reply@example.com"),
            has_password: false,
            ..Self::sample()
        };
        let host = Problems::at("host", Message::new("email-error-host"));
        vec![
            ("fresh", fresh),
            (
                "refused",
                Self {
                    host: String::new(),
                    problems: host,
                    ..Self::sample()
                },
            ),
            (
                "failed",
                Self {
                    diagnosis: Some(failed()),
                    ..Self::sample()
                },
            ),
            (
                "worked",
                Self {
                    diagnosis: Some(worked()),
                    ..Self::sample()
                },
            ),
        ]
    }
}

fn failed() -> Diagnosis {
    Diagnosis {
        tone: Tone::Bad,
        title: Message::new("diagnosis-bad"),
        steps: vec![
            step("diagnosis-step-name", StepOutcome::Done, ""),
            step(
                "diagnosis-step-connect",
                StepOutcome::Done,
                "192.0.2.25:587",
            ),
            step("diagnosis-step-encrypt", StepOutcome::Done, "TLS 1.3"),
            step(
                "diagnosis-step-sign-in",
                StepOutcome::Failed,
                "535 5.7.8 authentication failed",
            ),
            step("diagnosis-step-send", StepOutcome::Skipped, ""),
        ],
        remedy: Some(Message::new("diagnosis-remedy-sign-in")),
    }
}

fn worked() -> Diagnosis {
    Diagnosis {
        tone: Tone::Good,
        title: Message::new("diagnosis-ok"),
        steps: Vec::new(),
        remedy: None,
    }
}

fn step(label: &'static str, outcome: StepOutcome, detail: &str) -> DiagnosisStep {
    DiagnosisStep {
        label: Message::new(label),
        outcome,
        detail: detail.to_owned(),
    }
}
