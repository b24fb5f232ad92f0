//! What the hosted pages show: facts for `templates/sign_in/`.
//!
//! Field names are part of the interface with password managers and tests, and stay: `identifier`, `password`, `code`,
//! `first_name`, `last_name`, `email`, `new_password`, `repeat_password`, `organization`. Forms are sent as
//! `application/x-www-form-urlencoded` with the hidden field `csrf`.

mod fault;

use serde::{Deserialize, Serialize};

use crate::pages::{Message, Page, Problems};

pub use fault::{ErrorPage, Fault};

/// Who are you?
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// Where the form posts `identifier`.
    pub action: String,
    /// What was typed, or the login hint.
    pub identifier: String,
    /// Whether a username will do, too.
    pub takes_username: bool,
    /// Where to create an account; `None` when sign-up is closed.
    pub sign_up_url: Option<String>,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Prove it with a password.
#[derive(Debug, Clone, Serialize)]
pub struct Password {
    /// Where the form posts `password`.
    pub action: String,
    /// Who is signing in, as they typed it.
    pub identifier: String,
    /// Back to the first page, for someone else.
    pub restart_url: String,
    /// The page that sends a reset code.
    pub forgot_url: String,
    /// Where the form posts that asks for a code at once, for those who have no password here yet. It is always there:
    /// who has none must not be told to somebody who merely asks.
    pub code_action: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Create an account.
#[derive(Debug, Clone, Serialize)]
pub struct SignUp {
    /// Where the form posts `first_name`, `last_name`, `email`.
    pub action: String,
    /// Whether names are asked for.
    pub asks_names: bool,
    /// What was typed.
    pub first_name: String,
    /// What was typed.
    pub last_name: String,
    /// What was typed, or the login hint.
    pub email: String,
    /// For someone who has an account.
    pub sign_in_url: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// What a code is for; it decides what the button says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePurpose {
    /// To confirm an address.
    Verify,
    /// To sign in.
    SignIn,
    /// To choose a new password.
    Reset,
}

/// Type the code that we sent.
#[derive(Debug, Clone, Serialize)]
pub struct EmailCode {
    /// Where the form posts `code`.
    pub action: String,
    /// What the code is for.
    pub purpose: CodePurpose,
    /// The address, obscured unless it was just typed: `a•••@example.com`.
    pub sent_to: String,
    /// Where the form for a new code posts.
    pub resend_action: String,
    /// Back to the first page.
    pub restart_url: String,
    /// Whether a new code was just sent.
    pub is_resent: bool,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Why someone chooses a password; it decides what the page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChooseReason {
    /// A new account.
    First,
    /// A person who was moved here without a usable password.
    Moved,
    /// The password they used was set by someone else.
    Temporary,
    /// They forgot theirs, or were asked to change it.
    Reset,
}

/// Choose a password, typed twice.
#[derive(Debug, Clone, Serialize)]
pub struct ChoosePassword {
    /// Where the form posts `new_password` and `repeat_password`.
    pub action: String,
    /// Whose password it is; password managers file it under this name.
    pub identifier: String,
    /// Back to the first page, for someone else.
    pub restart_url: String,
    /// Why.
    pub reason: ChooseReason,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Ask for a reset code.
#[derive(Debug, Clone, Serialize)]
pub struct Reset {
    /// Where the form posts `identifier`.
    pub action: String,
    /// What was typed before.
    pub identifier: String,
    /// Back to signing in.
    pub back_url: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Too many wrong passwords.
#[derive(Debug, Clone, Serialize)]
pub struct AccountLocked {
    /// How long it still takes, rounded up.
    pub minutes: u32,
    /// Back to the first page.
    pub restart_url: String,
}

/// The address to return to is not registered. There is no way on from here: it may be an attack.
#[derive(Debug, Clone, Serialize)]
pub struct InvalidRedirectUrl {
    /// What was asked for.
    pub redirect_uri: String,
    /// The application's client id, when one was named that exists.
    pub client_id: Option<String>,
    /// Finds the request in the log.
    pub support_id: String,
}

/// Signed out, and nowhere registered to go.
#[derive(Debug, Clone, Serialize)]
pub struct SignedOut {
    /// Where to sign in again, if that is known.
    pub sign_in_url: Option<String>,
}

/// An organization to choose.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationChoice {
    /// `org_…`, the button's value.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Choose an organization.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseOrganization {
    /// Where the form posts `organization`.
    pub action: String,
    /// The person's organizations.
    pub organizations: Vec<OrganizationChoice>,
    /// Back to the first page.
    pub restart_url: String,
}

/// Signed in, for applications that want to be told by a page.
#[derive(Debug, Clone, Serialize)]
pub struct Success {
    /// Back to the application.
    pub continue_url: String,
}

impl Page for SignIn {
    const TEMPLATE: &'static str = "sign_in/sign_in.html";

    fn sample() -> Self {
        Self {
            action: "/login/identifier".to_owned(),
            identifier: String::new(),
            takes_username: false,
            sign_up_url: Some("/login/sign-up".to_owned()),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let refused = Self {
            identifier: "ada@".to_owned(),
            takes_username: true,
            problems: Problems::at("identifier", Message::new("sign-in-error-identifier-shape")),
            ..Self::sample()
        };
        let empty = Problems::at("identifier", Message::new("sign-in-error-identifier"));
        vec![
            ("refused", refused),
            (
                "missing",
                Self {
                    problems: empty,
                    sign_up_url: None,
                    ..Self::sample()
                },
            ),
        ]
    }
}

impl Page for Password {
    const TEMPLATE: &'static str = "sign_in/password.html";

