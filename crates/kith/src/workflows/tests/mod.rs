//! Workflows as a whole: deployed, fired, with a former system to ask and our own API within.

mod engine;
mod guides;
mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use script::Files;
use serde_json::Value;

use super::deploy::{Deployment, Source, Start, deploy};
use super::variables::{self, Sensitivity};
use super::{Caller, Effects, FireError, Moment, Person, WorkflowsError, changed, fire, runs};
use crate::applications;
use crate::context::Context;
use crate::installation;
use crate::paging::{Order, Wanted};
use crate::secret::Secret;
use crate::server;
use crate::testing::Installation;

/// An installation that serves within.
pub(super) struct World {
    pub(super) cx: Context,
    pub(super) installation: Installation,
    n_runs: AtomicUsize,
    // The server is found from within as long as somebody holds it.
    _router: axum::Router,
}

impl World {
    pub(super) async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for installation in Installation::all().await {
            all.push(Self::on(installation).await);
        }
        all
    }

    async fn on(installation: Installation) -> Self {
        installation::ensure(&installation.app).await.unwrap();
        let router = server::router(&installation.app, &installation.environments);
        Self {
            cx: installation.cx(),
            installation,
            n_runs: AtomicUsize::new(0),
            _router: router,
        }
    }

    /// The first engine will do where no SQL is looked at.
    pub(super) async fn one() -> Self {
        Self::on(Installation::sqlite().await).await
    }

    pub(super) async fn deploy(
        &self,
        files: &[(&str, &str)],
    ) -> Result<Deployment, WorkflowsError> {
        let mut all = Files::from_iter([("kinde.json", "{}")]);
        let folder = "kindeSrc/environment/workflows";
        for (name, text) in files {
            let path = if name.starts_with("node_modules/") {
                (*name).to_owned()
            } else {
                format!("{folder}/{name}")
            };
            all.insert(path, *text);
        }
        deploy(&self.cx, all, &Source::Upload, Start::Live).await
    }

    /// Deploys the body of a function for a trigger, with these settings besides.
    pub(super) async fn program(&self, trigger: &str, settings: &str, body: &str) {
        let text = program(trigger, settings, body);
        self.deploy(&[("Workflow.ts", &text)]).await.unwrap();
    }

    pub(super) async fn variable(&self, key: &str, value: &str, sensitivity: Sensitivity) {
        let mut tx = self.cx.db().begin().await.unwrap();
        variables::create(&self.cx, &mut tx, key, &Secret::new(value), sensitivity)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        changed(&self.cx).await;
    }

    /// Credentials for our own API, where programs look for them.
    pub(super) async fn credentials(&self) {
        let client = applications::ensure_management_client(&self.cx, false)
            .await
            .unwrap();
        self.variable(
            "KINDE_WF_M2M_CLIENT_ID",
            client.id.as_str(),
            Sensitivity::Plain,
        )
        .await;
        self.variable(
            "KINDE_WF_M2M_CLIENT_SECRET",
            client.secret.reveal(),
            Sensitivity::Sensitive,
        )
        .await;
    }

    pub(super) async fn fire(&self, moment: Moment) -> Result<Option<Effects>, FireError> {
        let outcome = fire(&self.cx, moment, &caller()).await;
        if matches!(outcome, Ok(Some(_)) | Err(FireError::Stopped { .. })) {
            self.n_runs.fetch_add(1, Ordering::SeqCst);
        }
        outcome
    }

    /// What it wanted done.
    pub(super) async fn effects(&self, moment: Moment) -> Effects {
        self.fire(moment).await.unwrap().unwrap()
    }

    /// The last run, as it was kept.
    pub(super) async fn last(&self) -> runs::Run {
        // A run is kept after it has answered.
        for _ in 0..200 {
            let wanted = Wanted::first(Order::NEWEST_FIRST, 100);
            let mut page = runs::list(&self.cx, &runs::Filter::default(), &wanted)
                .await
                .unwrap();
            if page.items.len() >= self.n_runs.load(Ordering::SeqCst) {
                return page.items.swap_remove(0);
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("no run was kept");
    }

    /// What the last run printed.
    pub(super) async fn printed(&self) -> Vec<String> {
        let run = self.last().await;
        let lines = run.document["lines"].as_array().unwrap().clone();
        lines
            .iter()
            .map(|line| line["text"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub(super) fn program(trigger: &str, settings: &str, body: &str) -> String {
    format!(
        "import * as infrastructure from \"@kinde/infrastructure\";\n\
         export const workflowSettings = {{ id: \"w\", trigger: \"{trigger}\", {settings} }};\n\
         export default async function (event: any) {{\n{body}\n}}\n"
    )
}

pub(super) fn caller() -> Caller {
    Caller::new("203.0.113.9", "a browser").for_client("c0ffee")
}

pub(super) const PASSWORD: &str = "Correct-Horse_42";

pub(super) fn typed_by(email: &str) -> Moment {
    Moment::ExistingPassword {
        identifier: email.to_owned(),
        password: Secret::new(PASSWORD),
        has_user_record: false,
        user: Person::default(),
    }
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Another node that shares nothing but the database.
pub(super) async fn another_node(world: &World) -> Context {
    let app = world.installation.another_node().await;
    app.at(
        Arc::clone(&world.installation.environments.production),
        crate::context::Actor::System,
    )
}
