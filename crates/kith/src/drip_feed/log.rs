//! The log of checks: what others write into it, and what is forgotten of it.

use std::time::Duration;

use super::ask::Door;
use super::store::{self, Check};
use crate::context::{App, Context};
use crate::id::UserId;

/// The connector of checks that a workflow has made.
const BY_WORKFLOW: &str = "workflow";

/// Writes down what a workflow made of a password that could not be judged here: who was moved by it, or that nobody was.
///
/// # Errors
/// When the database fails.
pub async fn note_workflow(
    cx: &Context,
    moved: Option<UserId>,
    took: Duration,
) -> Result<(), db::Error> {
    let check = Check {
        connector: BY_WORKFLOW.to_owned(),
        door: Door::SignIn.as_str().to_owned(),
        outcome: if moved.is_some() { "moved" } else { "wrong" }.to_owned(),
        reason: None,
        user_id: moved,
        took_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
        checked_at: cx.now(),
    };
    let mut tx = cx.db().begin().await?;
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
