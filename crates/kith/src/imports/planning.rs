//! Planning a batch: what is to be done with each of its rows, given the people here. Pure.

use std::collections::HashSet;

use import::identifier::IdentityKind;
use import::plan::{Changes, Plan, Policy};
use import::source::Row;
use import::{Problem, ProblemCode, UserRecord, Warning};

use super::cohorts::Mix;
use super::known::{Facts, Known, Target};
use super::resolve::Directory;
use super::risks::Risks;
use super::sample::{Samples, Who};
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
    /// The same by scheme and parameters.
    pub(super) mix: Mix,
    /// What is dangerous about them.
    risks: Risks,
    /// Digests of the unsalted hashes, in the order of the rows.
    unsalted: Vec<u64>,
    /// Some of the rows.
    pub(super) samples: Samples,
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
            Err(problem) if problem.is_skipped() => planned.leave_alone(problem),
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
        let role = record.role;
        match known.people.plan(record, policy) {
            Plan::Create(mut new) => {
                self.warn(
                    &row,
                    row.warnings.iter().chain(&warnings).chain(&new.warnings),
                );
                self.samples.created(&row, &new.record);
                self.tell_similar(&row, &new.record, known);
                directory.join_default(&mut new.record);
                self.create(new.record, known, repeated, policy);
            }
            Plan::Update(changes) => {
                let said = row.warnings.iter().chain(&warnings);
                self.warn(&row, said.chain(&changes.warnings));
                if let Some(person) = known.people.get(&changes.user_id) {
                    self.samples.updated(&row, &Who { person, role }, &changes);
                }
                self.update(*changes, known, policy);
            }
            Plan::Unchanged { user_id } => {
                self.warn(&row, row.warnings.iter().chain(&warnings));
                if let Some(person) = known.people.get(&user_id) {
                    self.samples.unchanged(&row, &Who { person, role });
                }
                self.tally.unchanged += 1;
            }
            Plan::Conflict(conflict) => {
                self.refuse(Problem::of_conflict(
                    row.number, row.line, conflict, &row.raw,
                ));
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
        let password = record.password.as_ref();
        if record.own.is_some() {
            // What another installation of ours has stored needs no proof that it was understood.
            self.schemes.extend(password.map(password::Hash::scheme));
        } else {
            self.password(password, policy);
        }
        self.risks.add_record(&record);
        self.outlook.add_record(&record);
        if !repeated.is_empty() && keys::of_record(&record).any(|key| repeated.contains(&key)) {
            known.add_new(index, &record, policy);
        }
        self.new.push(record);
    }

    /// Says who may be the same person as somebody new. They stay two: nobody can tell.
    fn tell_similar(&mut self, row: &Row, record: &UserRecord, known: &Known) {
        for email in record.untagged_emails() {
            if known
                .people
                .with_identity(&IdentityKind::Email, &email)
                .is_some()
            {
                let warning = Warning {
                    column: Some("email".to_owned()),
                    code: ProblemCode::SIMILAR_ADDRESS,
                    reason: format!(
                        "somebody has the address {email}, which is often the same mailbox; they stay two people"
                    ),
                };
                self.warn(row, [&warning].into_iter());
            }
        }
    }

    fn update(&mut self, changes: Changes, known: &mut Known, policy: &Policy<'_>) {
        self.tally.updated += 1;
        self.password(changes.password.as_ref(), policy);
        let facts = known.facts(&changes.user_id).cloned();
        let Facts { target, is_of_run } = facts.expect("a plan changes people that it was given");
        if let Some(person) = known.people.get(&changes.user_id).filter(|_| is_of_run) {
            self.outlook.take(person);
        }
        known.people.change(&changes, policy);
        if let Some(person) = known.people.get(&changes.user_id).filter(|_| is_of_run) {
            self.outlook.add(person);
        }
        self.changed.push((target, changes));
    }

    fn password(&mut self, hash: Option<&password::Hash>, policy: &Policy<'_>) {
        let Some(hash) = hash else {
            return;
        };
        self.schemes.push(hash.scheme());
        if !self.mix.add(hash).is_salted {
            let digest = (policy.digest)(hash);
            let first = digest.first_chunk().copied();
            self.unsalted.extend(first.map(u64::from_be_bytes));
        }
    }

    fn refuse(&mut self, problem: Problem) {
        self.tally.refused += 1;
        self.notes.push(Note {
            problem,
            is_warning: false,
        });
    }

    /// Takes note of a row that is left alone on purpose.
    fn leave_alone(&mut self, problem: Problem) {
        self.tally.unchanged += 1;
        self.tally.warnings += 1;
        self.notes.push(Note {
            problem,
            is_warning: true,
        });
    }

    fn warn<'a>(&mut self, row: &Row, warnings: impl Iterator<Item = &'a Warning>) {
        for warning in warnings {
            self.tally.warnings += 1;
            let problem = Problem {
                number: row.number,
                line: row.line,
                column: warning.column.clone(),
                code: warning.code,
                reason: warning.reason.clone(),
                row: row.raw.redacted(),
            };
            self.notes.push(Note {
                problem,
                is_warning: true,
            });
        }
    }

    /// Adds what these rows change of a run's summary.
    pub(super) fn add_to(&self, summary: &mut Summary) {
        self.samples.add_to(&mut summary.samples);
        summary.outlook += self.outlook;
        for scheme in &self.schemes {
            *summary.schemes.entry((*scheme).to_owned()).or_default() += 1;
        }
        summary.mix.add_all(&self.mix);
        summary.risks.add_all(&self.risks, &self.unsalted);
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
