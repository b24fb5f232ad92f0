//! Proofs of who somebody is: one file a factor, and the lockout that all of them share.
//!
//! Every failed proof counts, whatever the factor and whether or not the person exists, so trying codes doesn't help whoever has
//! run out of passwords. What is stored proves but can't be read back: passwords and codes as hashes.

pub mod api;
pub mod email_code;
pub mod former;
pub mod lockout;
pub mod moved;
pub mod password;
pub mod proofs;
mod store;
pub mod weak;

use std::time::Duration;

use crate::context::App;

/// How long what is over is kept: long enough that failures in a row are not forgotten between two nights.
const REMEMBERED: Duration = Duration::from_hours(7 * 24);

/// Deletes codes that expired and failures that ended long ago.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(app: &App) -> Result<(), db::Error> {
    let before = app.now() - REMEMBERED;
    let mut tx = app.db().begin().await?;
    store::delete_expired(&mut tx, before).await?;
    tx.commit().await
}
