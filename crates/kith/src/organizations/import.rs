//! Bringing organizations in from a file, before the people who belong to them.
//!
//! An organization with an id in the former system is known by it: it is made, or gets the name that the file says. One without
//! is known by its name: it is made unless there is one of that name. So importing a file again changes nothing, and nothing is
//! ever taken away. Rows are written in batches; a row that cannot be taken costs only itself.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Seek as _;

use db::Tx;
use import::organization::{self, OrganizationRow, Organizations};
use import::{FileError, Problem, ProblemCode, check_encoding};
use serde::Serialize;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use super::create::CreateError;
use super::update::UpdateError;
use super::{Changes, NewOrganization, Organization, create, store, update};
use crate::context::Context;
use crate::error::{Code, Coded};

/// How many rows are written at once.
const BATCH: usize = 500;

/// How many refused rows are told; all are counted.
pub const MAX_TOLD: usize = 1_000;

/// Whether something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing: only told what would happen.
    DryRun,
    /// What the file says.
    Import,
}

/// What became of a file of organizations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many rows came to what.
    pub tally: OrganizationTally,
    /// The first of the refused rows.
    pub refused: Vec<Problem>,
}

/// How many rows of organizations there were, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = organization_import_counts)]
pub struct OrganizationTally {
    /// Rows that were read.
    pub records: u64,
    /// Organizations that are new.
    pub created: u64,
    /// Organizations that got another name.
    pub updated: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows that did not go in.
    pub refused: u64,
}

/// Why an import of organizations ended before its file did. Batches that were written stay.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing of the file can be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for ImportError {
    fn code(&self) -> Code {
        match self {
            Self::File(_) => Code::IMPORT_FILE,
            Self::Db(error) => error.code(),
        }
    }
}

/// [`import`] of a file on this machine, or of one that was uploaded.
///
/// # Errors
/// [`ImportError::File`] when nothing of the file can be read; [`ImportError::Db`].
///
/// # Panics
/// Never: reading a file doesn't panic, and nobody aborts it.
pub async fn import_file(cx: &Context, file: File, mode: Mode) -> Result<Imported, ImportError> {
    let opened = tokio::task::spawn_blocking(move || {
        let mut again = file.try_clone()?;
        // A file in a foreign encoding is refused whole, and not half taken.
        check_encoding(file)?;
        again.rewind()?;
        organization::open(again)
    });
    let organizations = opened
        .await
        .expect("reading a file doesn't panic, and nobody aborts it")?;
    Ok(import(cx, organizations, mode).await?)
}

/// Brings in the organizations of a file, or only tells what would happen.
///
/// # Errors
/// When the database fails. What is wrong with rows is told in what is returned.
async fn import(
    cx: &Context,
    organizations: Organizations,
    mode: Mode,
) -> Result<Imported, db::Error> {
    let mut importing = Importing {
        mode,
        ..Importing::default()
    };
    let mut batches = read(organizations);
    while let Some(batch) = batches.recv().await {
        let mut tx = match mode {
            Mode::DryRun => cx.db().read().await?,
            Mode::Import => cx.db().begin().await?,
        };
        importing.batch(cx, &mut tx, batch).await?;
        if mode == Mode::Import {
            tx.commit().await?;
        }
    }
    Ok(importing.imported)
}

/// Reads on a thread of its own, as the disk or the unpacking may wait.
fn read(organizations: Organizations) -> mpsc::Receiver<Vec<Result<OrganizationRow, Problem>>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut rows = organizations.peekable();
        while rows.peek().is_some() {
            let batch = rows.by_ref().take(BATCH).collect();
            if sender.blocking_send(batch).is_err() {
                return;
            }
        }
    });
    receiver
}

struct Importing {
    mode: Mode,
    imported: Imported,
    /// Those that this import has made, as a dry run has no other place to remember them.
    made: HashSet<Key>,
}

impl Default for Importing {
    fn default() -> Self {
        Self {
            mode: Mode::DryRun,
            imported: Imported::default(),
            made: HashSet::new(),
        }
    }
}

