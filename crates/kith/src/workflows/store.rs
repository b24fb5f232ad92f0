//! The SQL of workflows, their versions and keys, of variables, and of runs.

mod keys;
mod repositories;
mod runs;
mod variables;

pub(super) use keys::{
    NewKey, StoredKey, activate_key, active_key, deactivate_keys, delete_key, find_key, insert_key,
    keys_of,
};
pub(super) use repositories::{
    Claimed, Ended, break_lease, claim_repository, delete_repository, due_repository, end_sync,
    hook, insert_repository, insert_sync, is_claimed, repository, request_sync, set_branch,
    set_hook_secret, set_polling, set_token, syncs,
};
pub(super) use runs::{
    StoredRun, delete_runs_before, delete_runs_beyond, find_run, insert_runs, page_of_runs,
    tally_runs,
};
pub(super) use variables::{
    all_variables, delete_variable, find_variable, insert_variable, update_variable,
};

use db::{Error, FromRow, Row, Tx, sql};

use super::versions::{State, Version, Workflow};
use crate::context::Context;
use crate::id::{DeploymentId, EnvironmentId, WorkflowId, WorkflowVersionId};

/// How often what runs in the environment has changed.
pub(super) async fn revision(tx: &mut Tx, environment: &EnvironmentId) -> Result<i64, Error> {
    let found: Option<i64> =
        sql("select revision from workflow_revisions where environment_id = $1")
            .bind(environment)
            .fetch_optional(tx)
            .await?;
    Ok(found.unwrap_or(0))
}

/// Tells every node that something has changed.
pub(super) async fn count_revision(tx: &mut Tx, environment: &EnvironmentId) -> Result<(), Error> {
    sql("
        insert into workflow_revisions (environment_id, revision)
        values ($1, 1)
        on conflict (environment_id) do update set revision = workflow_revisions.revision + 1")
    .bind(environment)
    .execute(tx)
    .await?;
    Ok(())
}

/// A version that runs.
pub(super) struct LiveRow {
    pub(super) workflow: WorkflowId,
    pub(super) version: WorkflowVersionId,
    pub(super) settings: String,
    pub(super) entry: String,
    pub(super) bundle: String,
}

impl FromRow for LiveRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            workflow: row.get("workflow_id")?,
            version: row.get("id")?,
            settings: row.get("settings")?,
            entry: row.get("entry")?,
            bundle: row.get("bundle_hash")?,
        })
    }
}

