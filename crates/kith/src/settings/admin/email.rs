//! Settings > Email: the sender, and the test that says where a mail stops.

use axum::response::Response;

use crate::http::{Form, Result};
use crate::mail::{self, Stage};
use crate::pages::{Choice, Message, Notice, Problems, Tone};
use crate::secret::Secret;
use crate::settings::view::{Diagnosis, DiagnosisStep, EmailSettings, StepOutcome};
use crate::settings::{self, EmailSender, Tls};
use crate::team::Member;
use crate::users::EmailAddress;

/// Ways of encryption: value, phrase, setting.
const SECURITIES: &[(&str, &str, Tls)] = &[
    ("starttls", "email-security-starttls", Tls::StartTls),
    ("tls", "email-security-tls", Tls::Implicit),
    ("none", "email-security-none", Tls::None),
];

/// What the test shows: the stages, and the phrase of the step that they make up.
const STEPS: &[(&str, &[Stage])] = &[
    ("diagnosis-step-name", &[Stage::Lookup]),
    ("diagnosis-step-connect", &[Stage::Connect]),
    ("diagnosis-step-encrypt", &[Stage::Encrypt]),
    ("diagnosis-step-sign-in", &[Stage::SignIn]),
    (
        "diagnosis-step-send",
        &[Stage::Sender, Stage::Recipient, Stage::Content],
    ),
];

pub(super) async fn show(member: Member) -> Result<Response> {
    let stored = stored(&member).await?;
    let port = stored.port.to_string();
    Ok(member.show(&page(&member, stored, port, Problems::none())))
}

pub(super) async fn save(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let (sender, problems) = typed(&member, stored(&member).await?, &form);
    if !problems.is_empty() {
        let port = form.get("port").to_owned();
        return Ok(member.show_again(&page(&member, sender, port, problems)));
    }
    let mut tx = member.cx.db().begin().await?;
    settings::put(&member.cx, &mut tx, &sender).await?;
    tx.commit().await?;
    let said = Notice::good(Message::new("settings-saved-notice"));
    Ok(member.done("/settings/email", &said))
}

/// Tries what is typed, and keeps nothing of it.
pub(super) async fn test(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let (sender, problems) = typed(&member, stored(&member).await?, &form);
    let port = form.get("port").to_owned();
    if !problems.is_empty() {
        return Ok(member.show_again(&page(&member, sender, port, problems)));
    }
    let found = mail::send_test(&member.cx, &sender, member.email()).await?;
    let page = page(&member, sender, port, Problems::none());
    Ok(member.show(&match found {
        Some(found) => EmailSettings {
            diagnosis: Some(diagnosis(&found)),
            ..page
        },
        None => EmailSettings {
            problems: Problems::overall(Message::new("email-error-no-server")),
            ..page
        },
    }))
}

async fn stored(member: &Member) -> Result<EmailSender> {
    let mut tx = member.cx.db().read().await?;
    Ok(settings::get(&mut tx, &member.cx.environment().id).await?)
}

/// The settings as typed, over the stored ones; what is wrong is left as it was.
fn typed(member: &Member, mut sender: EmailSender, form: &Form) -> (EmailSender, Problems) {
    let mut problems = Problems::none();
    sender.use_custom = form.has("use_custom_sender");
    form.get("sender_name").clone_into(&mut sender.sender_name);
    form.get("sender_email")
        .clone_into(&mut sender.sender_email);
    form.get("host").clone_into(&mut sender.host);
    form.get("username").clone_into(&mut sender.username);
    let security = SECURITIES
        .iter()
        .find(|(value, ..)| *value == form.get("security"));
    sender.tls = security.map_or(sender.tls, |(_, _, tls)| *tls);
    // An empty field keeps the password, since the stored one is never shown.
    if sender.username.is_empty() {
        sender.set_password(&member.cx, None);
    } else if !form.raw("smtp_password").is_empty() {
        sender.set_password(&member.cx, Some(&Secret::new(form.raw("smtp_password"))));
    }
    let port = form.get("port").parse().ok().filter(|port| *port != 0);
    sender.port = port.unwrap_or(sender.port);
    if sender.use_custom {
        if EmailAddress::parse(&sender.sender_email).is_err() {
            let message = Message::new("sign-in-error-identifier-shape");
            problems = problems.and("sender_email", message);
        }
        if sender.host.is_empty() || sender.host.contains(char::is_whitespace) {
            problems = problems.and("host", Message::new("email-error-host"));
        }
        if port.is_none() {
            problems = problems.and("port", Message::new("email-error-port"));
        }
    }
    (sender, problems)
}

fn page(member: &Member, sender: EmailSender, port: String, problems: Problems) -> EmailSettings {
    let default_sender = match mail::installation_sender(member.cx.config()) {
        Some(address) => Message::new("email-default-server").with("address", address),
        None => Message::new("email-default-outbox"),
    };
    let choice = |&(value, label, tls): &(&'static str, &'static str, Tls)| Choice {
        value,
        label: Message::new(label),
        is_current: tls == sender.tls,
    };
    EmailSettings {
        settings_url: member.url("/settings"),
        outbox_url: member.url("/mail"),
        action: member.url("/settings/email"),
        test_action: member.url("/settings/email/test"),
        test_to: member.email().to_owned(),
        use_custom_sender: sender.use_custom,
        default_sender,
        has_password: sender.has_password(),
        securities: SECURITIES.iter().map(choice).collect(),
        sender_name: sender.sender_name,
        sender_email: sender.sender_email,
        host: sender.host,
        port,
        username: sender.username,
        diagnosis: None,
        problems,
    }
}

fn diagnosis(found: &mail::Diagnosis) -> Diagnosis {
    let failed = found.failure.as_ref().map(|failure| failure.stage);
    let step = |&(label, stages): &(&'static str, &[Stage])| {
        let was_needed = match stages {
            [Stage::Encrypt] => found.is_encrypted,
            [Stage::SignIn] => found.has_account,
            _ => true,
        };
        let is_here = failed.is_some_and(|stage| stages.contains(&stage));
        let outcome = match failed {
            _ if is_here => StepOutcome::Failed,
            Some(stage) if stages.iter().all(|passed| *passed > stage) => StepOutcome::Skipped,
            _ if was_needed => StepOutcome::Done,
            _ => StepOutcome::Skipped,
        };
        let detail = found.failure.as_ref().filter(|_| is_here);
        DiagnosisStep {
            label: Message::new(label),
            outcome,
            detail: detail
                .map(|failure| failure.detail.clone())
                .unwrap_or_default(),
        }
    };
    let (tone, title) = match failed {
        None => (Tone::Good, "diagnosis-ok"),
        Some(_) => (Tone::Bad, "diagnosis-bad"),
    };
    Diagnosis {
        tone,
        title: Message::new(title),
        steps: STEPS.iter().map(step).collect(),
        remedy: failed.map(|stage| Message::new(remedy(stage))),
    }
}

/// What to do when it failed there.
fn remedy(stage: Stage) -> &'static str {
    match stage {
        Stage::Lookup => "diagnosis-remedy-name",
        Stage::Connect => "diagnosis-remedy-connect",
        Stage::Encrypt => "diagnosis-remedy-encrypt",
        Stage::SignIn => "diagnosis-remedy-sign-in",
        Stage::Sender => "diagnosis-remedy-sender",
        Stage::Recipient => "diagnosis-remedy-recipient",
        Stage::Content => "diagnosis-remedy-content",
    }
}
