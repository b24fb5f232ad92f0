//! What runs in an environment, in memory: read once, and again when something has changed.
//!
//! Every change counts up the environment's revision. A node looks at that number at most once in [`REMEMBERED`], so that a sign-in
//! costs nothing where no workflow is live. What somebody previews ([`super::preview`]) lies beside it, and only their context finds it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use db::Tx;
use script::{Files, Program};
use tokio::sync::Mutex;

use super::WorkflowsError;
use super::check::{self, Finding};
use super::redact::Redactor;
use super::secure::SecureKey;
use super::settings::Settings;
use super::store;
use super::trigger::Trigger;
use super::variables::{self, Variable};
use crate::context::Context;
use crate::id::{DeploymentId, EnvironmentId, WorkflowId, WorkflowVersionId};
use crate::secret::Secret;
use crate::time::Timestamp;

/// For how long a node doesn't look whether another one has changed something.
pub(super) const REMEMBERED: Duration = Duration::from_secs(1);

/// How many previews of an environment are remembered; past that all are read again.
const MOST_PREVIEWS: usize = 16;

/// A version that runs, with what its runs need.
pub(super) struct Live {
    pub(super) workflow: WorkflowId,
    pub(super) code: Arc<Code>,
    /// What encrypts; none while no key is active.
    pub(super) key: Option<SecureKey>,
    pub(super) variables: Arc<Variables>,
    /// Whether it runs for a preview only.
    pub(super) is_preview: bool,
}

/// The code of a version. Compiled when [`super::ready`] finds it, or at its first run.
pub(super) struct Code {
    pub(super) version: WorkflowVersionId,
    pub(super) settings: Settings,
    pub(super) entry: String,
    pub(super) files: Files,
    pub(super) program: OnceLock<Result<Program, Vec<Finding>>>,
}

impl Code {
    /// The compiled program.
    ///
    /// # Errors
    /// What keeps it from being compiled: it was right when it was deployed, so another version of Kith reads it otherwise.
    pub(super) fn program(
        &self,
        environment: &Arc<script::Environment>,
    ) -> Result<&Program, &[Finding]> {
        self.program
            .get_or_init(|| check::compile(environment, &self.files, &self.entry))
            .as_ref()
            .map_err(Vec::as_slice)
    }

    /// Whether it was compiled, or found to be wrong.
    pub(super) fn is_compiled(&self) -> bool {
        self.program.get().is_some()
    }

    /// Whether the code names something: then it is worth making.
    pub(super) fn mentions(&self, word: &str) -> bool {
        self.files.iter().any(|(_, text)| text.contains(word))
    }
}

/// The variables of an environment, opened.
#[derive(Default)]
pub(super) struct Variables {
    by_key: BTreeMap<String, (Secret, bool)>,
    /// Finds the sensitive ones.
    pub(super) redactor: Arc<Redactor>,
}

impl Variables {
    pub(super) fn new(all: impl IntoIterator<Item = (String, Secret, bool)>) -> Self {
        let by_key: BTreeMap<_, _> = all
            .into_iter()
            .map(|(key, value, is_secret)| (key, (value, is_secret)))
            .collect();
        let secrets = by_key.values().filter(|(_, is_secret)| *is_secret);
        let redactor = Redactor::new(secrets.map(|(value, _)| value.reveal()));
        Self {
            by_key,
            redactor: Arc::new(redactor),
        }
    }

    /// The value, and whether it is sensitive.
    pub(super) fn get(&self, key: &str) -> Option<(&Secret, bool)> {
        self.by_key
            .get(key)
            .map(|(value, is_secret)| (value, *is_secret))
    }
}

/// An environment at one revision.
#[derive(Clone)]
struct Snapshot {
    looked_at: Timestamp,
    revision: i64,
    live: Running,
    previews: HashMap<DeploymentId, Arc<Preview>>,
}

