//! The one question before something that can't be undone.

use serde::Serialize;

use super::{Message, Page, Problems};

/// Asks once, says what will be lost, and wants the name typed where much would be.
///
/// What can be undone isn't asked about: do it, and offer the way back in a [`super::Notice`].
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// The question: "Delete Ada Lovelace?"
    pub title: Message,
    /// What will happen, a sentence each.
    pub what: Vec<Message>,
    /// What has to be typed into the field `typed_name`; `None` when a click is enough.
    pub typed: Option<String>,
    /// Where the form posts.
    pub action: String,
    /// What the button says; the verb of the title.
    pub button: Message,
    /// Back, with nothing done.
    pub cancel_url: String,
    /// What is wrong with what was typed.
    pub problems: Problems,
}

impl Page for Confirm {
    const TEMPLATE: &'static str = "admin/confirm.html";

    fn sample() -> Self {
        Self {
            title: Message::new("user-delete-title").with("name", "Ada Lovelace"),
            what: vec![
                Message::new("user-delete-what"),
                Message::new("user-delete-sessions"),
            ],
            typed: Some("ada@example.com".to_owned()),
            action: "/admin/users/kp_0193/delete".to_owned(),
            button: Message::new("user-delete"),
            cancel_url: "/admin/users/kp_0193".to_owned(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let differs = Problems::at("typed_name", Message::new("confirm-error-typed"));
        vec![
            (
                "differs",
                Self {
                    problems: differs,
                    ..Self::sample()
                },
            ),
            (
                "plain",
                Self {
                    typed: None,
                    ..Self::sample()
                },
            ),
        ]
    }
}
