//! Planning a batch: what is to be done with each of its rows, given the people here. Pure.

use std::collections::HashSet;

use import::plan::{Changes, Existing, Plan, Policy, plan};
use import::source::Row;
use import::{Problem, UserRecord, Warning};

use super::known::{Facts, Known, Target};
use super::resolve::Directory;
use super::summary::{Outlook, Summary};
use super::{Tally, keys};

/// What is to be done with the rows of a batch.
#[derive(Default)]
pub(super) struct Planned {
    /// People to be made.
    pub(super) new: Vec<UserRecord>,
    /// People to be changed, in the order of the rows.
    pub(super) changed: Vec<(Target, Changes)>,
    /// What is noted about rows.
    pub(super) notes: Vec<Note>,
    /// How many rows of which outcome.
    pub(super) tally: Tally,
    /// By how much the summary changes.
    pub(super) outlook: Outlook,
    /// The schemes of the passwords that come in.
    pub(super) schemes: Vec<&'static str>,
}

/// A row that is refused, or of which something is left out.
pub(super) struct Note {
    pub(super) problem: Problem,
    pub(super) is_warning: bool,
}

/// Plans the rows in their order, each against the people as the rows before leave them. People of whom `repeated` keys are
/// known are remembered in `known` for rows to come.
pub(super) fn plan_rows(
    rows: Vec<Result<Row, Problem>>,
    known: &mut Known,
    repeated: &HashSet<u64>,
    directory: &Directory,
    policy: &Policy<'_>,
) -> Planned {
    let mut planned = Planned::default();
    planned.new.reserve(rows.len());
    for row in rows {
        planned.tally.records += 1;
        match row {
            Ok(row) => planned.row(row, known, repeated, directory, policy),
            Err(problem) => planned.refuse(problem),
        }
    }
    planned
}

impl Planned {
    fn row(
        &mut self,
        mut row: Row,
        known: &mut Known,
        repeated: &HashSet<u64>,
        directory: &Directory,
        policy: &Policy<'_>,
    ) {
        let mut record = std::mem::take(&mut row.record);
        let warnings = directory.keep_known(&mut record);
        let candidates = known.candidates(&record);
        let several: Vec<Existing>;
        let existing: &[Existing] = match candidates.as_slice() {
            [] => &[],
            [one] => std::slice::from_ref(known.person(*one)),
            some => {
                several = some.iter().map(|one| known.person(*one).clone()).collect();
                &several
            }
        };
        match plan(record, existing, policy) {
            Plan::Create(new) => {
                self.warn(&row, row.warnings.iter().chain(&warnings).chain(&new.warnings));
                self.create(new.record, known, repeated, policy);
            }
            Plan::Update(changes) => {
                let said = row.warnings.iter().chain(&warnings);
                self.warn(&row, said.chain(&changes.warnings));
                self.update(*changes, &candidates, known, policy);
            }
            Plan::Unchanged { .. } => {
                self.warn(&row, row.warnings.iter().chain(&warnings));
                self.tally.unchanged += 1;
            }
            Plan::Conflict(conflict) => {
                self.refuse(row.refuse(conflict.column, conflict.code, &conflict.reason));
            }
        }
    }

    fn create(
        &mut self,
        record: UserRecord,
        known: &mut Known,
        repeated: &HashSet<u64>,
        policy: &Policy<'_>,
    ) {
        let index = self.new.len();
        self.tally.created += 1;
        self.schemes
            .extend(record.password.as_ref().map(password::Hash::scheme));
        self.outlook.add_record(&record);
        if !repeated.is_empty() && keys::of_record(&record).any(|key| repeated.contains(&key)) {
            let person = Existing::created(format!("new {index}"), &record, policy);
            let facts = Facts {
                target: Target::New(index),
                is_of_run: true,
            };
            known.add(person, facts);
        }
        self.new.push(record);
    }

    fn update(
        &mut self,
        changes: Changes,
        candidates: &[usize],
        known: &mut Known,
        policy: &Policy<'_>,
    ) {
        self.tally.updated += 1;
        self.schemes
            .extend(changes.password.as_ref().map(password::Hash::scheme));
        let index = known
            .with_id(candidates, &changes.user_id)
            .expect("a plan changes one of the candidates");
        let facts = known.facts(index).clone();
        let mut person = known.person(index).clone();
        if facts.is_of_run {
            self.outlook.take(&person);
        }
        person.apply(&changes, policy);
        if facts.is_of_run {
            self.outlook.add(&person);
        }
        known.replace(index, person);
        self.changed.push((facts.target, changes));
    }

    fn refuse(&mut self, problem: Problem) {
        self.tally.refused += 1;
        self.notes.push(Note {
            problem,
            is_warning: false,
        });
    }

    fn warn<'a>(&mut self, row: &Row, warnings: impl Iterator<Item = &'a Warning>) {
        for warning in warnings {
            self.tally.warnings += 1;
            let column = warning.column.as_deref();
            self.notes.push(Note {
                problem: row.refuse(column, warning.code, &warning.reason),
                is_warning: true,
            });
        }
    }

    /// Adds what these rows change of a run's summary.
    pub(super) fn add_to(&self, summary: &mut Summary) {
        summary.outlook += self.outlook;
        for scheme in &self.schemes {
            *summary.schemes.entry((*scheme).to_owned()).or_default() += 1;
        }
        for note in &self.notes {
            let counts = if note.is_warning {
                &mut summary.warnings
            } else {
                &mut summary.refused
            };
            *counts.entry(note.problem.code.to_string()).or_default() += 1;
        }
    }
}
