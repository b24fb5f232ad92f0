//! Sending what was written.
//!
//! A node claims a mail by moving its next attempt into the future, and takes it on its way without a transaction. If the node
//! dies then, the claim runs out and another one sends it: a mail may arrive twice, under one message id, and never not at all.
//! A mail that is refused for good ends there; whatever else fails is tried again, later each time.

use std::time::Duration;

use futures::StreamExt as _;

use super::diagnosis::{Diagnosis, Failure};
use super::sender::{self, Sender};
use super::smtp::{self, Letter, deliver};
use super::store::{self, Claimed};
use super::view::TestMail;
use super::{Body, MailError, brand};
use crate::context::{App, Context};
use crate::id::MessageId;
use crate::settings::EmailSender;
use crate::settings::Tls;

/// How many mails a round takes.
const BATCH: u32 = 50;

/// How many of them are on their way at once.
const AT_ONCE: usize = 5;

/// How long a claim holds: longer than all stages of a mail together may take.
const CLAIM: Duration = Duration::from_mins(5);

/// How long to wait after each failure. After the last one the mail is given up: the code in it is too old by then.
const PAUSES: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
];

/// Sends the mails that are due, in every environment, until none is left.
///
/// # Errors
/// [`MailError`] when the database, a setting or a stored text fails. What a mail server says is no error: it is kept with the
/// mail.
pub async fn deliver_due(app: &App) -> Result<(), MailError> {
    loop {
        let mut tx = app.db().begin().await?;
        let claimed = store::claim(
            &mut tx,
            app.db().skip_locked(),
            (app.now(), app.now() + CLAIM),
            BATCH,
        )
        .await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let outcomes: Vec<Result<(), MailError>> = futures::stream::iter(claimed)
            .map(|mail| send_one(app, mail))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        outcomes.into_iter().collect::<Result<(), MailError>>()?;
    }
}

async fn send_one(app: &App, mail: Claimed) -> Result<(), MailError> {
    let sender = sender::find(app, &mut app.db().read().await?, &mail.environment).await?;
    let Some(sender) = sender else {
        // The server was taken out of the settings: the mail stays where it can be read.
        let mut tx = app.db().begin().await?;
        store::keep(&mut tx, &mail.id).await?;
        return Ok(tx.commit().await?);
    };
    let body = Body::open(app, &mail.body)?;
    let letter = Letter {
        id: mail.id.as_str(),
        recipient: &mail.recipient,
        subject: &mail.subject,
        body: &body,
    };
    let outcome = deliver(&sender, &letter).await;
    let mut tx = app.db().begin().await?;
    match outcome {
        Ok(()) => store::sent(&mut tx, &mail.id, app.now()).await?,
        Err(failure) => {
            let pause = usize::try_from(mail.attempts - 1)
                .ok()
                .and_then(|at| PAUSES.get(at));
            tracing::warn!(message.id = %mail.id, stage = ?failure.stage, attempts = mail.attempts, "a mail was not taken: {failure}");
            let again = pause
                .filter(|_| !failure.ends_it())
                .map(|pause| app.now() + *pause);
            store::failed(&mut tx, &mail.id, &failure.to_string(), again).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Sends a test mail through the server of these settings, or through the installation's, at once. Nothing is stored.
///
/// # Errors
/// [`MailError`] when the password doesn't open or the template fails. That a stage failed is no error but the answer. None when
/// there is no mail server to try.
pub async fn send_test(
    cx: &Context,
    settings: &EmailSender,
    to: &str,
) -> Result<Option<Diagnosis>, MailError> {
    let sender = if settings.use_custom {
        Some(sender::custom(cx, settings)?)
    } else {
        sender::installation(cx.config())
    };
    let Some(sender) = sender else {
        return Ok(None);
    };
    let server = format!("{}:{}", sender.host, sender.port);
    let mail = TestMail {
        server: server.clone(),
        asked_by: to.to_owned(),
    };
    let rendered = cx.pages().render_mail("en", &brand(cx), &mail)?;
    let body = Body {
        text: rendered.text,
        html: rendered.html,
    };
    let id: MessageId = cx.new_id();
    let letter = Letter {
        id: id.as_str(),
        recipient: to,
        subject: &rendered.subject,
        body: &body,
    };
    let failure = deliver(&sender, &letter).await.err();
    Ok(Some(diagnosis(&sender, server, failure)))
}

/// Goes up to the environment's mail server and signs in there, without sending anything. None when there is no mail server.
///
/// # Errors
/// As [`send_test`].
pub async fn try_server(cx: &Context) -> Result<Option<Diagnosis>, MailError> {
    let mut tx = cx.db().read().await?;
    let sender = sender::find(cx, &mut tx, &cx.environment().id).await?;
    drop(tx);
    let Some(sender) = sender else {
        return Ok(None);
    };
    let server = format!("{}:{}", sender.host, sender.port);
    let failure = smtp::greet(&sender).await.err();
    Ok(Some(diagnosis(&sender, server, failure)))
}

fn diagnosis(sender: &Sender, server: String, failure: Option<Failure>) -> Diagnosis {
    Diagnosis {
        server,
        is_encrypted: sender.tls != Tls::None,
        has_account: sender.account.is_some(),
        failure,
    }
}
