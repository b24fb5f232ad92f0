//! Verifying an import: does everybody whom a file tells of have here what the file says?
//!
//! Each row is planned as if it were imported, and nobody writes. If nothing would be done, it is all here; whatever would
//! be done is missing, and told with the place of its row. What people have changed here since is as it should be, as it would
//! be for an import. Nothing is written, and no more than a batch is in memory, so it can be done beside a running server.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::Tx;
use import::plan::{Changes, Plan, Policy};
use import::source::Row;
use import::{FileError, Problem, Warning};
use serde::Serialize;

use super::batch::{find_people, with_policy};
use super::known::{Known, Target};
use super::list::Refusal;
use super::reading::{Batch, Files};
use super::resolve::Directory;
use super::{Cohort, File, Input, Options, Position, StartError, cohorts, start};
use crate::context::Context;
use crate::credentials::proofs;
use crate::error::{Code, Coded};
use crate::id::UserId;

/// What is to be verified.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The name of the source; none to tell it from the files.
    pub source: Option<String>,
    /// The files, in any order.
    pub inputs: Vec<Input>,
    /// How they are to be read: as for the import.
    pub options: Options,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The name of the source.
    pub source: String,
    /// Rows that were read.
    pub records: i64,
    /// Rows of which everything is here.
    pub present: i64,
    /// Rows of which something is missing.
    pub missing: i64,
    /// What is missing, by code. A row may miss several things.
    pub missing_by_code: BTreeMap<String, i64>,
    /// The imported passwords of the people in the files, by scheme and parameters, with how many were shown to work.
    pub cohorts: Vec<Cohort>,
}

