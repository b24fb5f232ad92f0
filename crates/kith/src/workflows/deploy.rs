//! Deploying a project: all of its workflows, or none.
//!
//! Each workflow gets a version, which is live at once unless the caller wants to look first. A workflow that is no longer in the
//! project stays, and runs on, until somebody deletes it.

use db::Tx;
use script::Files;
use serde_json::{Value, json};

use super::check::{self, Checked, Finding};
use super::runtime::runtime;
use super::versions::{self, State, Version, Workflow};
use super::{WorkflowsError, bundle, store, touched};
use crate::context::Context;
use crate::id::{DeploymentId, WorkflowVersionId};

/// The most files that a deployment may have.
pub const MAX_FILES: usize = 5_000;

/// Where files came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A folder on the machine of the installation.
    Folder(String),
    /// Files that were sent.
    Upload,
    /// A repository.
    Git {
        /// Its address, without what is secret in it.
        url: String,
        /// The commit.
        commit: String,
    },
}

impl Source {
    fn value(&self) -> Value {
        match self {
            Self::Folder(path) => json!({"kind": "folder", "path": path}),
            Self::Upload => json!({"kind": "upload"}),
            Self::Git { url, commit } => json!({"kind": "git", "url": url, "commit": commit}),
        }
    }
}

/// Whether what is deployed runs at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It does.
    Live,
    /// It waits until somebody makes it live.
    Waiting,
}

/// What was deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// Each workflow, with its new version.
    pub workflows: Vec<Deployed>,
    /// What deserves a look.
    pub findings: Vec<Finding>,
}

/// A workflow that was deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The id that its author gave it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The id of its trigger.
    pub trigger: &'static str,
    /// Whether Kith fires it.
    pub is_fired: bool,
    /// The version.
    pub version: WorkflowVersionId,
    /// Its number.
    pub number: i64,
}

/// Checks the files, and deploys every workflow in them. Compiles on a thread of its own, and opens its own transaction.
///
/// # Errors
/// [`WorkflowsError::Invalid`] with everything that is wrong; [`WorkflowsError::TriggerTaken`] when a workflow that is not in the project is
/// live for one of its triggers; when the database fails.
pub async fn deploy(
    cx: &Context,
    files: Files,
    source: &Source,
    start: Start,
) -> Result<Deployment, WorkflowsError> {
    let checked = checked(cx, files).await?;
    if !checked.is_deployable() {
        return Err(WorkflowsError::Invalid(checked.findings));
    }
    let (hash, packed) = bundle::pack(&checked.files);
    let deployment: DeploymentId = cx.new_id();
    let mut tx = cx.db().begin().await?;
    store::insert_bundle(&mut tx, cx, (&hash, packed)).await?;
    let mut added = Vec::new();
    for workflow in &checked.workflows {
        let log: Vec<_> = checked
            .findings
            .iter()
            .filter(|finding| finding.file == workflow.path)
            .collect();
        let new = New {
            workflow,
            bundle: &hash,
            deployment: &deployment,
            source,
            log: json!(log),
        };
        added.push(add(cx, &mut tx, &new).await?);
    }
    if start == Start::Live {
        make_all_live(cx, &mut tx, &added).await?;
    }
    touched(cx, &mut tx).await?;
    tx.commit().await?;
    changed(cx).await;
    let deployed = checked
        .workflows
        .iter()
        .zip(&added)
        .map(|(workflow, (_, version))| Deployed {
            code: workflow.settings.id.clone(),
            name: workflow.settings.name.clone(),
            trigger: workflow.settings.trigger.id(),
            is_fired: workflow.settings.trigger.row().is_fired,
            version: version.id.clone(),
            number: version.number,
        });
    Ok(Deployment {
        id: deployment,
        workflows: deployed.collect(),
        findings: checked.findings,
    })
}

/// The files checked, beside the async threads.
///
/// # Errors
/// [`WorkflowsError::TooLarge`] for more than a deployment may hold.
pub async fn checked(cx: &Context, files: Files) -> Result<Checked, WorkflowsError> {
    let bytes: usize = files
        .iter()
        .map(|(path, text)| path.len() + text.len())
        .sum();
    if bytes > bundle::MAX_BYTES || files.len() > MAX_FILES {
        return Err(WorkflowsError::TooLarge);
    }
    let environment = runtime(cx).environment.clone();
    // The engine wants more stack than a blocking thread is sure to have.
    let (answer, answered) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("workflow-check".to_owned())
        .stack_size(8 * 1024 * 1024)
        .spawn(move || drop(answer.send(check::check(&environment, &files))))
        .map_err(WorkflowsError::Thread)?;
    answered
        .await
        .map_err(|_| WorkflowsError::Thread(std::io::Error::other("the check panicked")))
}

/// Other requests of this process look again at once; for after the commit.
pub(super) async fn changed(cx: &Context) {
    let runtime = runtime(cx);
    runtime.tokens.forget_all(&cx.environment().id);
    runtime.live.forget(&cx.environment().id).await;
}

struct New<'a> {
    workflow: &'a check::Workflow,
    bundle: &'a str,
    deployment: &'a DeploymentId,
    source: &'a Source,
    log: Value,
}

async fn add(
    cx: &Context,
    tx: &mut Tx,
    new: &New<'_>,
) -> Result<(Workflow, Version), WorkflowsError> {
    let settings = &new.workflow.settings;
    let known = store::find(tx, &cx.environment().id, &settings.id).await?;
    let workflow = if let Some(known) = known.filter(|known| known.code == settings.id) {
        known
    } else {
        let workflow = Workflow {
            id: cx.new_id(),
            code: settings.id.clone(),
            name: settings.name.clone(),
            trigger: settings.trigger.id().to_owned(),
            live_version: None,
            created_at: cx.now(),
            updated_at: cx.now(),
        };
        store::insert(tx, cx, &workflow).await?;
        workflow
    };
    let version = Version {
        id: cx.new_id(),
        workflow: workflow.id.clone(),
        number: store::last_number(tx, &workflow.id).await? + 1,
        deployment: new.deployment.clone(),
        state: State::Deployed,
        entry: new.workflow.path.clone(),
        settings: serde_json::to_string(settings)?,
        build_log: new.log.to_string(),
        source: new.source.value().to_string(),
        bundle: new.bundle.to_owned(),
        deployed_by: cx.actor().to_string(),
        created_at: cx.now(),
    };
    store::insert_version(tx, &version).await?;
    Ok((workflow, version))
}

/// All at once, so that two workflows of a project may exchange their triggers.
async fn make_all_live(
    cx: &Context,
    tx: &mut Tx,
    added: &[(Workflow, Version)],
) -> Result<(), WorkflowsError> {
    for (workflow, _) in added {
        store::retire(tx, &workflow.id, State::Deployed).await?;
        store::set_live(
            tx,
            cx,
            &Workflow {
                live_version: None,
                ..workflow.clone()
            },
        )
        .await?;
    }
    for (workflow, version) in added {
        versions::make_live(cx, tx, workflow.clone(), version).await?;
    }
    Ok(())
}
