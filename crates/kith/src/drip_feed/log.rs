//! The log of checks: what is written into it, and what is forgotten of it.

use std::time::Duration;

use db::Tx;

use super::ask::Door;
use super::connector::NotRight;
use super::no::No;
use super::store::{self, Check};
use crate::context::{App, Context};
use crate::id::UserId;

/// The connector of checks that a workflow has made.
const BY_WORKFLOW: &str = "workflow";

/// What came of a check, by whatever asked.
pub(super) struct Came {
    /// As it is stored.
    pub(super) outcome: &'static str,
    /// Why nobody was moved, where that is not told by the outcome.
    pub(super) reason: Option<String>,
    /// Who was moved.
    pub(super) moved: Option<UserId>,
}

impl Came {
    fn check(self, cx: &Context, connector: &str, door: Door, took: Duration) -> Check {
        Check {
            connector: connector.to_owned(),
            door: door.as_str().to_owned(),
            outcome: self.outcome.to_owned(),
            reason: self.reason,
            user_id: self.moved,
            took_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            checked_at: cx.now(),
        }
    }
}

/// Writes down what came of asking a connector, and how the old system does now.
pub(super) async fn note(
    cx: &Context,
    tx: &mut Tx,
    (connector, door): (&str, Door),
    (judged, took): (Result<(), &NotRight>, Duration),
    came: Came,
) -> Result<(), db::Error> {
    let health = store::health(tx, cx).await?;
    let after = health.after(judged, took, cx.now());
    if after != health {
        store::put_health(tx, cx, after).await?;
    }
    store::insert_check(tx, cx, &came.check(cx, connector, door, took)).await
}

/// What a workflow made of a password that could not be judged here.
pub struct ByWorkflow {
    /// How long it took.
    pub took: Duration,
    /// Who was moved by it, or how it said that nobody is.
    pub came: Result<UserId, No>,
}

/// Writes it down.
///
/// # Errors
/// When the database fails.
pub async fn note_workflow(cx: &Context, judged: ByWorkflow) -> Result<(), db::Error> {
    let mut tx = cx.db().begin().await?;
    let (moved, no) = match judged.came {
        Ok(user) => (Some(user), None),
        Err(no) => (None, Some(no)),
    };
    if let Some(no) = no {
        let known = store::workflow_no(&mut tx, cx).await?;
        store::put_workflow_no(&mut tx, cx, &known.after(no.takes, no.says)).await?;
    }
    let came = Came {
        outcome: if moved.is_some() { "moved" } else { "wrong" },
        reason: None,
        moved,
    };
    let check = came.check(cx, BY_WORKFLOW, Door::SignIn, judged.took);
    store::insert_check(&mut tx, cx, &check).await?;
    tx.commit().await
}

/// For how long checks are kept that moved nobody.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Forgets questions that were answered, and old checks that moved nobody.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(app: &App) -> Result<(), db::Error> {
    let mut tx = app.db().begin().await?;
    store::forget_old_questions(&mut tx, app.now()).await?;
    store::forget_old_checks(&mut tx, app.now() - KEPT).await?;
    tx.commit().await
}
