//! What runs in an environment, in memory: read once, and again when something has changed.
//!
//! Every change counts up the environment's revision. A node looks at that number at most once in [`REMEMBERED`], so that a sign-in
//! costs nothing where no workflow is live.

use std::collections::{BTreeMap, HashMap};
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
use crate::id::{EnvironmentId, WorkflowId, WorkflowVersionId};
use crate::secret::Secret;
use crate::time::Timestamp;

/// For how long a node doesn't look whether another one has changed something.
pub(super) const REMEMBERED: Duration = Duration::from_secs(1);

/// A version that runs, with what its runs need.
pub(super) struct Live {
    pub(super) workflow: WorkflowId,
    pub(super) code: Arc<Code>,
    /// What encrypts; none while no key is active.
    pub(super) key: Option<SecureKey>,
    pub(super) variables: Arc<Variables>,
}

/// The code of a version. Compiled at its first run.
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
struct Snapshot {
    looked_at: Timestamp,
    revision: i64,
    live: HashMap<Trigger, Arc<Live>>,
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
        if let Some(snapshot) = fresh(&all, cx) {
            return Ok(snapshot.live.get(&trigger).map(Arc::clone));
        }
        let mut tx = cx.db().read().await?;
        let snapshot = refresh(&mut all, cx, &mut tx).await?;
        Ok(snapshot.live.get(&trigger).map(Arc::clone))
    }

    /// Whether anything runs for a trigger; reads, where it has to, in the caller's transaction.
    pub(super) async fn is_live(
        &self,
        cx: &Context,
        tx: &mut Tx,
        trigger: Trigger,
    ) -> Result<bool, WorkflowsError> {
        let mut all = self.0.lock().await;
        let snapshot = match fresh(&all, cx) {
            Some(snapshot) => snapshot,
            None => refresh(&mut all, cx, tx).await?,
        };
        Ok(snapshot.live.contains_key(&trigger))
    }

    /// Looks again at the next question, after this process changed something.
    pub(super) async fn forget(&self, environment: &EnvironmentId) {
        if let Some(snapshot) = self.0.lock().await.get_mut(environment) {
            let Snapshot {
                revision, ref live, ..
            } = **snapshot;
            let looked_at = Timestamp::from_millis(0);
            *snapshot = Arc::new(Snapshot {
                looked_at,
                revision,
                live: live.clone(),
            });
        }
    }
}

fn fresh(all: &HashMap<EnvironmentId, Arc<Snapshot>>, cx: &Context) -> Option<Arc<Snapshot>> {
    all.get(&cx.environment().id)
        .filter(|snapshot| cx.now().since(snapshot.looked_at) < REMEMBERED)
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
    let live = match known {
        Some(known) if known.revision == revision => known.live.clone(),
        _ => read(cx, tx, known.map(Arc::as_ref)).await?,
    };
    let snapshot = Arc::new(Snapshot {
        looked_at: cx.now(),
        revision,
        live,
    });
    all.insert(environment.clone(), Arc::clone(&snapshot));
    Ok(snapshot)
}

async fn read(
    cx: &Context,
    tx: &mut Tx,
    before: Option<&Snapshot>,
) -> Result<HashMap<Trigger, Arc<Live>>, WorkflowsError> {
    let stored = store::live(tx, &cx.environment().id).await?;
    if stored.is_empty() {
        return Ok(HashMap::new());
    }
    let variables = Arc::new(opened(cx, variables::all(cx, tx).await?)?);
    let mut live = HashMap::new();
    for row in stored {
        let known = before.and_then(|before| {
            before
                .live
                .values()
                .find(|live| live.code.version == row.version)
        });
        let code = match known {
            Some(known) => Arc::clone(&known.code),
            None => Arc::new(Code {
                version: row.version,
                settings: serde_json::from_str(&row.settings)?,
                entry: row.entry,
                files: super::bundle::unpack(
                    &store::bundle(tx, &cx.environment().id, &row.bundle).await?,
                )?,
                program: OnceLock::new(),
            }),
        };
        let key = super::encryption_keys::active(cx, tx, &row.workflow).await?;
        let trigger = code.settings.trigger;
        live.insert(
            trigger,
            Arc::new(Live {
                workflow: row.workflow,
                code,
                key,
                variables: Arc::clone(&variables),
            }),
        );
    }
    Ok(live)
}

fn opened(cx: &Context, all: Vec<Variable>) -> Result<Variables, WorkflowsError> {
    let mut found = Vec::with_capacity(all.len());
    for variable in all {
        let value = variable.reveal(cx)?;
        found.push((variable.key, value, variable.is_secret));
    }
    Ok(Variables::new(found))
}