/// What runs, by what fires it.
type Running = HashMap<Trigger, Arc<Live>>;

/// The workflows of a deployment that somebody previews.
struct Preview {
    running: Running,
    /// They don't run as they are live, also where the previewed version listens to another trigger.
    workflows: HashSet<WorkflowId>,
}

impl Snapshot {
    /// What runs for a trigger, for whoever previews this or nothing.
    fn running(&self, preview: Option<&DeploymentId>, trigger: Trigger) -> Option<Arc<Live>> {
        let live = self.live.get(&trigger);
        let Some(preview) = preview.and_then(|id| self.previews.get(id)) else {
            return live.map(Arc::clone);
        };
        let live = live.filter(|live| !preview.workflows.contains(&live.workflow));
        preview.running.get(&trigger).or(live).map(Arc::clone)
    }

    /// Whether it can answer the context without the database.
    fn serves(&self, cx: &Context) -> bool {
        let is_fresh = cx.now().since(self.looked_at) < REMEMBERED;
        is_fresh
            && cx
                .preview()
                .is_none_or(|preview| self.previews.contains_key(preview))
    }

    /// The code of a version, if it runs for anybody.
    fn code(&self, version: &WorkflowVersionId) -> Option<Arc<Code>> {
        let previewed = self.previews.values().flat_map(|one| one.running.values());
        let mut all = self.live.values().chain(previewed);
        let found = all.find(|live| live.code.version == *version)?;
        Some(Arc::clone(&found.code))
    }
}

/// Each environment, as this process last read it.
#[derive(Default)]
pub(super) struct Cache(Mutex<HashMap<EnvironmentId, Arc<Snapshot>>>);

impl Cache {
    /// What runs for a trigger; none where nothing does.
    pub(super) async fn find(
        &self,
        cx: &Context,
        trigger: Trigger,
    ) -> Result<Option<Arc<Live>>, WorkflowsError> {
        let mut all = self.0.lock().await;
        if let Some(snapshot) = ready(&all, cx) {
            return Ok(snapshot.running(cx.preview(), trigger));
        }
        let mut tx = cx.db().read().await?;
        let snapshot = refresh(&mut all, cx, &mut tx).await?;
        Ok(snapshot.running(cx.preview(), trigger))
    }

    /// All that runs in an environment.
    pub(super) async fn all(&self, cx: &Context) -> Result<Vec<Arc<Live>>, WorkflowsError> {
        let mut all = self.0.lock().await;
        let snapshot = match ready(&all, cx) {
            Some(snapshot) => snapshot,
            None => refresh(&mut all, cx, &mut cx.db().read().await?).await?,
        };
        Ok(snapshot.live.values().cloned().collect())
    }

    /// Whether anything runs for a trigger; reads, where it has to, in the caller's transaction.
    pub(super) async fn is_live(
        &self,
        cx: &Context,
        tx: &mut Tx,
        trigger: Trigger,
    ) -> Result<bool, WorkflowsError> {
        let mut all = self.0.lock().await;
        let snapshot = match ready(&all, cx) {
            Some(snapshot) => snapshot,
            None => refresh(&mut all, cx, tx).await?,
        };
        Ok(snapshot.running(cx.preview(), trigger).is_some())
    }

    /// Looks again at the next question, after this process changed something.
    pub(super) async fn forget(&self, environment: &EnvironmentId) {
        if let Some(snapshot) = self.0.lock().await.get_mut(environment) {
            *snapshot = Arc::new(Snapshot {
                looked_at: Timestamp::from_millis(0),
                ..Snapshot::clone(snapshot)
            });
        }
    }
}

fn ready(all: &HashMap<EnvironmentId, Arc<Snapshot>>, cx: &Context) -> Option<Arc<Snapshot>> {
    all.get(&cx.environment().id)
        .filter(|snapshot| snapshot.serves(cx))
        .map(Arc::clone)
}

