//! The SQL of connected repositories and their syncs.

use db::{Error, FromRow, Row, Tx, sql};

use crate::context::Context;
use crate::id::{EnvironmentId, WorkflowRepositoryId};
use crate::time::Timestamp;
use crate::workflows::repository::sync::MOST_KEPT;
use crate::workflows::repository::{Cause, Repository, Sync, Trouble};

impl FromRow for Repository {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            url: row.get("url")?,
            branch: row.get("branch")?,
            has_token: row.get("has_token")?,
            is_polled: row.get("is_polled")?,
            is_waiting: row.get("is_waiting")?,
            commit: row.get("live_commit")?,
            checked_at: row.get("checked_at")?,
            created_at: row.get("created_at")?,
            created_by: row.get("created_by")?,
        })
    }
}

/// The repository of an environment.
pub(in crate::workflows) async fn repository(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Option<Repository>, Error> {
    sql("
        select id, url, branch, token is not null as has_token, is_polled, n_requested > n_answered as is_waiting,
               live_commit, checked_at, created_at, created_by
          from workflow_repositories
         where environment_id = $1")
    .bind(environment)
    .fetch_optional(tx)
    .await
}

/// Stores a repository whose first sync waits, with its token and the secret of its pushes, both sealed; not where there is one.
pub(in crate::workflows) async fn insert_repository(
    tx: &mut Tx,
    cx: &Context,
    repository: &Repository,
    (token, hook_secret): (Option<String>, String),
    next_poll_at: Timestamp,
) -> Result<bool, Error> {
    let inserted = sql("
        insert into workflow_repositories
            (id, environment_id, url, branch, token, hook_secret, is_polled, n_requested, n_forced, n_answered,
             next_poll_at, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, 1, 1, 0, $8, $9, $10)
        on conflict (environment_id) do nothing")
    .bind(&repository.id)
    .bind(&cx.environment().id)
    .bind(&repository.url)
    .bind(&repository.branch)
    .bind(token)
    .bind(hook_secret)
    .bind(repository.is_polled)
    .bind(next_poll_at)
    .bind(repository.created_at)
    .bind(&repository.created_by)
    .execute(tx)
    .await?;
    Ok(inserted > 0)
}

pub(in crate::workflows) async fn delete_repository(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
) -> Result<(), Error> {
    sql("delete from workflow_repositories where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::workflows) async fn set_branch(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
    branch: &str,
) -> Result<(), Error> {
    sql("update workflow_repositories set branch = $2 where id = $1")
        .bind(id)
        .bind(branch)
        .execute(tx)
        .await?;
    Ok(())
}

/// Stores another token, sealed, or none.
pub(in crate::workflows) async fn set_token(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
    token: Option<String>,
) -> Result<(), Error> {
    sql("update workflow_repositories set token = $2 where id = $1")
        .bind(id)
        .bind(token)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::workflows) async fn set_polling(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
    is_polled: bool,
    next_poll_at: Timestamp,
) -> Result<(), Error> {
    sql("update workflow_repositories set is_polled = $2, next_poll_at = $3 where id = $1")
        .bind(id)
        .bind(is_polled)
        .bind(next_poll_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Stores another secret of the repository's pushes, sealed.
pub(in crate::workflows) async fn set_hook_secret(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
    secret: &str,
) -> Result<(), Error> {
    sql("update workflow_repositories set hook_secret = $2 where id = $1")
        .bind(id)
        .bind(secret)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes the lease from whoever works on the repository: what they find is not deployed.
pub(in crate::workflows) async fn break_lease(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
) -> Result<(), Error> {
    sql("update workflow_repositories set leased_until = null where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Asks for a sync; one that is forced deploys also what was tried before.
pub(in crate::workflows) async fn request_sync(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
    is_forced: bool,
) -> Result<(), Error> {
    sql("
        update workflow_repositories
           set n_requested = n_requested + 1,
               n_forced    = case when cast($2 as boolean) then n_requested + 1 else n_forced end
         where id = $1")
    .bind(id)
    .bind(is_forced)
    .execute(tx)
    .await?;
    Ok(())
}

struct Hook {
    secret: String,
    branch: String,
}

impl FromRow for Hook {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            secret: row.get("hook_secret")?,
            branch: row.get("branch")?,
        })
    }
}

/// The secret of a repository's pushes, sealed, and its branch.
pub(in crate::workflows) async fn hook(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &WorkflowRepositoryId,
) -> Result<Option<(String, String)>, Error> {
    let found: Option<Hook> = sql(
        "select hook_secret, branch from workflow_repositories where environment_id = $1 and id = $2",
    )
    .bind(environment)
    .bind(id)
    .fetch_optional(tx)
    .await?;
    Ok(found.map(|hook| (hook.secret, hook.branch)))
}

/// A repository that this node works on.
pub(in crate::workflows) struct Claimed {
    pub(in crate::workflows) id: WorkflowRepositoryId,
    pub(in crate::workflows) environment: EnvironmentId,
    pub(in crate::workflows) url: String,
    pub(in crate::workflows) branch: String,
    /// Sealed.
    pub(in crate::workflows) token: Option<String>,
    pub(in crate::workflows) tried_commit: Option<String>,
    pub(in crate::workflows) cause: Cause,
    n_requested: i64,
    leased_until: Timestamp,
}

impl FromRow for Claimed {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let (n_requested, n_forced, n_answered): (i64, i64, i64) = (
            row.get("n_requested")?,
            row.get("n_forced")?,
            row.get("n_answered")?,
        );
        let cause = if n_forced > n_answered {
            Cause::Request
        } else if n_requested > n_answered {
            Cause::Push
        } else {
            Cause::Poll
        };
        Ok(Self {
            id: row.get("id")?,
            environment: row.get("environment_id")?,
            url: row.get("url")?,
            branch: row.get("branch")?,
            token: row.get("token")?,
            tried_commit: row.get("tried_commit")?,
            cause,
            n_requested,
            leased_until: row.get("leased_until")?,
        })
    }
}

/// What is due at the instant `$1`, and nobody works on.
const DUE: &str = "(n_requested > n_answered or (is_polled and next_poll_at <= $1))
           and (leased_until is null or leased_until <= $1)";

/// A repository with which a sync is due.
pub(in crate::workflows) async fn due_repository(
    tx: &mut Tx,
    now: Timestamp,
) -> Result<Option<WorkflowRepositoryId>, Error> {
    sql(format!(
        "select id from workflow_repositories where {DUE} order by id limit 1"
    ))
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// Leases a repository, unless another node was quicker.
pub(in crate::workflows) async fn claim_repository(
    tx: &mut Tx,
    id: &WorkflowRepositoryId,
    (now, until, next_poll_at): (Timestamp, Timestamp, Timestamp),
) -> Result<Option<Claimed>, Error> {
    sql(format!(
        "
        update workflow_repositories
           set leased_until = $3, next_poll_at = $4
         where id = $2
           and {DUE}
        returning id, environment_id, url, branch, token, tried_commit, n_requested, n_forced, n_answered, leased_until"
    ))
    .bind(now)
    .bind(id)
    .bind(until)
    .bind(next_poll_at)
    .fetch_optional(tx)
    .await
}

/// Whether the lease still holds.
pub(in crate::workflows) async fn is_claimed(
    tx: &mut Tx,
    claimed: &Claimed,
) -> Result<bool, Error> {
    let found: Option<WorkflowRepositoryId> =
        sql("select id from workflow_repositories where id = $1 and leased_until = $2")
            .bind(&claimed.id)
            .bind(claimed.leased_until)
            .fetch_optional(tx)
            .await?;
    Ok(found.is_some())
}

/// How a sync ended.
pub(in crate::workflows) struct Ended<'a> {
    pub(in crate::workflows) checked_at: Timestamp,
    /// What was built; none where nothing was.
    pub(in crate::workflows) tried_commit: Option<&'a str>,
    /// What was deployed; none where nothing was.
    pub(in crate::workflows) live_commit: Option<&'a str>,
}

/// Gives the lease back. What was asked for since it was taken waits on. False where the lease is another's.
pub(in crate::workflows) async fn end_sync(
    tx: &mut Tx,
    claimed: &Claimed,
    ended: &Ended<'_>,
) -> Result<bool, Error> {
    let updated = sql("
        update workflow_repositories
           set leased_until = null,
               n_answered   = $3,
               checked_at   = $4,
               tried_commit = coalesce($5, tried_commit),
               live_commit  = coalesce($6, live_commit)
         where id = $1
           and leased_until = $2")
    .bind(&claimed.id)
    .bind(claimed.leased_until)
    .bind(claimed.n_requested)
    .bind(ended.checked_at)
    .bind(ended.tried_commit.map(str::to_owned))
    .bind(ended.live_commit.map(str::to_owned))
    .execute(tx)
    .await?;
    Ok(updated > 0)
}

impl FromRow for Sync {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let cause: String = row.get("cause")?;
        let (code, message): (Option<String>, Option<String>) =
            (row.get("code")?, row.get("message")?);
        let findings: String = row.get("findings")?;
        Ok(Self {
            id: row.get("id")?,
            cause: Cause::parse(&cause),
            commit: row.get("commit_id")?,
            trouble: code.map(|code| Trouble {
                code,
                message: message.unwrap_or_default(),
            }),
            findings: serde_json::from_str(&findings).unwrap_or_default(),
            deployment: row.get("deployment_id")?,
            started_at: row.get("started_at")?,
            ended_at: row.get("ended_at")?,
        })
    }
}

/// The syncs of a repository, newest first.
pub(in crate::workflows) async fn syncs(
    tx: &mut Tx,
    repository: &WorkflowRepositoryId,
) -> Result<Vec<Sync>, Error> {
    sql("
        select id, cause, commit_id, code, message, findings, deployment_id, started_at, ended_at
          from workflow_syncs
         where repository_id = $1
         order by id desc
         limit $2")
    .bind(repository)
    .bind(MOST_KEPT)
    .fetch_all(tx)
    .await
}

/// Stores a sync. A poll that failed as the one before takes its place, and the oldest beyond what is kept are forgotten.
pub(in crate::workflows) async fn insert_sync(
    tx: &mut Tx,
    repository: &WorkflowRepositoryId,
    sync: &Sync,
) -> Result<(), Error> {
    let before = syncs(tx, repository).await?;
    let again = before.first().filter(|last| {
        let is_poll = (last.cause, sync.cause) == (Cause::Poll, Cause::Poll);
        is_poll && sync.trouble.is_some() && last.trouble == sync.trouble
    });
    let most = usize::try_from(MOST_KEPT).unwrap_or_default();
    let oldest = before.last().filter(|_| before.len() >= most);
    for forgotten in [again, oldest].into_iter().flatten() {
        sql("delete from workflow_syncs where id = $1")
            .bind(&forgotten.id)
            .execute(tx)
            .await?;
    }
    let trouble = sync.trouble.as_ref();
    sql("
        insert into workflow_syncs
            (id, repository_id, cause, commit_id, code, message, findings, deployment_id, started_at, ended_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind(&sync.id)
    .bind(repository)
    .bind(sync.cause.as_str())
    .bind(&sync.commit)
    .bind(trouble.map(|trouble| trouble.code.clone()))
    .bind(trouble.map(|trouble| trouble.message.clone()))
    .bind(sync.findings.to_string())
    .bind(&sync.deployment)
    .bind(sync.started_at)
    .bind(sync.ended_at)
    .execute(tx)
    .await?;
    Ok(())
}
