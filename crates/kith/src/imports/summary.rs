//! What there is to say about an import beyond numbers of rows: how its people will sign in, and what is odd about its files.

use std::collections::BTreeMap;

use import::identifier::IdentityKind;
use import::plan::{Existing, KnownPassword};
use import::{Finding, UserRecord};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Sample;
use super::cohorts::Mix;
use super::risks::Risks;
use super::undo::Undone;

/// What there is to say about an import as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// How the people who are new will be able to sign in.
    pub outlook: Outlook,
    /// Passwords by the scheme of their hash.
    pub schemes: BTreeMap<String, i64>,
    /// Passwords by scheme and parameters.
    pub mix: Mix,
    /// Refused rows by code.
    pub refused: BTreeMap<String, i64>,
    /// What was left out of rows, by code.
    pub warnings: BTreeMap<String, i64>,
    /// Doubts about the files; [`Summary::doubts`] has the risks as well.
    pub findings: Vec<Doubt>,
    /// What is dangerous about the people.
    pub risks: Risks,
    /// Some of the rows of each outcome, to see that columns went where they belong.
    pub samples: Vec<Sample>,
    /// How many rows a dry run has counted before.
    pub expected: Option<i64>,
    /// What was undone, where it was.
    pub undone: Option<Undone>,
}

/// A doubt about a file, or a risk of the people in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = import_finding)]
pub struct Doubt {
    /// How grave it is.
    #[serde(default)]
    pub level: Level,
    /// Which file, from 0; 0 for what concerns them all.
    pub file: i64,
    /// The stable code.
    pub code: String,
    /// The column in doubt.
    pub column: Option<String>,
    /// How many people or rows it concerns, where they are counted.
    #[serde(default)]
    pub count: Option<i64>,
    /// What was seen, and what it may mean.
    pub reason: String,
}

/// How grave a doubt is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[schema(as = import_finding_level)]
pub enum Level {
    /// Good to know.
    Note,
    /// To be weighed before the import is done.
    #[default]
    Warning,
    /// Nothing is imported unless somebody insists.
    Refuse,
}

impl Doubt {
    /// A doubt about a file.
    pub(super) fn about(file: i64, finding: &Finding) -> Self {
        Self {
            level: if finding.is_grave {
                Level::Refuse
            } else {
                Level::Warning
            },
            file,
            code: finding.code.to_owned(),
            column: finding.column.clone(),
            count: None,
            reason: finding.reason.clone(),
        }
    }

    /// A risk of so many people.
    pub(super) fn risk(level: Level, code: &str, count: i64, reason: String) -> Self {
        Self {
            level,
            file: 0,
            code: code.to_owned(),
            column: None,
            count: Some(count),
            reason,
        }
    }
}

/// How people will be able to sign in. Each is counted once; the suspended once more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = import_sign_in)]
pub struct Outlook {
    /// With the password that they have.
    pub with_password: i64,
    /// With the password that they have, and a code to their address once.
    pub with_password_and_code: i64,
    /// With a code; then they choose a password.
    pub with_code: i64,
    /// With their account at another provider.
    pub with_account_elsewhere: i64,
    /// Not at all while they are suspended.
    pub suspended: i64,
}

impl std::ops::AddAssign for Outlook {
    fn add_assign(&mut self, other: Self) {
        self.with_password += other.with_password;
        self.with_password_and_code += other.with_password_and_code;
        self.with_code += other.with_code;
        self.with_account_elsewhere += other.with_account_elsewhere;
        self.suspended += other.suspended;
    }
}

impl Outlook {
    /// Counts a person to be.
    pub(super) fn add_record(&mut self, record: &UserRecord) {
        let identities = record.identities.iter();
        let identities =
            identities.map(|identity| (identity.kind(), identity.verified == Some(true)));
        *self.of(identities, record.password.is_some()) += 1;
        self.suspended += i64::from(record.suspended == Some(true));
    }

    /// Counts a person.
    pub(super) fn add(&mut self, person: &Existing) {
        *self.of_person(person) += 1;
        self.suspended += i64::from(person.suspended);
    }

    /// Takes back what was counted for a person.
    pub(super) fn take(&mut self, person: &Existing) {
        *self.of_person(person) -= 1;
        self.suspended -= i64::from(person.suspended);
    }

    fn of_person(&mut self, person: &Existing) -> &mut i64 {
        let identities = person.identities.iter();
        let identities = identities.map(|known| (known.kind.clone(), known.verified));
        self.of(identities, person.password != KnownPassword::None)
    }

    /// The count for somebody with these identities, each with whether it is proven.
    fn of(
        &mut self,
        identities: impl Iterator<Item = (IdentityKind, bool)>,
        has_password: bool,
    ) -> &mut i64 {
        let (mut is_elsewhere_only, mut has_email, mut is_proven) = (true, false, false);
        for (kind, verified) in identities {
            is_elsewhere_only &= matches!(kind, IdentityKind::Social { .. });
            has_email |= kind == IdentityKind::Email;
            is_proven |= kind == IdentityKind::Email && verified;
        }
        match (is_elsewhere_only, has_password, is_proven || !has_email) {
            (true, _, _) => &mut self.with_account_elsewhere,
            (false, false, _) => &mut self.with_code,
            (false, true, true) => &mut self.with_password,
            (false, true, false) => &mut self.with_password_and_code,
        }
    }
}