    fn sample() -> Self {
        Self {
            action: "/login/password".to_owned(),
            identifier: "ada@example.com".to_owned(),
            restart_url: "/login".to_owned(),
            forgot_url: "/login/reset".to_owned(),
            code_action: "/login/reset".to_owned(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let with = |key| Self {
            problems: Problems::at("password", Message::new(key)),
            ..Self::sample()
        };
        let busy = Self {
            problems: Problems::overall(Message::new("busy-error")),
            ..Self::sample()
        };
        vec![
            ("wrong", with("password-error-wrong")),
            ("missing", with("password-error-missing")),
            ("busy", busy),
        ]
    }
}

impl Page for SignUp {
    const TEMPLATE: &'static str = "sign_in/sign_up.html";

    fn sample() -> Self {
        Self {
            action: "/login/sign-up".to_owned(),
            asks_names: true,
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            sign_in_url: "/login".to_owned(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let problems = Problems::at("first_name", Message::new("sign-up-error-first-name"))
            .and("last_name", Message::new("sign-up-error-last-name"))
            .and("email", Message::new("sign-in-error-identifier-shape"));
        let refused = Self {
            email: "ada".to_owned(),
            problems,
            ..Self::sample()
        };
        vec![
            ("refused", refused),
            (
                "nameless",
                Self {
                    asks_names: false,
                    ..Self::sample()
                },
            ),
        ]
    }
}

impl Page for EmailCode {
    const TEMPLATE: &'static str = "sign_in/email_code.html";

    fn sample() -> Self {
        Self {
            action: "/login/code".to_owned(),
            purpose: CodePurpose::Verify,
            sent_to: "a•••@example.com".to_owned(),
            resend_action: "/login/code/resend".to_owned(),
            restart_url: "/login".to_owned(),
            is_resent: false,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let with = |key| Self {
            problems: Problems::at("code", Message::new(key)),
            ..Self::sample()
        };
        vec![
            (
                "resent",
                Self {
                    is_resent: true,
                    purpose: CodePurpose::Reset,
                    ..Self::sample()
                },
            ),
            (
                "sign-in",
                Self {
                    purpose: CodePurpose::SignIn,
                    ..Self::sample()
                },
            ),
            ("wrong", with("email-code-error-wrong")),
            ("missing", with("email-code-error-missing")),
            ("expired", with("email-code-error-expired")),
            ("too-many", with("email-code-error-too-many")),
        ]
    }
}

impl Page for ChoosePassword {
    const TEMPLATE: &'static str = "sign_in/choose_password.html";

    fn sample() -> Self {
        Self {
            action: "/login/choose-password".to_owned(),
            identifier: "ada@example.com".to_owned(),
            restart_url: "/login".to_owned(),
            reason: ChooseReason::Moved,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let with = |field, message| Self {
            problems: Problems::at(field, message),
            ..Self::sample()
        };
        let because = |reason| Self {
            reason,
            ..Self::sample()
        };
        vec![
            ("first", because(ChooseReason::First)),
            ("temporary", because(ChooseReason::Temporary)),
            ("reset", because(ChooseReason::Reset)),
            (
                "missing",
                with(
                    "new_password",
                    Message::new("choose-password-error-missing"),
                ),
            ),
            (
                "short",
                with("new_password", Message::new("choose-password-error-short")),
            ),
            (
                "long",
                with(
                    "new_password",
                    Message::new("choose-password-error-long").with("limit", 1024),
                ),
            ),
            (
                "common",
                with("new_password", Message::new("choose-password-error-common")),
            ),
            (
                "differs",
                with(
                    "repeat_password",
                    Message::new("choose-password-error-repeat"),
                ),
            ),
        ]
    }
}

impl Page for Reset {
    const TEMPLATE: &'static str = "sign_in/reset.html";

    fn sample() -> Self {
        Self {
            action: "/login/reset".to_owned(),
            identifier: "ada@example.com".to_owned(),
            back_url: "/login".to_owned(),
            problems: Problems::none(),
        }
    }
}

impl Page for AccountLocked {
    const TEMPLATE: &'static str = "sign_in/account_locked.html";

    fn sample() -> Self {
        Self {
            minutes: 5,
            restart_url: "/login".to_owned(),
        }
    }
}

impl Page for InvalidRedirectUrl {
    const TEMPLATE: &'static str = "sign_in/invalid_redirect_url.html";

    fn sample() -> Self {
        Self {
            redirect_uri: "https://app.example.com/api/auth/kinde_callback/".to_owned(),
            client_id: Some("0f6e3a9d41b84c7f9b0d2f3c5e8a7b16".to_owned()),
            support_id: "req_0193a1c2".to_owned(),
        }
    }
}

impl Page for SignedOut {
    const TEMPLATE: &'static str = "sign_in/signed_out.html";

    fn sample() -> Self {
        Self {
            sign_in_url: Some("/login".to_owned()),
        }
    }
}

impl Page for ChooseOrganization {
    const TEMPLATE: &'static str = "sign_in/choose_organization.html";

    fn sample() -> Self {
        let choice = |code: &str, name: &str| OrganizationChoice {
            code: code.to_owned(),
            name: name.to_owned(),
        };
        Self {
            action: "/login/organization".to_owned(),
            organizations: vec![
                choice("org_4f1c", "Lovelace Analytics"),
                choice("org_7a2d", "Difference Engines Ltd"),
                choice("org_9b3e", "Bernoulli Club"),
            ],
            restart_url: "/login".to_owned(),
        }
    }
}

impl Page for Success {
    const TEMPLATE: &'static str = "sign_in/success.html";

    fn sample() -> Self {
        Self {
            continue_url: "https://app.example.com/".to_owned(),
        }
    }
}
