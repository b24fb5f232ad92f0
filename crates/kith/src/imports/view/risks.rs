//! What is to be weighed about an import: before it is done, and when somebody looks back.

use serde::Serialize;

use crate::imports::Level;
use crate::pages::Message;

/// A doubt about the files, or a risk of the people in them. It shows no hash, no salt and no password.
#[derive(Debug, Clone, Serialize)]
pub struct RiskRow {
    /// How grave it is.
    pub level: Level,
    /// The stable code.
    pub code: String,
    /// What was seen, what it may mean, and what to do.
    pub text: Message,
}

impl RiskRow {
    /// One of every level, the gravest first.
    pub(super) fn samples() -> Vec<Self> {
        let row = |level, code: &str, text| Self {
            level,
            code: code.to_owned(),
            text,
        };
        let mapping = "accountEnabled usually says whether the account is open, not whether an address is proven; \
                       leave it out, so that addresses are proven by a code at the first sign-in";
        vec![
            row(
                Level::Refuse,
                "suspicious_mapping",
                Message::new("import-error-reason").with("reason", mapping),
            ),
            row(
                Level::Warning,
                "unproven_privileged",
                Message::new("import-risk-unproven-privileged").with("count", 2),
            ),
            row(
                Level::Warning,
                "shared_hashes",
                Message::new("import-risk-shared-hashes")
                    .with("count", 41)
                    .with("clusters", 6)
                    .with("largest", 17),
            ),
            row(
                Level::Note,
                "disposable_addresses",
                Message::new("import-risk-disposable-addresses").with("count", 1),
            ),
        ]
    }
}
