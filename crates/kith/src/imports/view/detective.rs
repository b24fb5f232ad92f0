//! The hash detective: one known password tells how all were hashed.

use serde::Serialize;

use super::{RunHead, RunState};
use crate::pages::{Message, Page, Problems};

/// How hashes are made.
#[derive(Debug, Clone, Serialize)]
pub struct Solution {
    /// One line, without a secret.
    pub summary: String,
    /// The column of the hash.
    pub column: String,
    /// What one row could not tell.
    pub assumed: Vec<String>,
    /// The answer, sealed, for the form that applies it; none where the source has no place for it.
    pub sealed: Option<String>,
}

/// The form, and the answer.
#[derive(Debug, Clone, Serialize)]
pub struct Detective {
    /// Its head.
    pub head: RunHead,
    /// Where the question posts.
    pub action: String,
    /// Where the answer posts, to be applied to the whole file.
    pub apply_action: String,
    /// Who was asked about.
    pub identifier: String,
    /// The one reading that fits.
    pub solution: Option<Solution>,
    /// The readings that fit, where they are several.
    pub readings: Vec<String>,
    /// Why there is no answer.
    pub failure: Option<Message>,
    /// What is wrong with the question.
    pub problems: Problems,
}

impl Page for Detective {
    const TEMPLATE: &'static str = "admin/imports/detective.html";

    fn sample() -> Self {
        Self {
            head: RunHead::sample(RunState::Ready, "/detective"),
            action: "/admin/users/imports/imp_0193/detective".to_owned(),
            apply_action: "/admin/users/imports/imp_0193/detective/apply".to_owned(),
            identifier: String::new(),
            solution: None,
            readings: Vec::new(),
            failure: None,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let asked = Self {
            identifier: "ada@example.com".to_owned(),
            ..Self::sample()
        };
        let found = Self {
            solution: Some(Solution {
                summary: "custom: sha1(salt + md5(password)), salt in column extra".to_owned(),
                column: "pw".to_owned(),
                assumed: vec!["the password was taken as UTF-8".to_owned()],
                sealed: Some("sealed".to_owned()),
            }),
            ..asked.clone()
        };
        let ambiguous = Self {
            readings: vec![
                "md5, salt before the password".to_owned(),
                "md5, salt after the password".to_owned(),
            ],
            ..asked.clone()
        };
        let nothing = Self {
            failure: Some(Message::new("import-detective-nothing")),
            ..asked.clone()
        };
        let wrong = Self {
            problems: Problems::at("identifier", Message::new("import-detective-no-row")),
            ..asked
        };
        vec![
            ("found", found),
            ("ambiguous", ambiguous),
            ("nothing", nothing),
            ("wrong", wrong),
        ]
    }
}
