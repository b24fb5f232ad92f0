//! A mail server that accepts everything and keeps it for the test to read (RFC 5321, the least that a client needs).

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long a message may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a server under test sends its mail.
pub struct Mailbox {
    port: u16,
    received: Arc<Mutex<Vec<Mail>>>,
}

/// A message as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The recipient of the envelope.
    pub to: String,
    /// Headers and body, soft line breaks and quoted characters of quoted-printable undone.
    pub text: String,
}

impl Mail {
    /// The first run of exactly six digits: the code that the message is about.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let body = self
            .text
            .split_once("\n\n")
            .map_or(self.text.as_str(), |(_, body)| body);
        body.split(|letter: char| !letter.is_ascii_alphanumeric())
            .find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl Mailbox {
    /// Listens on a free port.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let received = Arc::<Mutex<Vec<Mail>>>::default();
        let store = Arc::clone(&received);
        // Ends with the test's process: nobody waits for it.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let store = Arc::clone(&store);
                std::thread::spawn(move || receive(&stream, &store));
            }
        });
        Ok(Self { port, received })
    }

    /// The address for the setting `smtp_url`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Everything received so far, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits for a message to this address that contains this text, and gives the newest.
    ///
    /// # Errors
    ///
    /// When none arrives within ten seconds; the message lists what did.
    pub async fn wait_for(&self, to: &str, text: &str) -> Result<Mail> {
        let start = Instant::now();
        loop {
            let mails = self.mails();
            if let Some(mail) = mails
                .iter()
                .rev()
                .find(|mail| mail.to == to && mail.text.contains(text))
            {
                return Ok(mail.clone());
            }
            if start.elapsed() > PATIENCE {
                bail!("no mail to {to} says {text:?}; received: {mails:#?}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// One connection: an answer to each command, the message between `DATA` and a lone dot.
fn receive(stream: &TcpStream, store: &Mutex<Vec<Mail>>) -> std::io::Result<()> {
    let mut answer = stream;
    answer.write_all(b"220 mailbox.example\r\n")?;
    let (mut recipients, mut message) = (Vec::new(), None::<String>);
    for line in BufReader::new(stream).lines() {
        let line = line?;
        if let Some(text) = &mut message {
            if line == "." {
                let text = unquote(&message.take().unwrap_or_default());
                let mails = recipients.drain(..).map(|to| Mail {
                    to,
                    text: text.clone(),
                });
                store
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(mails);
                answer.write_all(b"250 kept\r\n")?;
            } else {
                // RFC 5321 §4.5.2: a dot is doubled where a line begins with one.
                text.push_str(line.strip_prefix('.').unwrap_or(&line));
                text.push('\n');
            }
            continue;
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "RCPT" => {
                recipients.extend(address(&line));
                answer.write_all(b"250 ok\r\n")?;
            }
            "DATA" => {
                message = Some(String::new());
                answer.write_all(b"354 go on\r\n")?;
            }
            "QUIT" => return answer.write_all(b"221 bye\r\n"),
            _ => answer.write_all(b"250 ok\r\n")?,
        }
    }
    Ok(())
}

/// What stands between angle brackets.
fn address(line: &str) -> Option<String> {
    Some(line.split_once('<')?.1.split_once('>')?.0.to_owned())
}

/// Undoes quoted-printable (RFC 2045 §6.7). On other text it does nothing that a test would notice.
fn unquote(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let quoted = (*first == b'=').then(|| tail.get(..2)).flatten();
        let byte =
            quoted.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_is_kept_for_its_recipient() {
        let mailbox = Mailbox::start().unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", mailbox.port)).unwrap();
        let session = "EHLO here\r\nMAIL FROM:<kith@example.com>\r\nRCPT TO:<ada@example.com>\r\nDATA\r\n\
            Subject: Your code\r\n\r\nYour code is 012=\r\n345, caf=C3=A9.\r\n..\r\n.\r\nQUIT\r\n";
        stream.write_all(session.as_bytes()).unwrap();
        let mail = mailbox.wait_for("ada@example.com", "code").await.unwrap();
        assert_eq!(
            mail.text,
            "Subject: Your code\n\nYour code is 012345, café.\n.\n"
        );
        assert_eq!(mail.code(), Some("012345"));
    }

    #[test]
    fn an_equals_sign_that_quotes_nothing_stays() {
        assert_eq!(
            unquote("https://kith.example/?a=zz&b=="),
            "https://kith.example/?a=zz&b=="
        );
    }

    #[test]
    fn a_year_and_a_longer_number_are_no_code() {
        let mail = Mail {
            to: String::new(),
            text: "Date: 123456\n\n2026 1234567 a12345 654321".into(),
        };
        assert_eq!(mail.code(), Some("654321"));
    }
}