async fn refresh(
    all: &mut HashMap<EnvironmentId, Arc<Snapshot>>,
    cx: &Context,
    tx: &mut Tx,
) -> Result<Arc<Snapshot>, WorkflowsError> {
    let environment = &cx.environment().id;
    let known = all.get(environment);
    let revision = store::revision(tx, environment).await?;
    let mut snapshot = match known {
        Some(known) if known.revision == revision => Snapshot::clone(known),
        _ => Snapshot {
            looked_at: cx.now(),
            revision,
            live: read(cx, tx, known.map(Arc::as_ref)).await?,
            previews: HashMap::new(),
        },
    };
    snapshot.looked_at = cx.now();
    if let Some(deployment) = cx.preview()
        && !snapshot.previews.contains_key(deployment)
    {
        let preview = read_preview(cx, tx, deployment, &snapshot).await?;
        if snapshot.previews.len() >= MOST_PREVIEWS {
            snapshot.previews.clear();
        }
        let preview = Arc::new(preview);
        snapshot.previews.insert(deployment.clone(), preview);
    }
    let snapshot = Arc::new(snapshot);
    all.insert(environment.clone(), Arc::clone(&snapshot));
    Ok(snapshot)
}

async fn read(
    cx: &Context,
    tx: &mut Tx,
    before: Option<&Snapshot>,
) -> Result<Running, WorkflowsError> {
    let stored = store::live(tx, &cx.environment().id).await?;
    if stored.is_empty() {
        return Ok(HashMap::new());
    }
    let variables = Arc::new(opened(cx, variables::all(cx, tx).await?)?);
    let mut running = HashMap::new();
    for row in stored {
        let code = code(cx, tx, &row, before).await?;
        let live = Live {
            key: super::encryption_keys::active(cx, tx, &row.workflow).await?,
            workflow: row.workflow,
            variables: Arc::clone(&variables),
            is_preview: false,
            code,
        };
        running.insert(live.code.settings.trigger, Arc::new(live));
    }
    Ok(running)
}

async fn read_preview(
    cx: &Context,
    tx: &mut Tx,
    deployment: &DeploymentId,
    now: &Snapshot,
) -> Result<Preview, WorkflowsError> {
    let stored = store::deployed(tx, &cx.environment().id, deployment).await?;
    let variables = Arc::new(opened(cx, variables::all(cx, tx).await?)?);
    let (mut running, mut workflows) = (HashMap::new(), HashSet::new());
    for row in stored {
        let code = code(cx, tx, &row, Some(now)).await?;
        workflows.insert(row.workflow.clone());
        let live = Live {
            key: super::encryption_keys::active(cx, tx, &row.workflow).await?,
            workflow: row.workflow,
            variables: Arc::clone(&variables),
            is_preview: true,
            code,
        };
        running.insert(live.code.settings.trigger, Arc::new(live));
    }
    Ok(Preview { running, workflows })
}

/// The code of a version: what is known of it already, else what is stored.
async fn code(
    cx: &Context,
    tx: &mut Tx,
    row: &store::LiveRow,
    known: Option<&Snapshot>,
) -> Result<Arc<Code>, WorkflowsError> {
    if let Some(known) = known.and_then(|snapshot| snapshot.code(&row.version)) {
        return Ok(known);
    }
    let files = store::bundle(tx, &cx.environment().id, &row.bundle).await?;
    Ok(Arc::new(Code {
        version: row.version.clone(),
        settings: serde_json::from_str(&row.settings)?,
        entry: row.entry.clone(),
        files: super::bundle::unpack(&files)?,
        program: OnceLock::new(),
    }))
}

fn opened(cx: &Context, all: Vec<Variable>) -> Result<Variables, WorkflowsError> {
    let mut found = Vec::with_capacity(all.len());
    for variable in all {
        let value = variable.reveal(cx)?;
        found.push((variable.key, value, variable.is_secret));
    }
    Ok(Variables::new(found))
}
