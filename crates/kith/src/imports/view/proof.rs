//! Proving an import: known passwords, tried against what it has brought.

use serde::Serialize;

use super::{CohortTable, RunHead, RunState};
use crate::pages::{Message, Page, Problems};

/// What a known password has shown. The password itself is in no page.
#[derive(Debug, Clone, Serialize)]
pub struct ProofAnswer {
    /// Whose password it was said to be.
    pub identifier: String,
    /// How the badge looks: `good`, `warn` or `bad`.
    pub tone: &'static str,
    /// The outcome in a word or two.
    pub outcome: Message,
    /// What that means, and what to do.
    pub text: Message,
}

/// The form, the answers, and what is proved by now.
#[derive(Debug, Clone, Serialize)]
pub struct ProofPage {
    /// Its head.
    pub head: RunHead,
    /// Where the form posts, as `multipart/form-data`; `csrf` is its first part.
    pub action: String,
    /// How many passwords a form may have.
    pub max_pairs: u64,
    /// One for each pair that was tried, in their order.
    pub answers: Vec<ProofAnswer>,
    /// What is proved.
    pub cohorts: CohortTable,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl Page for ProofPage {
    const TEMPLATE: &'static str = "admin/imports/proof.html";

    fn sample() -> Self {
        Self {
            head: RunHead::sample(RunState::Finished, "/proof"),
            action: "/admin/users/imports/imp_0193/proof".to_owned(),
            max_pairs: 20,
            answers: Vec::new(),
            cohorts: CohortTable {
                proof_url: None,
                ..CohortTable::sample()
            },
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let answer = |identifier: &str, tone, outcome, text: Message| ProofAnswer {
            identifier: identifier.to_owned(),
            tone,
            outcome: Message::new(outcome),
            text,
        };
        let proved =
            Message::new("import-proof-right-text").with("cohort", "auth0 · bcrypt · cost 10");
        let answered = Self {
            answers: vec![
                answer("ada@example.com", "good", "import-proof-right", proved),
                answer(
                    "grace@example.com",
                    "bad",
                    "import-proof-wrong",
                    Message::new("import-proof-wrong-text"),
                ),
                answer(
                    "mary@example.com",
                    "warn",
                    "import-proof-no-password",
                    Message::new("import-proof-no-password-text"),
                ),
                answer(
                    "eve@example.com",
                    "warn",
                    "import-proof-no-person",
                    Message::new("import-proof-no-person-text"),
                ),
            ],
            ..Self::sample()
        };
        let wrong = Self {
            problems: Problems::at("pairs", Message::new("import-proof-none")),
            ..Self::sample()
        };
        vec![("answered", answered), ("wrong", wrong)]
    }
}
