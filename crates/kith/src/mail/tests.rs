//! Mail against a server that answers as a script says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::view::{ResetCode, TestMail};
use super::*;
use crate::paging::{Order, Wanted};
use crate::secret::Secret;
use crate::settings::{EmailSender, Tls};
use crate::testing::Installation;

/// A mail server that follows RFC 5321 except where the script says otherwise.
struct Server {
    port: u16,
    received: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// A server that gives these answers to commands that begin so.
    #[expect(clippy::disallowed_methods, reason = "the stand-in ends with the test")]
    async fn start(script: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let inbox = Arc::clone(&received);
        tokio::task::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that hangs up early is part of some stories.
                let _ = converse(stream, script, &inbox).await;
            }
        });
        Self { port, received }
    }

    fn mails(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }

    fn settings(&self) -> EmailSender {
        // Its sealed password is the settings' own affair, so it can't be written as one value.
        let mut settings = EmailSender::default();
        settings.use_custom = true;
        "Löve & Co".clone_into(&mut settings.sender_name);
        "hello@example.com".clone_into(&mut settings.sender_email);
        "127.0.0.1".clone_into(&mut settings.host);
        settings.port = self.port;
        settings.tls = Tls::None;
        settings
    }
}

async fn converse(
    mut stream: TcpStream,
    script: &[(&str, &str)],
    inbox: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 mail.example.com\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let scripted = script
            .iter()
            .find(|(command, _)| line.starts_with(command))
            .map(|(_, answer)| *answer);
        let answer = match scripted {
            Some(answer) => answer,
            None if line.starts_with("EHLO") => {
                "250-mail.example.com\r\n250-AUTH PLAIN\r\n250 8BITMIME"
            }
            None if line.starts_with("DATA") => "354 go on",
            None if line.starts_with("QUIT") => "221 bye",
            None if line.starts_with("AUTH") => "235 welcome",
            None => "250 fine",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
        if answer.starts_with("354") {
            let mut mail = String::new();
            while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                mail.push_str(&line);
                mail.push('\n');
            }
            inbox.lock().unwrap().push(mail);
            writer.write_all(b"250 taken\r\n").await?;
        }
    }
    Ok(())
}

async fn configure(cx: &Context, settings: &EmailSender) {
    let mut tx = cx.db().begin().await.unwrap();
    crate::settings::put(cx, &mut tx, settings).await.unwrap();
    tx.commit().await.unwrap();
}

async fn write(cx: &Context, to: Option<&str>) {
    let mut tx = cx.db().begin().await.unwrap();
    let mail = ResetCode {
        code: "482913".to_owned(),
        minutes: 120,
    };
    send(cx, &mut tx, to, &mail).await.unwrap();
    tx.commit().await.unwrap();
}

async fn all(cx: &Context) -> Vec<Opened> {
    let mut tx = cx.db().read().await.unwrap();
    let list = list(cx, &mut tx, &Wanted::first(Order::NEWEST_FIRST, 50))
        .await
        .unwrap();
    let mut opened = Vec::new();
    for message in list.items {
        opened.push(find(cx, &mut tx, &message.id).await.unwrap().unwrap());
    }
    opened
}

#[tokio::test]
async fn without_a_server_a_mail_stays_in_the_outbox_sealed() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        write(&cx, Some("ada@example.com")).await;
        deliver_due(&cx).await.unwrap();
        let mails = all(&cx).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(
            (mails[0].message.state, mails[0].message.kind.as_str()),
            (State::Outbox, "reset_code")
        );
        let text = mails[0].text.as_ref().unwrap();
        assert!(text.text.contains("482913") && text.html.contains("482913"));
        assert!(!mails[0].message.subject.contains("482913"));
        let stored = store::body(&mut cx.db().read().await.unwrap(), &mails[0].message.id)
            .await
            .unwrap()
            .unwrap();
        assert!(!stored.contains("482913"));
    }
}

#[tokio::test]
async fn without_a_recipient_nothing_is_written() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        write(&cx, None).await;
        assert!(all(&cx).await.is_empty());
    }
}

#[tokio::test]
async fn a_mail_is_sent_once_in_text_and_html_and_its_code_is_forgotten() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let server = Server::start(&[]).await;
        configure(&cx, &server.settings()).await;
        write(&cx, Some("ada@example.com")).await;
        let other_node = installation.another_node().await;
        let (one, other) = tokio::join!(deliver_due(&cx), deliver_due(&other_node));
        one.unwrap();
        other.unwrap();
        let sent = server.mails();
        assert_eq!(sent.len(), 1);
        for part in [
            "To: ada@example.com",
            "text/plain",
            "text/html",
            "482913",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(sent[0].contains(part), "no {part} in {}", sent[0]);
        }
        let mails = all(&cx).await;
        assert_eq!(mails[0].message.state, State::Sent);
        assert_eq!(mails[0].text, None);
    }
}

#[tokio::test]
async fn a_server_that_is_busy_is_tried_again_later() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let busy = Server::start(&[("RCPT", "451 try again later")]).await;
        configure(&cx, &busy.settings()).await;
        write(&cx, Some("ada@example.com")).await;
        deliver_due(&cx).await.unwrap();
        let message = all(&cx).await.remove(0).message;
        assert_eq!((message.state, message.attempts), (State::Queued, 1));
        assert!(
            message
                .last_error
                .unwrap()
                .contains("(451): try again later")
        );
        let mended = Server::start(&[]).await;
        configure(&cx, &mended.settings()).await;
        deliver_due(&cx).await.unwrap();
        assert!(mended.mails().is_empty(), "it is not due yet");
        installation.advance(Duration::from_secs(5));
        deliver_due(&cx).await.unwrap();
        assert_eq!(mended.mails().len(), 1);
    }
}

