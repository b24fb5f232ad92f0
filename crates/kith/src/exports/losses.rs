//! What a format could not say: counted for people to read, and kept in a file for those who want to know of whom.

use std::collections::BTreeMap;

use import::target::Loss;

use crate::id::UserId;

/// How often something was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// What it is, such as `password`.
    pub field: &'static str,
    /// Which one, such as the scheme of a hash. May be empty.
    pub detail: String,
    /// Of how many people.
    pub count: u64,
}

/// What was left out of an export so far.
#[derive(Debug, Default)]
pub struct Losses(BTreeMap<Loss, u64>);

impl Losses {
    /// Counts what was left out of one person.
    pub fn add(&mut self, losses: &[Loss]) {
        for loss in losses {
            *self.0.entry(loss.clone()).or_default() += 1;
        }
    }

    /// Whether everything was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was left out, by name.
    #[must_use]
    pub fn counted(&self) -> Vec<Counted> {
        let counts = self.0.iter();
        counts
            .map(|(loss, count)| Counted {
                field: loss.field,
                detail: loss.detail.clone(),
                count: *count,
            })
            .collect()
    }

    /// The first line of a file of losses.
    pub const HEADER: &str = "user,field,detail\r\n";

    /// The lines of a file of losses that are about one person.
    #[must_use]
    pub fn lines(user: &UserId, losses: &[Loss]) -> String {
        losses.iter().fold(String::new(), |text, loss| {
            let detail = loss.detail.replace('"', "\"\"");
            text + &format!("{user},{},\"{detail}\"\r\n", loss.field)
        })
    }
}
