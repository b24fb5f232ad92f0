//! Roles, permissions and organizations that a file of our own defines, each on a line of its own before the people.
//!
//! They are taken out of a batch before its people are planned: written in the batch's transaction by a run, so that the batch's
//! people find them; remembered by a dry run, for the people of this batch and of those to come. What exists here is changed to
//! what the file says, and a role gets the permissions that it lacks; nothing is taken away.

mod pending;

use std::collections::HashSet;

use db::{Error, Tx};
use import::own::{self, Definition};
use import::plan::Conflict;
use import::source::Row;
use import::{Problem, ProblemCode};

use super::Tally;
use super::planning::{Note, Planned};
use crate::context::Context;
use crate::error::Coded as _;
use crate::organizations::{self, DefineError, Organization};
use crate::roles::{self, permissions};

pub(super) use pending::{Name, Pending};

/// What became of the definitions of a batch.
#[derive(Default)]
pub(super) struct Defined {
    tally: Tally,
    notes: Vec<Note>,
}

/// What a definition would do.
enum Outcome {
    Create,
    Update,
    Nothing,
    Refuse(Conflict),
}

/// What exists here under a definition's name.
enum Existing {
    Nothing,
    Permission(own::Permission),
    Role(own::Role),
    Organization(Box<Organization>),
}

/// Takes the definitions out of the rows and writes them.
///
/// # Errors
/// When the database fails.
pub(super) async fn write(
    cx: &Context,
    tx: &mut Tx,
    rows: &mut Vec<Result<Row, Problem>>,
) -> Result<Defined, Error> {
    let mut defined = Defined::default();
    for (row, definition) in take(rows) {
        let existing = find(cx, tx, &definition).await?;
        let outcome = existing.outcome(cx, tx, &definition).await?;
        let unknown = unknown_permissions(cx, tx, &definition).await?;
        let is_news = match outcome {
            Outcome::Create | Outcome::Update => true,
            // It may still take over the code of the one in the file.
            Outcome::Nothing => existing.is_default_organization(),
            Outcome::Refuse(_) => false,
        };
        defined.count(&row, outcome, &unknown);
        if is_news {
            define(cx, tx, &definition, existing).await?;
        }
    }
    Ok(defined)
}

/// Takes the definitions out of the rows, and tells what [`write`] would make of them.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell(
    cx: &Context,
    tx: &mut Tx,
    rows: &mut Vec<Result<Row, Problem>>,
    pending: &mut Pending,
) -> Result<Defined, Error> {
    let mut defined = Defined::default();
    for (row, definition) in take(rows) {
        let mut outcome = if let Some(error) = pending.refusal(&definition) {
            Outcome::refuse(&error)
        } else {
            let existing = find(cx, tx, &definition).await?;
            existing.outcome(cx, tx, &definition).await?
        };
        if !matches!(outcome, Outcome::Refuse(_)) {
            match pending.remember(&definition) {
                pending::Before::Other => {}
                pending::Before::Same => outcome = Outcome::Nothing,
                pending::Before::Changed => outcome = Outcome::Update,
            }
        }
        let mut unknown = unknown_permissions(cx, tx, &definition).await?;
        unknown.retain(|key| !pending.has(Name::Permission(key)));
        defined.count(&row, outcome, &unknown);
    }
    Ok(defined)
}

impl Planned {
    /// Adds what became of the definitions of the batch.
    pub(super) fn add_definitions(&mut self, defined: Defined) {
        self.tally += defined.tally;
        self.notes.extend(defined.notes);
    }
}

impl Defined {
    /// Whether the batch had no definition.
    pub(super) fn is_empty(&self) -> bool {
        self.tally.records == 0
    }

    fn count(&mut self, row: &Row, outcome: Outcome, unknown: &[String]) {
        self.tally.records += 1;
        match outcome {
            Outcome::Create => self.tally.created += 1,
            Outcome::Update => self.tally.updated += 1,
            Outcome::Nothing => self.tally.unchanged += 1,
            Outcome::Refuse(conflict) => {
                self.tally.refused += 1;
                self.notes.push(Note {
                    problem: Problem::of_conflict(row.number, row.line, conflict, &row.raw),
                    is_warning: false,
                });
                return;
            }
        }
        if unknown.is_empty() {
            return;
        }
        self.tally.warnings += 1;
        self.notes.push(Note {
            problem: Problem {
                number: row.number,
                line: row.line,
                column: Some("permissions".to_owned()),
                code: ProblemCode::UNKNOWN_PERMISSION,
                reason: format!(
                    "no permission has the key {}; the role goes without",
                    unknown.join(", ")
                ),
                row: row.raw.redacted(),
            },
            is_warning: true,
        });
    }
}