pub(super) async fn live(tx: &mut Tx, environment: &EnvironmentId) -> Result<Vec<LiveRow>, Error> {
    sql("
        select v.id, v.workflow_id, v.settings, v.entry, v.bundle_hash
          from workflows w
          join workflow_versions v on v.id = w.live_version_id
         where w.environment_id = $1")
    .bind(environment)
    .fetch_all(tx)
    .await
}

/// What can run of a deployment.
pub(super) async fn deployed(
    tx: &mut Tx,
    environment: &EnvironmentId,
    deployment: &DeploymentId,
) -> Result<Vec<LiveRow>, Error> {
    sql("
        select v.id, v.workflow_id, v.settings, v.entry, v.bundle_hash
          from workflows w
          join workflow_versions v on v.workflow_id = w.id
         where w.environment_id = $1
           and v.deployment_id = $2
           and v.state in ('live', 'deployed', 'deactivated')
         order by v.id")
    .bind(environment)
    .bind(deployment)
    .fetch_all(tx)
    .await
}

pub(super) async fn bundle(
    tx: &mut Tx,
    environment: &EnvironmentId,
    hash: &str,
) -> Result<Vec<u8>, Error> {
    sql("select files from workflow_bundles where environment_id = $1 and hash = $2")
        .bind(environment)
        .bind(hash)
        .fetch_one(tx)
        .await
}

pub(super) async fn insert_bundle(
    tx: &mut Tx,
    cx: &Context,
    (hash, files): (&str, Vec<u8>),
) -> Result<(), Error> {
    sql("
        insert into workflow_bundles (environment_id, hash, files, created_at)
        values ($1, $2, $3, $4)
        on conflict (environment_id, hash) do nothing")
    .bind(&cx.environment().id)
    .bind(hash)
    .bind(files)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets files that no version has any more.
pub(super) async fn delete_unused_bundles(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<(), Error> {
    sql("
        delete from workflow_bundles
         where environment_id = $1
           and not exists (
               select 1
                 from workflow_versions v
                 join workflows w on w.id = v.workflow_id
                where v.bundle_hash = workflow_bundles.hash
                  and w.environment_id = workflow_bundles.environment_id)")
    .bind(environment)
    .execute(tx)
    .await?;
    Ok(())
}

impl FromRow for Workflow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            code: row.get("code")?,
            name: row.get("name")?,
            trigger: row.get("fires_on")?,
            live_version: row.get("live_version_id")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

const WORKFLOWS: &str =
    "select id, code, name, fires_on, live_version_id, created_at, updated_at from workflows";

pub(super) async fn all(tx: &mut Tx, environment: &EnvironmentId) -> Result<Vec<Workflow>, Error> {
    sql(format!("{WORKFLOWS} where environment_id = $1 order by id"))
        .bind(environment)
        .fetch_all(tx)
        .await
}

/// The workflow with this id, ours or its author's.
pub(super) async fn find(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &str,
) -> Result<Option<Workflow>, Error> {
    sql(format!(
        "{WORKFLOWS} where environment_id = $1 and (code = $2 or id = $2) order by id"
    ))
    .bind(environment)
    .bind(id)
    .fetch_optional(tx)
    .await
}

/// The live workflow of a trigger.
pub(super) async fn live_for(
    tx: &mut Tx,
    environment: &EnvironmentId,
    trigger: &str,
) -> Result<Option<Workflow>, Error> {
    sql(format!(
        "{WORKFLOWS} where environment_id = $1 and fires_on = $2 and live_version_id is not null"
    ))
    .bind(environment)
    .bind(trigger)
    .fetch_optional(tx)
    .await
}

pub(super) async fn insert(tx: &mut Tx, cx: &Context, workflow: &Workflow) -> Result<(), Error> {
    sql("
        insert into workflows (id, environment_id, code, name, fires_on, live_version_id, created_at, updated_at)
        values ($1, $2, $3, $4, $5, null, $6, $6)")
    .bind(&workflow.id)
    .bind(&cx.environment().id)
    .bind(&workflow.code)
    .bind(&workflow.name)
    .bind(&workflow.trigger)
    .bind(workflow.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// What runs of the workflow, under which name, for which trigger.
pub(super) async fn set_live(tx: &mut Tx, cx: &Context, workflow: &Workflow) -> Result<(), Error> {
    sql("update workflows set name = $2, fires_on = $3, live_version_id = $4, updated_at = $5 where id = $1")
        .bind(&workflow.id)
        .bind(&workflow.name)
        .bind(&workflow.trigger)
        .bind(&workflow.live_version)
        .bind(cx.now())
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, id: &WorkflowId) -> Result<(), Error> {
    sql("delete from workflows where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

impl FromRow for Version {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            workflow: row.get("workflow_id")?,
            number: row.get("number")?,
            deployment: row.get("deployment_id")?,
            state: row.get("state")?,
            entry: row.get("entry")?,
            settings: row.get("settings")?,
            build_log: row.get("build_log")?,
            source: row.get("source")?,
            bundle: row.get("bundle_hash")?,
            deployed_by: row.get("deployed_by")?,
            created_at: row.get("created_at")?,
        })
    }
}

const VERSIONS: &str = "
    select id, workflow_id, number, deployment_id, state, entry, settings, build_log, source, bundle_hash, deployed_by, created_at
      from workflow_versions";

/// The versions of a workflow, newest first.
pub(super) async fn versions(tx: &mut Tx, workflow: &WorkflowId) -> Result<Vec<Version>, Error> {
    sql(format!(
        "{VERSIONS} where workflow_id = $1 order by number desc"
    ))
    .bind(workflow)
    .fetch_all(tx)
    .await
}

pub(super) async fn find_version(
    tx: &mut Tx,
    workflow: &WorkflowId,
    id: &WorkflowVersionId,
) -> Result<Option<Version>, Error> {
    sql(format!("{VERSIONS} where workflow_id = $1 and id = $2"))
        .bind(workflow)
        .bind(id)
        .fetch_optional(tx)
        .await
}

/// The number of the newest version; 0 where there is none.
pub(super) async fn last_number(tx: &mut Tx, workflow: &WorkflowId) -> Result<i64, Error> {
    sql("select coalesce(max(number), 0) from workflow_versions where workflow_id = $1")
        .bind(workflow)
        .fetch_one(tx)
        .await
}

pub(super) async fn insert_version(tx: &mut Tx, version: &Version) -> Result<(), Error> {
    let deployment: &DeploymentId = &version.deployment;
    sql("
        insert into workflow_versions
            (id, workflow_id, number, deployment_id, state, bundle_hash, entry, settings, build_log, source, deployed_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
    .bind(&version.id)
    .bind(&version.workflow)
    .bind(version.number)
    .bind(deployment)
    .bind(version.state)
    .bind(&version.bundle)
    .bind(&version.entry)
    .bind(&version.settings)
    .bind(&version.build_log)
    .bind(&version.source)
    .bind(&version.deployed_by)
    .bind(version.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives a version another state.
pub(super) async fn set_state(
    tx: &mut Tx,
    id: &WorkflowVersionId,
    state: State,
) -> Result<(), Error> {
    sql("update workflow_versions set state = $2 where id = $1")
        .bind(id)
        .bind(state)
        .execute(tx)
        .await?;
    Ok(())
}

/// The live version of a workflow is live no more.
pub(super) async fn retire(tx: &mut Tx, workflow: &WorkflowId, state: State) -> Result<(), Error> {
    sql("update workflow_versions set state = $2 where workflow_id = $1 and state = 'live'")
        .bind(workflow)
        .bind(state)
        .execute(tx)
        .await?;
    Ok(())
}
