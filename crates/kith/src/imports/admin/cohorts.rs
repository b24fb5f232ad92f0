//! The cohorts of an import, as its pages show them.

use db::Tx;

use super::{count, path};
use crate::credentials::weak;
use crate::http::Result;
use crate::imports::view::{CohortRow, CohortTable, Keeping};
use crate::imports::{self, Cohort, Run, State, Strength};
use crate::team::Member;

/// The cohorts of an import: where nothing is written yet, only how many passwords are hashed alike.
pub(super) async fn table(member: &Member, tx: &mut Tx, run: &Run) -> Result<CohortTable> {
    let is_written = is_written(run);
    let mut cohorts = imports::cohorts(tx, run).await?;
    cohorts.sort_by_key(|cohort| std::cmp::Reverse(cohort.people));
    let is_weak = |cohort: &Cohort| cohort.strength == Strength::Weak;
    let weak = if is_written && cohorts.iter().any(is_weak) {
        keeping_of_weak(member).await?
    } else {
        Keeping::Weak
    };
    Ok(CohortTable {
        rows: cohorts
            .into_iter()
            .map(|cohort| row(run, cohort, weak))
            .collect(),
        is_written,
        proof_url: can_be_proved(run).then(|| member.url(&path(run, "/proof"))),
    })
}

/// Whether known passwords could show something.
pub(super) fn can_be_proved(run: &Run) -> bool {
    is_written(run) && run.summary.mix.kinds().next().is_some()
}

/// Whether the passwords are here.
fn is_written(run: &Run) -> bool {
    !run.is_dry_run && !matches!(run.state, State::Uploading | State::Undone)
}

/// Weak hashes go under argon2id wherever they came from; once none waits, all of them are.
async fn keeping_of_weak(member: &Member) -> Result<Keeping> {
    Ok(if weak::count(&member.cx).await? > 0 {
        Keeping::Wrapping
    } else {
        Keeping::Wrapped
    })
}

fn row(run: &Run, cohort: Cohort, weak: Keeping) -> CohortRow {
    CohortRow {
        is_unproved: cohort.is_unproved(),
        source: run.label().to_owned(),
        keeping: match cohort.strength {
            Strength::Weak => weak,
            strength => strength.into(),
        },
        scheme: cohort.scheme,
        parameters: cohort.parameters,
        is_salted: cohort.is_salted,
        people: count(cohort.people),
        proved: count(cohort.proved),
    }
}
