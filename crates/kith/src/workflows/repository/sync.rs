//! Syncs: looking at the branch, fetching it, building it, making it live.
//!
//! No transaction is open while git or the compiler works. A repository is leased to the node that works on it; should the node
//! die, another one goes on when the lease is over, since what was asked for counts as answered only at the end.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::WorkflowsError;
use super::super::deploy::{self, Deployment, Source, Start};
use super::super::source::{self, Reach, Remote, SourceError};
use super::super::store::{self, Claimed, Ended};
use super::address::Address;
use super::{Cause, InvalidRepository, Sync, TOKEN, Trouble};
use crate::context::{Actor, App, Context};
use crate::environments::Environments;
use crate::error::{Code, Coded};
use crate::outgoing::OutgoingError;
use crate::secret::Unsealable;
use crate::time::Timestamp;

/// How often a branch is looked at, without being told of pushes.
pub const POLL: Duration = Duration::from_mins(5);

/// How much later than that at most, so that not all repositories of a server are asked at once.
const JITTER_MILLIS: u64 = 60_000;

/// How long a node may work on a sync: longer than git and the compiler are allowed to.
const LEASE: Duration = Duration::from_mins(5);

/// How many syncs of a repository are kept.
pub(in crate::workflows) const MOST_KEPT: i64 = 50;

/// A sync deployed nothing.
#[derive(Debug, thiserror::Error)]
enum SyncError {
    #[error(transparent)]
    Address(#[from] InvalidRepository),
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    #[error(transparent)]
    Workflows(#[from] WorkflowsError),
    #[error("reading the repository was broken off")]
    Broken,
}

impl Coded for SyncError {
    fn code(&self) -> Code {
        match self {
            Self::Address(error) => error.code(),
            Self::Outgoing(error) => error.code(),
            Self::Source(error) => error.code(),
            Self::Unsealable(error) => error.code(),
            Self::Workflows(error) => error.code(),
            Self::Broken => Code::INTERNAL,
        }
    }
}

/// When the branch is looked at next.
pub(super) fn next_poll(app: &App) -> Timestamp {
    let late = u64::from(u32::from_le_bytes(app.random_bytes())) % JITTER_MILLIS;
    app.now() + POLL + Duration::from_millis(late)
}

/// Does every sync that is due and that nobody works on, until there is none.
///
/// # Errors
/// When the database fails. The sync at hand is tried again when its lease is over.
pub async fn work(app: &App, environments: &Environments) -> Result<(), WorkflowsError> {
    while !app.stopping().is_cancelled() {
        let Some(claimed) = claim(app).await? else {
            return Ok(());
        };
        let of_team = claimed.environment == environments.team.id;
        let environment = if of_team {
            &environments.team
        } else {
            &environments.production
        };
        sync(&app.at(environment.clone(), Actor::System), &claimed).await?;
    }
    Ok(())
}

async fn claim(app: &App) -> Result<Option<Claimed>, db::Error> {
    // Nearly always nothing is due, and then nothing is written.
    let due = store::due_repository(&mut app.db().read().await?, app.now()).await?;
    let Some(id) = due else {
        return Ok(None);
    };
    let mut tx = app.db().begin().await?;
    let times = (app.now(), app.now() + LEASE, next_poll(app));
    let claimed = store::claim_repository(&mut tx, &id, times).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn sync(cx: &Context, claimed: &Claimed) -> Result<(), WorkflowsError> {
    let started_at = cx.now();
    let mut commit = None;
    let outcome = attempt(cx, claimed, &mut commit).await;
    if let Err(SyncError::Workflows(WorkflowsError::Db(error))) = outcome {
        return Err(error.into());
    }
    let outcome = outcome.transpose();
    let ended = Ended {
        checked_at: cx.now(),
        tried_commit: commit.as_deref(),
        live_commit: commit.as_deref().filter(|_| matches!(outcome, Some(Ok(_)))),
    };
    let mut tx = cx.db().begin().await?;
    // Where it was disconnected meanwhile, or another node took over, there is nothing to write down.
    if store::end_sync(&mut tx, claimed, &ended).await?
        && let Some(outcome) = outcome
    {
        let done = told(cx, claimed, commit, outcome, started_at);
        store::insert_sync(&mut tx, &claimed.id, &done).await?;
    }
    Ok(tx.commit().await?)
}

/// A sync as it is written down.
fn told(
    cx: &Context,
    claimed: &Claimed,
    commit: Option<String>,
    outcome: Result<Deployment, SyncError>,
    started_at: Timestamp,
) -> Sync {
    let (deployment, trouble, findings) = match outcome {
        Ok(deployment) => {
            tracing::info!(commit, "deployed workflows from {}", claimed.url);
            (Some(deployment.id), None, json!(deployment.findings))
        }
        Err(error) => {
            tracing::warn!(commit, cause = %error, "workflows of {} were not deployed", claimed.url);
            let trouble = Trouble {
                code: error.code().name.to_owned(),
                message: error.to_string(),
            };
            (None, Some(trouble), findings(&error))
        }
    };
    Sync {
        id: cx.new_id(),
        cause: claimed.cause,
        commit,
        trouble,
        findings,
        deployment,
        started_at,
        ended_at: cx.now(),
    }
}

/// What a build found.
fn findings(error: &SyncError) -> Value {
    match error {
        SyncError::Workflows(WorkflowsError::Invalid(findings)) => json!(findings),
        _ => json!([]),
    }
}

/// Deploys the branch; none where there is nothing new. `commit` is told as soon as its files are here.
async fn attempt(
    cx: &Context,
    claimed: &Claimed,
    commit: &mut Option<String>,
) -> Result<Option<Deployment>, SyncError> {
    let remote = remote(cx, claimed).await?;
    let asked = remote.clone();
    let head = beside(move || source::head(&asked)).await?;
    if claimed.cause != Cause::Request && claimed.tried_commit.as_ref() == Some(&head) {
        return Ok(None);
    }
    let (files, source) = beside(move || source::files(&remote)).await?;
    if let Source::Git { commit: it, .. } = &source {
        *commit = Some(it.clone());
    }
    let mut tx = cx.db().read().await.map_err(WorkflowsError::from)?;
    let is_ours = store::is_claimed(&mut tx, claimed)
        .await
        .map_err(WorkflowsError::from)?;
    drop(tx);
    if !is_ours {
        return Ok(None);
    }
    let deployment = deploy::deploy(cx, files, &source, Start::Live).await?;
    Ok(Some(deployment))
}

/// What git is given: the address judged, and bound to what its name stands for at this moment.
async fn remote(cx: &Context, claimed: &Claimed) -> Result<Remote, SyncError> {
    // What may be called may have changed since it was connected.
    let address = Address::parse(cx, &claimed.url)?;
    let (host, port) = address.host_and_port();
    let addresses = cx.outgoing().addresses(&host, port).await?;
    let token = claimed.token.as_deref();
    let token = token.map(|sealed| cx.sealer().open_text(TOKEN, sealed));
    Ok(Remote {
        url: address.as_str().to_owned(),
        branch: Some(claimed.branch.clone()),
        token: token.transpose()?,
        reach: Reach::Only {
            host,
            port,
            addresses: addresses.iter().map(std::net::SocketAddr::ip).collect(),
        },
    })
}

/// Runs what blocks on a thread that may be blocked.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SyncError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| SyncError::Broken)??)
}
