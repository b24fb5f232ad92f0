//! The groups of settings, each with its defaults.

use serde::{Deserialize, Serialize};

use super::Group;
use crate::context::{App, Context};
use crate::secret::{Secret, Unsealable};

/// For what the mail server's password is sealed.
const PASSWORD_PURPOSE: &str = "email_sender_password";

/// Who sends an environment's mail, and through which server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmailSender {
    /// Whether this server is used, rather than the installation's `smtp_url`.
    pub use_custom: bool,
    /// The name that people see as the sender.
    pub sender_name: String,
    /// The address that people see as the sender.
    pub sender_email: String,
    /// The server's name.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// Whose account is used there; empty where the server asks for none.
    pub username: String,
    /// How the connection is protected.
    pub tls: Tls,
    /// Sealed; [`EmailSender::password`] opens it.
    sealed_password: Option<String>,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// TLS from the first byte, usually at port 465 (RFC 8314 §3.3).
    Implicit,
    /// The connection changes to TLS before anything is said, usually at port 587 (RFC 3207).
    StartTls,
    /// No protection, for a server on the same machine.
    None,
}

impl Default for EmailSender {
    fn default() -> Self {
        Self {
            use_custom: false,
            sender_name: String::new(),
            sender_email: String::new(),
            host: String::new(),
            port: 465,
            username: String::new(),
            tls: Tls::Implicit,
            sealed_password: None,
        }
    }
}

impl Group for EmailSender {
    const NAME: &'static str = "email_sender";
}

impl EmailSender {
    /// Whether a password is stored.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.sealed_password.is_some()
    }

    /// The server's password; none where there is none.
    ///
    /// # Errors
    /// [`Unsealable`] when it was stored with another secret key.
    pub fn password(&self, app: &App) -> Result<Option<Secret>, Unsealable> {
        self.sealed_password
            .as_deref()
            .map(|sealed| app.sealer().open_text(PASSWORD_PURPOSE, sealed))
            .transpose()
    }

    /// Replaces the server's password, or forgets it.
    pub fn set_password(&mut self, cx: &Context, password: Option<&Secret>) {
        self.sealed_password =
            password.map(|password| cx.seal(PASSWORD_PURPOSE, password.reveal()));
    }
}

/// What holds off those who guess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AttackProtection {
    /// After so many failures in a row nobody signs in under that name for a while.
    pub max_failures: u32,
    /// Minutes that such a while lasts.
    pub lock_minutes: u32,
    /// Whether answers hide whether an account exists.
    pub enumeration_protection: bool,
}

impl Default for AttackProtection {
    fn default() -> Self {
        Self {
            max_failures: 5,
            lock_minutes: 5,
            enumeration_protection: true,
        }
    }
}

impl Group for AttackProtection {
    const NAME: &'static str = "attack_protection";
}

/// What people may do, and for how long codes live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policies {
    /// Whether people may make an account by themselves.
    pub allow_self_sign_up: bool,
    /// Minutes for which a one-time code that was sent can be used.
    pub otp_minutes: u32,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            allow_self_sign_up: true,
            otp_minutes: 120,
        }
    }
}

impl Group for Policies {
    const NAME: &'static str = "policies";
}
