//! The way of a mail to its server, one stage after the other, so that a failure says which.

use std::net::SocketAddr;
use std::time::Duration;

use lettre::Address;
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use super::Body;
use super::diagnosis::{Failure, Stage};
use super::sender::Sender;
use crate::settings::Tls;

/// How long one stage may take. RFC 5321 §4.5.3.2 asks for minutes; a person who waits for a code has left by then, and
/// whatever was not sent is tried again.
const PATIENCE: Duration = Duration::from_secs(20);

/// A letter to one person.
pub(super) struct Letter<'a> {
    /// Its id, which stays the same when it is sent again, so that a mailbox can tell (RFC 5322 §3.6.4).
    pub(super) id: &'a str,
    pub(super) recipient: &'a str,
    pub(super) subject: &'a str,
    pub(super) body: &'a Body,
}

/// Hands the letter to the server.
///
/// # Errors
/// [`Failure`]: at which stage, and what the server said.
pub(super) async fn deliver(sender: &Sender, letter: &Letter<'_>) -> Result<(), Failure> {
    let from: Mailbox = sender.from.parse().map_err(|_| {
        Failure::permanent(Stage::Sender, "the sender's address is no e-mail address")
    })?;
    let to: Address = letter.recipient.parse().map_err(|_| {
        Failure::permanent(
            Stage::Recipient,
            "the recipient's address is no e-mail address",
        )
    })?;
    let message = compose(&from, to.clone(), letter)?;
    let mut server = connect(sender).await?;
    let outcome = hand_over(&mut server, sender, (&from.email, &to), &message).await;
    match outcome {
        // The mail is the server's now; that it says goodbye is courtesy.
        Ok(()) => drop(server.quit().await),
        Err(_) => server.abort().await,
    }
    outcome
}

/// Connects, signs in and leaves.
///
/// # Errors
/// As [`deliver`], up to [`Stage::SignIn`].
pub(super) async fn greet(sender: &Sender) -> Result<(), Failure> {
    let mut server = connect(sender).await?;
    // That it says goodbye is courtesy.
    drop(server.quit().await);
    Ok(())
}

/// The letter as it travels. The library encodes header values, so a line break in a subject stays in the subject.
fn compose(from: &Mailbox, to: Address, letter: &Letter<'_>) -> Result<Vec<u8>, Failure> {
    let host = from.email.domain().to_owned();
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(letter.subject)
        .message_id(Some(format!("<{}@{host}>", letter.id)))
        // RFC 3834 §5: no vacation notice should answer it.
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            letter.body.text.clone(),
            letter.body.html.clone(),
        ))
        .map(|message| message.formatted())
        .map_err(|error| Failure::permanent(Stage::Content, &error.to_string()))
}

/// `Auto-Submitted: auto-generated`.
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// A connection that is as well protected as the settings want it; never less.
async fn connect(sender: &Sender) -> Result<AsyncSmtpConnection, Failure> {
    let addresses = addresses(sender).await?;
    let tls = || {
        TlsParameters::new(sender.host.clone())
            .map_err(|error| Failure::permanent(Stage::Encrypt, &error.to_string()))
    };
    let implicit = if sender.tls == Tls::Implicit {
        Some(tls()?)
    } else {
        None
    };
    let encrypts = implicit.is_some();
    let hello = ClientId::default();
    let opened = AsyncSmtpConnection::connect_tokio1(
        addresses.as_slice(),
        Some(PATIENCE),
        &hello,
        implicit,
        None,
    );
    let mut server = match within(Stage::Connect, opened).await {
        Ok(server) => server,
        Err(failure) if encrypts && is_reachable(&addresses).await => {
            return Err(Failure {
                stage: Stage::Encrypt,
                ..failure
            });
        }
        Err(failure) => return Err(failure),
    };
    if sender.tls == Tls::StartTls {
        within(Stage::Encrypt, server.starttls(tls()?, &hello)).await?;
    }
    if let Some((user, password)) = &sender.account {
        let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
        within(
            Stage::SignIn,
            server.auth(&[Mechanism::Plain, Mechanism::Login], &credentials),
        )
        .await?;
    }
    Ok(server)
}

async fn addresses(sender: &Sender) -> Result<Vec<SocketAddr>, Failure> {
    let looked_up = tokio::time::timeout(
        PATIENCE,
        tokio::net::lookup_host((sender.host.as_str(), sender.port)),
    )
    .await;
    match looked_up {
        Ok(Ok(found)) => {
            let found: Vec<SocketAddr> = found.collect();
            if found.is_empty() {
                return Err(Failure::transient(Stage::Lookup, "the name has no address"));
            }
            Ok(found)
        }
        Ok(Err(error)) => Err(Failure::transient(Stage::Lookup, &error.to_string())),
        Err(_) => Err(Failure::transient(
            Stage::Lookup,
            "the name server doesn't answer",
        )),
    }
}

/// Whether anything listens there: tells a server that doesn't answer from one that doesn't agree on encryption.
async fn is_reachable(addresses: &[SocketAddr]) -> bool {
    matches!(
        tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect(addresses)).await,
        Ok(Ok(_))
    )
}

async fn hand_over(
    server: &mut AsyncSmtpConnection,
    sender: &Sender,
    (from, to): (&Address, &Address),
    message: &[u8],
) -> Result<(), Failure> {
    let knows = |extension| server.server_info().supports_feature(extension);
    let mut parameters = Vec::new();
    if !AsRef::<str>::as_ref(from).is_ascii() || !AsRef::<str>::as_ref(to).is_ascii() {
        // RFC 6531 §3.1.
        if !knows(Extension::SmtpUtfEight) {
            return Err(Failure::permanent(
                Stage::Recipient,
                "the server doesn't take addresses with letters beyond ASCII",
            ));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if knows(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    debug_assert!(sender.tls == Tls::None || server.is_encrypted());
    within(
        Stage::Sender,
        server.command(Mail::new(Some(from.clone()), parameters)),
    )
    .await?;
    within(
        Stage::Recipient,
        server.command(Rcpt::new(to.clone(), Vec::new())),
    )
    .await?;
    within(Stage::Content, server.command(Data)).await?;
    within(Stage::Content, server.message(message)).await?;
    Ok(())
}

async fn within<T>(
    stage: Stage,
    work: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(outcome) => outcome.map_err(|error| Failure::from_smtp(stage, &error)),
        Err(_) => Err(Failure::transient(stage, "the server doesn't answer")),
    }
}