/// By what an organization is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    ExternalId(String),
    Name(String),
}

impl Key {
    fn of(row: &OrganizationRow) -> Self {
        match &row.record.external_id {
            Some(id) => Self::ExternalId(id.clone()),
            None => Self::Name(row.record.name.clone()),
        }
    }
}

enum Outcome {
    Created,
    Updated,
    Unchanged,
}

impl Importing {
    async fn batch(
        &mut self,
        cx: &Context,
        tx: &mut Tx,
        rows: Vec<Result<OrganizationRow, Problem>>,
    ) -> Result<(), db::Error> {
        let known = known(cx, tx, &rows).await?;
        for row in rows {
            self.imported.tally.records += 1;
            let outcome = match row {
                Ok(row) => self.row(cx, tx, &known, row).await?,
                Err(problem) => Err(problem),
            };
            let tally = &mut self.imported.tally;
            match outcome {
                Ok(Outcome::Created) => tally.created += 1,
                Ok(Outcome::Updated) => tally.updated += 1,
                Ok(Outcome::Unchanged) => tally.unchanged += 1,
                Err(problem) => {
                    tally.refused += 1;
                    if self.imported.refused.len() < MAX_TOLD {
                        self.imported.refused.push(problem);
                    }
                }
            }
        }
        Ok(())
    }

    async fn row(
        &mut self,
        cx: &Context,
        tx: &mut Tx,
        known: &HashMap<Key, Organization>,
        row: OrganizationRow,
    ) -> Result<Result<Outcome, Problem>, db::Error> {
        let key = Key::of(&row);
        if self.made.contains(&key) {
            return Ok(Ok(Outcome::Unchanged));
        }
        if let Some(organization) = known.get(&key) {
            if organization.name == row.record.name {
                return Ok(Ok(Outcome::Unchanged));
            }
            // Each key comes here once: a second row with another name was refused when it was read.
            self.made.insert(key);
            if self.mode == Mode::DryRun {
                return Ok(Ok(Outcome::Updated));
            }
            let changes = Changes {
                name: Some(row.record.name.clone()),
                ..Changes::default()
            };
            return match update(cx, tx, &organization.id, changes).await {
                Ok(()) => Ok(Ok(Outcome::Updated)),
                Err(UpdateError::Refused(CreateError::Db(error))) => Err(error),
                Err(error) => Ok(Err(refused(&row, &error))),
            };
        }
        let new = NewOrganization {
            name: row.record.name.clone(),
            external_id: row.record.external_id.clone(),
            ..NewOrganization::default()
        };
        let outcome = match self.mode {
            Mode::DryRun => super::create::check(&new).map_err(CreateError::from),
            Mode::Import => create(cx, tx, new).await.map(drop),
        };
        match outcome {
            Ok(()) => {
                self.made.insert(key);
                Ok(Ok(Outcome::Created))
            }
            Err(CreateError::Db(error)) => Err(error),
            Err(error) => Ok(Err(refused(&row, &error))),
        }
    }
}

fn refused(row: &OrganizationRow, error: &(impl Coded + std::fmt::Display)) -> Problem {
    let code = ProblemCode::new(error.code().name);
    row.refused(code, &error.to_string())
}

/// The organizations here that these rows mean.
async fn known(
    cx: &Context,
    tx: &mut Tx,
    rows: &[Result<OrganizationRow, Problem>],
) -> Result<HashMap<Key, Organization>, db::Error> {
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    for row in rows.iter().flatten() {
        match &row.record.external_id {
            Some(id) => ids.push(id.as_str()),
            None => names.push(row.record.name.as_str()),
        }
    }
    let mut known = HashMap::new();
    for organization in store::of_external_ids(tx, cx, &ids).await? {
        if let Some(id) = organization.external_id.clone() {
            known.insert(Key::ExternalId(id), organization);
        }
    }
    for organization in store::of_names(tx, cx, &names).await? {
        known.insert(Key::Name(organization.name.clone()), organization);
    }
    Ok(known)
}
