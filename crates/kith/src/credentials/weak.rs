//! Weak hashes don't rest: what came in as a fast digest goes under argon2id, without its owner.
//!
//! An import writes hashes as they are, since hashing each would take days where writing takes minutes. From then on every
//! node of the installation wraps them one by one ([`password::Hash::wrap`]) while no sign-in wants the threads, on half of the
//! threads at most. The old digest is gone with that; a thief of the database finds an argon2id for each person, and nobody
//! notices: sign-in goes on with the same password, and replaces the hash by a native one.
//!
//! Nothing has to be remembered: a row waits as long as its column `weak_in` is set, and whoever wraps it clears that in the
//! same statement that compares the row with what was read. A process may die at any moment and loses at most
//! [`PER_COMMIT`] hashes' work. Nodes take people in an order of their own and look again before they begin, so two of them
//! seldom wrap the same hash; when they do, the second one's work is thrown away. No transaction is open while hashing.
//!
//! What is not reached: copies of the old row that the database itself keeps for a while (PostgreSQL until `vacuum`, backups).

use db::Error;
use password::Workspace;

use super::password as passwords;
use super::store::weak::Waiting;
use super::store::{self, StoredPassword};
use crate::context::{App, Context};
use crate::id::UserId;

/// How many people are read at a time.
const AT_ONCE: i64 = 512;

/// How many hashes are written together: half a second's work of one thread.
const PER_COMMIT: usize = 32;

/// How many hashes of this environment are weak and wait to be wrapped.
///
/// # Errors
/// When the database fails.
pub async fn count(cx: &Context) -> Result<i64, Error> {
    store::weak::count(&mut cx.db().read().await?, &cx.environment().id).await
}

/// Wraps weak hashes until there is none, or the process is asked to stop.
///
/// # Errors
/// When the database fails.
pub async fn wrap_all(app: &App) -> Result<(), Error> {
    let mut has_wrapped = false;
    loop {
        let mut tx = app.db().read().await?;
        let mut users = store::weak::waiting(&mut tx, AT_ONCE).await?;
        if users.is_empty() {
            drop(tx);
            tell(0);
            if has_wrapped {
                // The database's log has the old rows until it is emptied.
                app.db().checkpoint().await?;
            }
            return Ok(());
        }
        has_wrapped = true;
        tell(store::weak::count_all(&mut tx).await?);
        drop(tx);
        // In an order of this node's own, so that others are elsewhere.
        users.sort_by_cached_key(|_| app.random_bytes::<8>());
        for some in users.chunks(PER_COMMIT) {
            if app.stopping().is_cancelled() {
                return Ok(());
            }
            wrap_some(app, some).await?;
        }
    }
}

/// How many wait, for whoever watches.
fn tell(n_waiting: i64) {
    let n_waiting = u32::try_from(n_waiting).unwrap_or(u32::MAX);
    metrics::gauge!("weak_password_hashes").set(f64::from(n_waiting));
}

async fn wrap_some(app: &App, users: &[UserId]) -> Result<(), Error> {
    let waiting = store::weak::still_waiting(&mut app.db().read().await?, users).await?;
    let opener = app.clone();
    let wrapped = app
        .hashing()
        .in_spare_time(waiting, move |row, workspace| {
            let new = wrapped(&opener, &row, workspace);
            (row, new)
        })
        .await;
    let mut tx = app.db().begin().await?;
    for (Waiting { user, stored }, new) in wrapped {
        // Whoever has signed in meanwhile has a native hash, which stays.
        store::replace_hash(&mut tx, &user, &stored, &new).await?;
    }
    tx.commit().await
}

/// What is to be stored in the place of a weak hash. One that can't be wrapped waits no longer, and is told of.
fn wrapped(app: &App, row: &Waiting, workspace: &mut Workspace) -> StoredPassword {
    let settled = StoredPassword {
        weak_in: None,
        ..row.stored.clone()
    };
    let hash = match passwords::open(app, &row.stored) {
        Ok(hash) => hash,
        Err(error) => {
            tracing::error!(user.id = %row.user, cause = %error, "a weak hash can't be read; it stays as it is");
            return settled;
        }
    };
    let Some(new) = hash.wrap(&app.random_bytes(), workspace) else {
        tracing::warn!(
            user.id = %row.user,
            "a weak {} hash can't be wrapped; it stays until its owner signs in",
            hash.scheme()
        );
        return settled;
    };
    StoredPassword {
        scheme: new.scheme().to_owned(),
        encoded: new.encoded().to_owned(),
        params: passwords::seal_params(app, &new),
        ..settled
    }
}

#[cfg(test)]
mod tests;
