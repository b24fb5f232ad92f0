//! What happened to a mail on its way, for the person who has to mend it.

use lettre::transport::smtp::Error as SmtpError;

/// The stages of a mail's way, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The server's name is looked up.
    Lookup,
    /// A connection is made.
    Connect,
    /// Both sides agree on TLS.
    Encrypt,
    /// The account signs in.
    SignIn,
    /// The server accepts the sender.
    Sender,
    /// The server accepts the recipient.
    Recipient,
    /// The server takes the mail.
    Content,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 7] = [
        Self::Lookup,
        Self::Connect,
        Self::Encrypt,
        Self::SignIn,
        Self::Sender,
        Self::Recipient,
        Self::Content,
    ];

    /// What is wrong when it fails, and what to do.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Lookup => "the mail server's name can't be found; check its spelling",
            Self::Connect => {
                "the mail server can't be reached; check the port, and whether a firewall is in between"
            }
            Self::Encrypt => {
                "the mail server doesn't agree on encryption; check port and kind of TLS (465: from the start, 587: STARTTLS), \
                 and that its certificate is valid for its name"
            }
            Self::SignIn => "the mail server doesn't accept the username and password; check both",
            Self::Sender => {
                "the mail server doesn't accept the sender; use an address that the account may send from"
            }
            Self::Recipient => "the mail server doesn't accept the recipient; check the address",
            Self::Content => "the mail server refused the mail itself; its answer says why",
        }
    }
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} ({detail})", .stage.advice())]
pub struct Failure {
    /// How far it came.
    pub stage: Stage,
    /// What the server or the network said, in one line and without secrets.
    pub detail: String,
    /// Whether another try can't help before something has changed (RFC 5321 §4.2.1: a reply of 5xx).
    pub is_permanent: bool,
}

/// The longest answer of a server that is kept, in characters.
const MAX_DETAIL: usize = 300;

impl Failure {
    /// Whether the mail is given up at once: it was refused for good, and for its own sake. What is wrong before that (an
    /// address, a password, a sender) is wrong with the settings, and may be mended while the mail waits.
    pub(super) fn ends_it(&self) -> bool {
        self.is_permanent && self.stage >= Stage::Recipient
    }

    pub(super) fn permanent(stage: Stage, detail: &str) -> Self {
        Self {
            stage,
            detail: one_line(detail),
            is_permanent: true,
        }
    }

    pub(super) fn transient(stage: Stage, detail: &str) -> Self {
        Self {
            stage,
            detail: one_line(detail),
            is_permanent: false,
        }
    }

    pub(super) fn from_smtp(stage: Stage, error: &SmtpError) -> Self {
        let mut detail = error.to_string();
        let mut cause = std::error::Error::source(error).and_then(std::error::Error::source);
        while let Some(error) = cause {
            detail = format!("{detail}: {error}");
            cause = error.source();
        }
        Self {
            stage,
            detail: one_line(&detail),
            is_permanent: error.is_permanent() || error.is_client(),
        }
    }
}

/// What a test mail found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The server: `smtp.example.com:587`.
    pub server: String,
    /// Whether TLS was part of the way.
    pub is_encrypted: bool,
    /// Whether an account had to sign in.
    pub has_account: bool,
    /// Where it failed; none when the mail was taken.
    pub failure: Option<Failure>,
}

fn one_line(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    printable
        .take(MAX_DETAIL)
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_answer_is_kept_as_one_short_line() {
        let failure = Failure::permanent(Stage::SignIn, "535 5.7.8 no\r\nX-Injected: yes");
        assert_eq!(failure.detail, "535 5.7.8 no X-Injected: yes");
        assert!(
            failure
                .to_string()
                .ends_with("check both (535 5.7.8 no X-Injected: yes)")
        );
        assert_eq!(
            Failure::transient(Stage::Content, &"a".repeat(999))
                .detail
                .len(),
            MAX_DETAIL
        );
    }
}
