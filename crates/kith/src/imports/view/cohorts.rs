//! The passwords of an import by how they are hashed, and whether any of each kind was seen to work.

use serde::Serialize;

use crate::imports::Strength;

/// How well stolen hashes keep their passwords, and what Kith has done about the weak ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// A fast digest: most passwords fall in hours.
    Weak,
    /// A fast digest that is on its way under argon2id.
    Wrapping,
    /// A fast digest, under argon2id by now.
    Wrapped,
    /// Slow, but below what is recommended today.
    Fair,
    /// As slow as is recommended today.
    Strong,
}

impl From<Strength> for Keeping {
    fn from(strength: Strength) -> Self {
        match strength {
            Strength::Weak => Self::Weak,
            Strength::Fair => Self::Fair,
            Strength::Strong => Self::Strong,
        }
    }
}

/// Passwords of one import that are hashed alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CohortRow {
    /// What people call the source; empty while nobody knows.
    pub source: String,
    /// The scheme of the hashes.
    pub scheme: String,
    /// Their parameters; empty where there are none.
    pub parameters: String,
    /// How well they keep a password.
    pub keeping: Keeping,
    /// Whether equal passwords have different hashes.
    pub is_salted: bool,
    /// How many passwords came in.
    pub people: u64,
    /// How many people have shown that theirs works.
    pub proved: u64,
    /// Whether nobody has shown it yet.
    pub is_unproved: bool,
}

/// The cohorts of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CohortTable {
    /// The cohorts, the largest first.
    pub rows: Vec<CohortRow>,
    /// Whether the passwords are here, so that it can be told which were proved.
    pub is_written: bool,
    /// Where known passwords are tried; none where that shows nothing.
    pub proof_url: Option<String>,
}

impl CohortTable {
    /// One of every kind.
    pub(super) fn sample() -> Self {
        let row = |scheme: &str, parameters: &str, keeping, people, proved| CohortRow {
            source: "Auth0".to_owned(),
            scheme: scheme.to_owned(),
            parameters: parameters.to_owned(),
            keeping,
            is_salted: scheme != "md5",
            people,
            proved,
            is_unproved: proved == 0,
        };
        Self {
            rows: vec![
                row("bcrypt", "cost 10", Keeping::Strong, 3_612, 214),
                row(
                    "pbkdf2",
                    "digest sha256, iterations 24000",
                    Keeping::Fair,
                    96,
                    0,
                ),
                row("salted_digest", "digest sha256", Keeping::Wrapping, 12, 1),
                row("md5", "", Keeping::Wrapped, 3, 0),
            ],
            is_written: true,
            proof_url: Some("/admin/users/imports/imp_0193/proof".to_owned()),
        }
    }

    /// The same before anything is written.
    pub(super) fn dry_sample() -> Self {
        let mut table = Self::sample();
        for row in &mut table.rows {
            row.proved = 0;
            if matches!(row.keeping, Keeping::Wrapping | Keeping::Wrapped) {
                row.keeping = Keeping::Weak;
            }
        }
        Self {
            is_written: false,
            proof_url: None,
            ..table
        }
    }
}