#[tokio::test]
async fn a_recipient_who_is_refused_for_good_ends_the_mail() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let server = Server::start(&[("RCPT", "550 no such mailbox")]).await;
        configure(&cx, &server.settings()).await;
        write(&cx, Some("ada@example.com")).await;
        deliver_due(&cx).await.unwrap();
        assert_eq!(all(&cx).await[0].message.state, State::Failed);
    }
}

#[tokio::test]
async fn after_hours_a_mail_is_given_up() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        let server = Server::start(&[("MAIL", "421 closing")]).await;
        configure(&cx, &server.settings()).await;
        write(&cx, Some("ada@example.com")).await;
        for _ in 0..8 {
            deliver_due(&cx).await.unwrap();
            installation.advance(Duration::from_hours(2));
        }
        let message = all(&cx).await.remove(0).message;
        assert_eq!((message.state, message.attempts), (State::Failed, 8));
    }
}

#[tokio::test]
async fn a_test_mail_tells_at_which_stage_it_failed() {
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let plain = Server::start(&[]).await;
    let with = |change: &dyn Fn(&mut EmailSender)| {
        let mut settings = plain.settings();
        change(&mut settings);
        settings
    };
    let unknown = with(&|settings| settings.host = "nowhere.invalid".to_owned());
    let nobody_listens = with(&|settings| settings.port = closed);
    let no_tls = with(&|settings| settings.tls = Tls::Implicit);
    let no_starttls = with(&|settings| settings.tls = Tls::StartTls);
    let not_an_address = with(&|settings| settings.sender_email = "nobody".to_owned());
    for (settings, stage) in [
        (unknown, Stage::Lookup),
        (nobody_listens, Stage::Connect),
        (no_tls, Stage::Encrypt),
        (no_starttls, Stage::Encrypt),
        (not_an_address, Stage::Sender),
    ] {
        let diagnosis = send_test(&cx, &settings, "ada@example.com")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            diagnosis.failure.as_ref().map(|failure| failure.stage),
            Some(stage),
            "{:?}",
            diagnosis.failure
        );
    }
    for (script, stage) in [
        (&[("AUTH", "535 5.7.8 no")][..], Stage::SignIn),
        (&[("MAIL", "550 not yours")], Stage::Sender),
        (&[("RCPT", "550 nobody")], Stage::Recipient),
        (&[("DATA", "554 spam")], Stage::Content),
    ] {
        let server = Server::start(script).await;
        let mut settings = server.settings();
        "postmaster".clone_into(&mut settings.username);
        settings.set_password(&cx, Some(&Secret::new("hush")));
        let diagnosis = send_test(&cx, &settings, "ada@example.com")
            .await
            .unwrap()
            .unwrap();
        let failure = diagnosis.failure.unwrap();
        assert_eq!(failure.stage, stage, "{failure}");
        assert!(!failure.to_string().contains("hush"));
    }
    assert!(plain.mails().is_empty());
}

#[tokio::test]
async fn a_test_mail_that_was_taken_says_so() {
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    assert_eq!(
        send_test(&cx, &EmailSender::default(), "ada@example.com")
            .await
            .unwrap(),
        None
    );
    let server = Server::start(&[]).await;
    let diagnosis = send_test(&cx, &server.settings(), "ada@example.com")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            diagnosis.failure,
            diagnosis.is_encrypted,
            diagnosis.has_account
        ),
        (None, false, false)
    );
    assert_eq!(server.mails().len(), 1);
    assert!(all(&cx).await.is_empty(), "a test mail is not stored");
}

#[tokio::test]
async fn a_line_break_adds_no_header() {
    let installation = Installation::sqlite().await;
    let cx = installation.cx();
    let server = Server::start(&[]).await;
    let evil = "Ada\r\nBcc: eve@example.com";
    let mail = TestMail {
        server: evil.to_owned(),
        asked_by: evil.to_owned(),
    };
    let mut settings = server.settings();
    settings.sender_name = evil.to_owned();
    configure(&cx, &settings).await;
    let mut tx = cx.db().begin().await.unwrap();
    send(&cx, &mut tx, Some("ada@example.com"), &mail)
        .await
        .unwrap();
    send(
        &cx,
        &mut tx,
        Some("ada@example.com\r\nRCPT TO:<eve@example.com>"),
        &mail,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    deliver_due(&cx).await.unwrap();
    for mail in server.mails() {
        let (head, _) = mail.split_once("\n\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    }
}

#[tokio::test]
async fn old_mails_are_deleted() {
    for installation in Installation::all().await {
        let cx = installation.cx();
        write(&cx, Some("ada@example.com")).await;
        installation.advance(Duration::from_hours(29 * 24));
        forget_old(&cx).await.unwrap();
        assert_eq!(all(&cx).await.len(), 1);
        installation.advance(Duration::from_hours(25));
        write(&cx, Some("ada@example.com")).await;
        forget_old(&cx).await.unwrap();
        assert_eq!(all(&cx).await.len(), 1);
    }
}