impl Outcome {
    fn refuse(error: &DefineError) -> Self {
        Self::Refuse(Conflict {
            column: Some(match error {
                DefineError::HandleTaken => "handle",
                DefineError::ExternalIdTaken | DefineError::Db(_) => "external_id",
            }),
            code: ProblemCode::new(error.code().name),
            reason: error.to_string(),
        })
    }
}

impl Existing {
    fn is_default_organization(&self) -> bool {
        matches!(self, Self::Organization(here) if here.is_default)
    }

    async fn outcome(&self, cx: &Context, tx: &mut Tx, new: &Definition) -> Result<Outcome, Error> {
        let is_same = match (self, new) {
            (Self::Permission(here), Definition::Permission(new)) => {
                here.name == new.name && here.description == new.description
            }
            (Self::Role(here), Definition::Role(new)) => same_role(here, new),
            (Self::Organization(here), Definition::Organization(new)) => {
                let new = own::Organization {
                    code: here.id.to_string(),
                    created_at: here.created_at.millis(),
                    ..new.clone()
                };
                organizations::whole(here) == new
            }
            _ => false,
        };
        if is_same {
            return Ok(Outcome::Nothing);
        }
        let here = match self {
            Self::Organization(here) => Some(&**here),
            _ => None,
        };
        if let Definition::Organization(new) = new {
            match organizations::check_definition(cx, tx, new, here).await {
                Ok(()) => {}
                Err(DefineError::Db(error)) => return Err(error),
                Err(error) => return Ok(Outcome::refuse(&error)),
            }
        }
        Ok(match self {
            Self::Nothing => Outcome::Create,
            _ => Outcome::Update,
        })
    }
}

/// Whether a role here is all that the file says.
fn same_role(here: &own::Role, new: &own::Role) -> bool {
    let has = |key: &String| here.permissions.contains(key);
    here.name == new.name
        && here.description == new.description
        && here.is_default_role == new.is_default_role
        && here.assignment_permission == new.assignment_permission
        && new.permissions.iter().all(has)
}

/// The rows that define something, with what they define; the others stay in their order.
fn take(rows: &mut Vec<Result<Row, Problem>>) -> Vec<(Row, Definition)> {
    let is_definition = |row: &Result<Row, Problem>| {
        row.as_ref()
            .is_ok_and(|row| row.record.definition.is_some())
    };
    if !rows.iter().any(is_definition) {
        return Vec::new();
    }
    let mut taken = Vec::new();
    for row in std::mem::take(rows) {
        match row {
            Ok(mut row) => match row.record.definition.take() {
                Some(definition) => taken.push((row, *definition)),
                None => rows.push(Ok(row)),
            },
            problem @ Err(_) => rows.push(problem),
        }
    }
    taken
}

async fn find(cx: &Context, tx: &mut Tx, definition: &Definition) -> Result<Existing, Error> {
    Ok(match definition {
        Definition::Permission(one) => roles::defined_permission(cx, tx, &one.key)
            .await?
            .map_or(Existing::Nothing, Existing::Permission),
        Definition::Role(one) => roles::defined_role(cx, tx, &one.key)
            .await?
            .map_or(Existing::Nothing, Existing::Role),
        Definition::Organization(one) => organizations::defined(cx, tx, one)
            .await?
            .map_or(Existing::Nothing, |found| {
                Existing::Organization(Box::new(found))
            }),
    })
}

async fn define(
    cx: &Context,
    tx: &mut Tx,
    definition: &Definition,
    existing: Existing,
) -> Result<(), Error> {
    match (definition, existing) {
        (Definition::Permission(new), Existing::Permission(here)) => {
            roles::define_permission(cx, tx, new, Some(&here)).await
        }
        (Definition::Permission(new), _) => roles::define_permission(cx, tx, new, None).await,
        (Definition::Role(new), Existing::Role(here)) => {
            roles::define_role(cx, tx, new, Some(&here)).await
        }
        (Definition::Role(new), _) => roles::define_role(cx, tx, new, None).await,
        (Definition::Organization(new), Existing::Organization(here)) => {
            organizations::define(cx, tx, new, Some(*here)).await
        }
        (Definition::Organization(new), _) => organizations::define(cx, tx, new, None).await,
    }
}

/// The keys of a role's permissions that don't exist.
async fn unknown_permissions(
    cx: &Context,
    tx: &mut Tx,
    definition: &Definition,
) -> Result<Vec<String>, Error> {
    let Definition::Role(role) = definition else {
        return Ok(Vec::new());
    };
    let wanted: Vec<&str> = role.permissions.iter().map(String::as_str).collect();
    let mut known = HashSet::new();
    for some in wanted.chunks(500) {
        let found = permissions::find_many_by_keys(cx, tx, some).await?;
        known.extend(found.into_iter().map(|permission| permission.key));
    }
    let unknown = wanted.into_iter().filter(|key| !known.contains(*key));
    Ok(unknown.map(str::to_owned).collect())
}