/// The files were not verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// They can't be read.
    #[error(transparent)]
    Start(#[from] StartError),
    /// One gave out before its end.
    #[error(transparent)]
    File(#[from] FileError),
    /// What is missing could not be told.
    #[error("the report can't be written")]
    Report(#[source] std::io::Error),
    /// The process is asked to stop.
    #[error("interrupted before the end of the files")]
    Stopped,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for VerifyError {
    fn code(&self) -> Code {
        match self {
            Self::Start(error) => error.code(),
            Self::File(_) => Code::IMPORT_FILE,
            Self::Report(_) => Code::INTERNAL,
            Self::Stopped => Code::UNAVAILABLE,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Compares what the files say with what is here, and tells `report` of everything that is missing, in their order.
///
/// # Errors
/// [`VerifyError`].
pub async fn verify(
    cx: &Context,
    claim: Claim,
    mut report: impl FnMut(&Refusal) -> std::io::Result<()>,
) -> Result<Verification, VerifyError> {
    let Claim {
        source,
        inputs,
        options,
    } = claim;
    let (source, files) = start::look(cx, source, inputs, &options).await?;
    let all: Vec<File> = files.iter().map(|(file, _)| file.clone()).collect();
    let files = Files {
        app: (**cx).clone(),
        source,
        options: options.clone(),
        files,
    };
    let mut found = Found {
        verification: Verification {
            source: source.name.to_owned(),
            ..Verification::default()
        },
        people: HashMap::new(),
    };
    let mut batches = files.read(Position::default());
    while let Some(mut batch) = batches.next().await? {
        if cx.stopping().is_cancelled() {
            return Err(VerifyError::Stopped);
        }
        let cut = batch.cut.take();
        let number = usize::try_from(batch.file).ok().and_then(|at| all.get(at));
        let file = number.map_or(batch.file, |file| file.number);
        for missing in found.batch(cx, &options, batch, file).await? {
            report(&missing).map_err(VerifyError::Report)?;
        }
        if let Some(error) = cut {
            return Err(error.into());
        }
    }
    let mut tx = cx.db().read().await?;
    found.verification.cohorts = cohorts::with_people(&mut tx, &found.people).await?;
    Ok(found.verification)
}

/// What was found so far.
struct Found {
    verification: Verification,
    /// How many people have a password of which cohort.
    people: HashMap<proofs::Cohort, i64>,
}

impl Found {
    async fn batch(
        &mut self,
        cx: &Context,
        options: &Options,
        batch: Batch,
        file: i64,
    ) -> Result<Vec<Refusal>, db::Error> {
        let mut tx = cx.db().read().await?;
        let records: Vec<_> = batch.rows.iter().flatten().map(|row| &row.record).collect();
        let directory = Directory::load(cx, &mut tx, records.iter().copied()).await?;
        let known = Known::here(find_people(cx, &mut tx, None, &records).await?);
        let mut missing = Vec::new();
        let mut people = HashSet::new();
        with_policy(cx, options, |policy| {
            for row in batch.rows {
                let lacks = lacks(row, &known, &directory, policy, &mut people);
                self.verification.count(&lacks);
                missing.extend(lacks.into_iter().map(|lack| lack.at(file)));
            }
        });
        self.count_cohorts(&mut tx, &people).await?;
        Ok(missing)
    }

    async fn count_cohorts(
        &mut self,
        tx: &mut Tx,
        people: &HashSet<UserId>,
    ) -> Result<(), db::Error> {
        let people: Vec<_> = people.iter().collect();
        for cohort in proofs::cohorts_of(tx, &people).await?.into_values() {
            *self.people.entry(cohort).or_default() += 1;
        }
        Ok(())
    }
}

impl Verification {
    fn count(&mut self, lacks: &[Lack]) {
        self.records += 1;
        if lacks.is_empty() {
            self.present += 1;
        } else {
            self.missing += 1;
        }
        for lack in lacks {
            *self.missing_by_code.entry(lack.code.clone()).or_default() += 1;
        }
    }
}

/// Something that a row says and that is not here.
struct Lack {
    number: u64,
    line: u64,
    column: Option<String>,
    code: String,
    reason: String,
    content: String,
}

impl Lack {
    fn of(row: &Row, code: &str, reason: impl Into<String>) -> Self {
        Self {
            number: row.number,
            line: row.line,
            column: None,
            code: code.to_owned(),
            reason: reason.into(),
            content: row.raw.redacted(),
        }
    }

    fn of_problem(problem: Problem) -> Self {
        Self {
            number: problem.number,
            line: problem.line,
            column: problem.column,
            code: problem.code.to_string(),
            reason: problem.reason,
            content: problem.row,
        }
    }

    fn of_warning(row: &Row, warning: &Warning) -> Self {
        Self {
            column: warning.column.clone(),
            ..Self::of(row, warning.code.as_str(), &warning.reason)
        }
    }

    fn at(self, file: i64) -> Refusal {
        Refusal {
            file,
            number: i64::try_from(self.number).unwrap_or(i64::MAX),
            line: i64::try_from(self.line).unwrap_or(i64::MAX),
            column: self.column,
            code: self.code,
            reason: self.reason,
            content: self.content,
            is_warning: false,
        }
    }
}

/// What a row says and that is not here. Whoever is meant is added to `people`.
fn lacks(
    row: Result<Row, Problem>,
    known: &Known,
    directory: &Directory,
    policy: &Policy<'_>,
    people: &mut HashSet<UserId>,
) -> Vec<Lack> {
    let mut row = match row {
        Ok(row) => row,
        Err(problem) if problem.is_skipped() => return Vec::new(),
        Err(problem) => return vec![Lack::of_problem(problem)],
    };
    let mut record = std::mem::take(&mut row.record);
    let unknown = directory.keep_known(&mut record);
    let left_out = row.warnings.iter().chain(&unknown);
    let mut lacks: Vec<Lack> = left_out
        .map(|warning| Lack::of_warning(&row, warning))
        .collect();
    let mut is_meant = |user_id: &str| {
        if let Some(Target::Here(user)) = known.facts(user_id).map(|facts| &facts.target) {
            people.insert(user.clone());
        }
    };
    match known.people.plan(record, policy) {
        Plan::Create(_) => {
            lacks.push(Lack::of(
                &row,
                "missing_person",
                "nobody here is this person; import the file",
            ));
        }
        Plan::Update(changes) => {
            is_meant(&changes.user_id);
            let missing = missing_parts(&changes).into_iter();
            lacks.extend(missing.map(|(code, reason)| Lack::of(&row, code, reason)));
            let warnings = changes.warnings.iter();
            lacks.extend(warnings.map(|warning| Lack::of_warning(&row, warning)));
        }
        Plan::Unchanged { user_id } => is_meant(&user_id),
        Plan::Conflict(conflict) => {
            let problem = Problem::of_conflict(row.number, row.line, conflict, &row.raw);
            lacks.push(Lack::of_problem(problem));
        }
    }
    lacks
}

/// What an import would still change of a person, as codes with a sentence each.
fn missing_parts(changes: &Changes) -> Vec<(&'static str, &'static str)> {
    let differs = changes.given_name.is_some()
        || changes.family_name.is_some()
        || changes.picture.is_some()
        || changes.locale.is_some()
        || !(changes.properties.is_empty()
            && changes.private_properties.is_empty()
            && changes.feature_flags.is_empty());
    let parts = [
        (
            changes.password.is_some(),
            "missing_password",
            "the password is not here, or another one came with an import before",
        ),
        (
            !changes.identities.is_empty(),
            "missing_identity",
            "an e-mail address, phone number, username or account elsewhere is not here",
        ),
        (
            !changes.verify.is_empty(),
            "missing_verification",
            "an address that was proven there is not proven here",
        ),
        (
            !changes.memberships.is_empty(),
            "missing_membership",
            "a membership, a role or a permission is not here",
        ),
        (
            !(changes.totp.is_empty()
                && changes.recovery_codes.is_empty()
                && changes.passkeys.is_empty()),
            "missing_factor",
            "an authenticator app, a recovery code or a passkey is not here",
        ),
        (
            changes.suspend || changes.suspended_until.is_some(),
            "missing_suspension",
            "the person was kept from signing in there, and is not here",
        ),
        (
            changes.provided_id.is_some() || !changes.alternate_ids.is_empty(),
            "missing_id",
            "an id of the former provider is not here",
        ),
        (
            differs,
            "different_profile",
            "names, picture or properties differ",
        ),
    ];
    let missing: Vec<_> = parts
        .into_iter()
        .filter(|(is_missing, ..)| *is_missing)
        .map(|(_, code, reason)| (code, reason))
        .collect();
    if missing.is_empty() {
        vec![(
            "different",
            "something of the row is not here; import the file again",
        )]
    } else {
        missing
    }
}
