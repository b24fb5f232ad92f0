//! What there is to say about an import beyond numbers of rows: how its people will sign in, and what is odd about its files.

use std::collections::BTreeMap;

use import::UserRecord;
use import::identifier::IdentityKind;
use import::plan::{Existing, KnownPassword};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Sample;

/// What there is to say about an import as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// How the people who are new will be able to sign in.
    pub outlook: Outlook,
    /// Passwords by the scheme of their hash.
    pub schemes: BTreeMap<String, i64>,
    /// Refused rows by code.
    pub refused: BTreeMap<String, i64>,
    /// What was left out of rows, by code.
    pub warnings: BTreeMap<String, i64>,
    /// Doubts about the files.
    pub findings: Vec<Doubt>,
    /// Some of the rows of each outcome, to see that columns went where they belong.
    pub samples: Vec<Sample>,
    /// How many rows a dry run has counted before.
    pub expected: Option<i64>,
}

/// A doubt about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = import_finding)]
pub struct Doubt {
    /// Which file, from 0.
    pub file: i64,
    /// The stable code.
    pub code: String,
    /// The column in doubt.
    pub column: Option<String>,
    /// What was seen, and what it may mean.
    pub reason: String,
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
