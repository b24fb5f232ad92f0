//! What mails tell, and the templates that word them.

mod outbox;

use serde::Serialize;

use crate::pages::Mail;

pub use outbox::{MailRow, MailState, Outbox, OutboxMessage};

/// A code that confirms an e-mail address.
#[derive(Debug, Clone, Serialize)]
pub struct VerificationCode {
    /// The code as typed.
    pub code: String,
    /// How long it works.
    pub minutes: u32,
}

/// A code that signs in.
#[derive(Debug, Clone, Serialize)]
pub struct SignInCode {
    /// The code as typed.
    pub code: String,
    /// How long it works.
    pub minutes: u32,
}

/// A code that lets someone choose a new password.
#[derive(Debug, Clone, Serialize)]
pub struct ResetCode {
    /// The code as typed.
    pub code: String,
    /// How long it works.
    pub minutes: u32,
}

/// For someone who asked for a second account with their address: it says that there is one, and the code recovers that.
#[derive(Debug, Clone, Serialize)]
pub struct ExistingAccount {
    /// The code as typed.
    pub code: String,
    /// How long it works.
    pub minutes: u32,
}

/// Proof that mail arrives.
#[derive(Debug, Clone, Serialize)]
pub struct TestMail {
    /// The mail server it went through, `smtp.example.com:587`.
    pub server: String,
    /// Who asked for it.
    pub asked_by: String,
}

/// The owner's one-time link.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerSetup {
    /// The business they own.
    pub business: String,
    /// The link; it works once.
    pub url: String,
}

impl Mail for VerificationCode {
    const TEXT: &'static str = "mail/verification_code.txt";
    const HTML: &'static str = "mail/verification_code.html";

    fn sample() -> Self {
        Self {
            code: "482913".to_owned(),
            minutes: 120,
        }
    }
}

impl Mail for SignInCode {
    const TEXT: &'static str = "mail/sign_in_code.txt";
    const HTML: &'static str = "mail/sign_in_code.html";

    fn sample() -> Self {
        Self {
            code: "730254".to_owned(),
            minutes: 120,
        }
    }
}

impl Mail for ResetCode {
    const TEXT: &'static str = "mail/reset_code.txt";
    const HTML: &'static str = "mail/reset_code.html";

    fn sample() -> Self {
        Self {
            code: "156038".to_owned(),
            minutes: 120,
        }
    }
}

impl Mail for ExistingAccount {
    const TEXT: &'static str = "mail/existing_account.txt";
    const HTML: &'static str = "mail/existing_account.html";

    fn sample() -> Self {
        Self {
            code: "264880".to_owned(),
            minutes: 120,
        }
    }
}

impl Mail for TestMail {
    const TEXT: &'static str = "mail/test.txt";
    const HTML: &'static str = "mail/test.html";

    fn sample() -> Self {
        Self {
            server: "smtp.example.com:587".to_owned(),
            asked_by: "ada@example.com".to_owned(),
        }
    }
}

impl Mail for OwnerSetup {
    const TEXT: &'static str = "mail/owner_setup.txt";
    const HTML: &'static str = "mail/owner_setup.html";

    fn sample() -> Self {
        let url = "https://id.example.com/admin/setup?token=s3kGq0Vd1xYb7Rw2".to_owned();
        Self {
            business: "Lovelace Analytics".to_owned(),
            url,
        }
    }
}
