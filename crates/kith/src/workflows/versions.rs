//! Workflows and their versions: which one runs, and how that changes.
//!
//! A version is live, or was deployed and waits, or was taken out of use. Making an older one live again is how a deployment is undone.

use db::Tx;
use serde_json::Value;

use super::settings::Settings;
use super::trigger::Trigger;
use super::{WorkflowsError, store, touched};
use crate::context::Context;
use crate::id::{DeploymentId, WorkflowId, WorkflowVersionId};
use crate::time::Timestamp;

/// A workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// Its id.
    pub id: WorkflowId,
    /// The id that its author gave it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The id of its trigger.
    pub trigger: String,
    /// The version that runs; none while none does.
    pub live_version: Option<WorkflowVersionId>,
    /// When it was first deployed.
    pub created_at: Timestamp,
    /// When what runs last changed.
    pub updated_at: Timestamp,
}

impl Workflow {
    /// Whether Kith fires its trigger.
    #[must_use]
    pub fn is_fired(&self) -> bool {
        Trigger::parse(&self.trigger).is_some_and(|trigger| trigger.row().is_fired)
    }
}

/// What a version is for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs.
    Live,
    /// It can be made live.
    Deployed,
    /// It was live and was taken out of use. It can be made live again.
    Deactivated,
    /// It could not be built.
    Failed,
    /// It is being built.
    Processing,
    /// It was stored and not deployed.
    Draft,
}

impl State {
    const ALL: [Self; 6] = [
        Self::Live,
        Self::Deployed,
        Self::Deactivated,
        Self::Failed,
        Self::Processing,
        Self::Draft,
    ];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Deployed => "deployed",
            Self::Deactivated => "deactivated",
            Self::Failed => "failed",
            Self::Processing => "processing",
            Self::Draft => "draft",
        }
    }
}

db::stored_by_name!(State, "state of a version");

/// A version of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: WorkflowVersionId,
    /// The workflow.
    pub workflow: WorkflowId,
    /// From 1, in the order of deployment.
    pub number: i64,
    /// What was deployed together with it.
    pub deployment: DeploymentId,
    /// What it is for now.
    pub state: State,
    /// The file that is the workflow.
    pub entry: String,
    pub(super) settings: String,
    pub(super) build_log: String,
    pub(super) source: String,
    /// The digest of its files.
    pub bundle: String,
    /// Who deployed it, such as `system`, `member:kp_…`.
    pub deployed_by: String,
    /// When it was deployed.
    pub created_at: Timestamp,
}

impl Version {
    /// What the workflow says of itself in this version.
    ///
    /// # Errors
    /// When what is stored can't be read.
    pub fn settings(&self) -> Result<Settings, WorkflowsError> {
        Ok(serde_json::from_str(&self.settings)?)
    }

    /// What deserved a look when it was built, as a list of findings.
    #[must_use]
    pub fn build_log(&self) -> Value {
        serde_json::from_str(&self.build_log).unwrap_or_default()
    }

    /// Where the files came from.
    #[must_use]
    pub fn source(&self) -> Value {
        serde_json::from_str(&self.source).unwrap_or_default()
    }
}

/// Every workflow of the environment, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx) -> Result<Vec<Workflow>, db::Error> {
    store::all(tx, &cx.environment().id).await
}

/// The workflow with this id, ours or its author's.
///
/// # Errors
/// [`WorkflowsError::Unknown`]; when the database fails.
pub async fn find(cx: &Context, tx: &mut Tx, id: &str) -> Result<Workflow, WorkflowsError> {
    let found = store::find(tx, &cx.environment().id, id).await?;
    found.ok_or_else(|| WorkflowsError::Unknown(id.to_owned()))
}

/// The versions of a workflow, newest first.
///
/// # Errors
/// When there is no such workflow, or the database fails.
pub async fn versions(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
) -> Result<Vec<Version>, WorkflowsError> {
    let workflow = find(cx, tx, workflow).await?;
    Ok(store::versions(tx, &workflow.id).await?)
}

/// One version of a workflow.
///
/// # Errors
/// When there is no such workflow or version, or the database fails.
pub async fn find_version(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    version: &str,
) -> Result<Version, WorkflowsError> {
    let workflow = find(cx, tx, workflow).await?;
    let unknown = || WorkflowsError::Unknown(version.to_owned());
    let id: WorkflowVersionId = version.parse().map_err(|_| unknown())?;
    let found = store::find_version(tx, &workflow.id, &id).await?;
    found.ok_or_else(unknown)
}

/// Makes a version the one that runs.
///
/// # Errors
/// [`WorkflowsError::TriggerTaken`] when another workflow is live for its trigger; [`WorkflowsError::State`] when it could not be built; when
/// there is no such workflow or version, or the database fails.
pub async fn activate(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    version: &str,
) -> Result<(), WorkflowsError> {
    let version = find_version(cx, tx, workflow, version).await?;
    let workflow = find(cx, tx, workflow).await?;
    make_live(cx, tx, workflow, &version).await?;
    Ok(touched(cx, tx).await?)
}

/// The version runs from now on; whoever changes several tells the other nodes once.
pub(super) async fn make_live(
    cx: &Context,
    tx: &mut Tx,
    workflow: Workflow,
    version: &Version,
) -> Result<(), WorkflowsError> {
    if !matches!(
        version.state,
        State::Live | State::Deployed | State::Deactivated
    ) {
        let why = format!(
            "the version is {}, so it can't be made live",
            version.state.as_str()
        );
        return Err(WorkflowsError::State(why));
    }
    let settings = version.settings()?;
    let trigger = settings.trigger.id();
    let other = store::live_for(tx, &cx.environment().id, trigger).await?;
    if let Some(other) = other.filter(|other| other.id != workflow.id) {
        return Err(WorkflowsError::TriggerTaken {
            trigger,
            workflow: other.code,
        });
    }
    store::retire(tx, &workflow.id, State::Deployed).await?;
    store::set_state(tx, &version.id, State::Live).await?;
    let live = Workflow {
        name: settings.name,
        trigger: trigger.to_owned(),
        live_version: Some(version.id.clone()),
        ..workflow
    };
    Ok(store::set_live(tx, cx, &live).await?)
}

/// Takes a workflow out of use, until a version of it is made live again.
///
/// # Errors
/// [`WorkflowsError::State`] when none is live; when there is no such workflow, or the database fails.
pub async fn deactivate(cx: &Context, tx: &mut Tx, workflow: &str) -> Result<(), WorkflowsError> {
    let workflow = find(cx, tx, workflow).await?;
    if workflow.live_version.is_none() {
        return Err(WorkflowsError::State(
            "no version of the workflow is live".to_owned(),
        ));
    }
    store::retire(tx, &workflow.id, State::Deactivated).await?;
    let idle = Workflow {
        live_version: None,
        ..workflow
    };
    store::set_live(tx, cx, &idle).await?;
    Ok(touched(cx, tx).await?)
}

/// Deletes a workflow with its versions, keys and runs.
///
/// # Errors
/// When there is no such workflow, or the database fails.
pub async fn delete(cx: &Context, tx: &mut Tx, workflow: &str) -> Result<(), WorkflowsError> {
    let workflow = find(cx, tx, workflow).await?;
    store::delete(tx, &workflow.id).await?;
    store::delete_unused_bundles(tx, &cx.environment().id).await?;
    Ok(touched(cx, tx).await?)
}
