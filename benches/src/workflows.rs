//! A workflow at a sign-in: the program of the migration guides, from the moment to its effects, against the bare engine.
//!
//! *Cold* is the first run after a deployment: the program is compiled. *Warm* is every later one, some milliseconds after the one
//! before: what a run leaves behind, and the engine of the next one, are made when nobody waits. What that costs shows where many come
//! at once. The person is here already, so the program returns at once and no other server is waited for: what is measured is what
//! Kith adds to each sign-in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use kith::config::{Config, Values};
use kith::context::{Actor, Context};
use kith::secret::Secret;
use kith::workflows::deploy::{Source, Start, deploy};
use kith::workflows::{Caller, Moment, Person, fire};
use kith::{installation, workflows};
use script::{Cancel, Files, Host, HostError, Limits};

use crate::say;

const PROGRAM: &str = include_str!("../../crates/kith/src/workflows/tests/programs/auth0.ts");
const AT_ONCE: usize = 200;

/// How long after one sign-in the next one comes.
const APART: Duration = Duration::from_millis(2);

pub(crate) fn run() -> Result<()> {
    let bare = bare_engine()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure(bare))
}

async fn measure(bare: Duration) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let values = Values::from([("data_dir".to_owned(), folder.path().display().to_string())]);
    let app = installation::open(Config::from_values(&values)?).await?;
    let environments = installation::ensure(&app).await?;
    let cx = app.at(environments.production, Actor::System);
    once(&cx).await?;
    let nothing_live = median(&cx, 500).await?;
    let files = Files::from_iter([("Workflow.ts", PROGRAM)]);
    deploy(&cx, files, &Source::Upload, Start::Live).await?;
    let cold = timed(&cx).await?;
    let warm = median(&cx, 500).await?;
    let crowd = at_once(&cx).await?;
    let millis = |duration: Duration| duration.as_secs_f64() * 1000.0;
    say(&format!(
        "workflows: nothing live {:.3} ms a sign-in",
        millis(nothing_live)
    ));
    say(&format!(
        "workflows: cold {:.2} ms (target 2 ms)",
        millis(cold)
    ));
    say(&format!(
        "workflows: warm {:.3} ms = {:.1} times the bare engine's {:.3} ms (target 0.3 ms)",
        millis(warm),
        millis(warm) / millis(bare),
        millis(bare)
    ));
    say(&format!(
        "workflows: {AT_ONCE} sign-ins at once, the slowest of 95 in 100 after {:.1} ms",
        millis(crowd)
    ));
    workflows::runs::write_waiting(&app).await?;
    app.db().close().await;
    Ok(())
}

/// The engine alone: an empty program, compiled.
fn bare_engine() -> Result<Duration> {
    struct Nobody;
    impl Host for Nobody {
        fn call(
            &mut self,
            function: &str,
            _: Vec<serde_json::Value>,
            _: Duration,
        ) -> Result<serde_json::Value, HostError> {
            Err(HostError {
                name: "Error".to_owned(),
                message: format!("there is no {function}"),
            })
        }
    }
    let environment = Arc::new(script::Environment::new());
    let files = Files::from_iter([("main.ts", "export default () => {}")]);
    let program = script::compile(&environment, &files, "main.ts")
        .map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
    let event = serde_json::json!({});
    let mut all: Vec<_> = (0..300)
        .map(|_| {
            let began = Instant::now();
            script::run(
                &program,
                &event,
                &mut Nobody,
                &Limits::default(),
                &Cancel::new(),
            );
            began.elapsed()
        })
        .collect();
    all.sort();
    Ok(all[all.len() / 2])
}

fn typed() -> Moment {
    Moment::ExistingPassword {
        identifier: "mara@example.com".to_owned(),
        password: Secret::new("a password for the benchmark"),
        has_user_record: true,
        user: Person {
            id: Some("kp_1".to_owned()),
            ..Person::default()
        },
    }
}

async fn once(cx: &Context) -> Result<()> {
    let caller = Caller::new("203.0.113.9", "a benchmark");
    fire(cx, typed(), &caller)
        .await
        .map(drop)
        .context("the program ran")
}

async fn timed(cx: &Context) -> Result<Duration> {
    let began = Instant::now();
    once(cx).await?;
    Ok(began.elapsed())
}

async fn median(cx: &Context, n: usize) -> Result<Duration> {
    let mut all = Vec::with_capacity(n);
    for _ in 0..n {
        tokio::time::sleep(APART).await;
        all.push(timed(cx).await?);
    }
    all.sort();
    Ok(all[n / 2])
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark has no shutdown to wait"
)]
async fn at_once(cx: &Context) -> Result<Duration> {
    let began = Instant::now();
    let runs: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let cx = cx.clone();
            tokio::task::spawn(async move { once(&cx).await.map(|()| began.elapsed()) })
        })
        .collect();
    let mut all = Vec::with_capacity(AT_ONCE);
    for run in runs {
        // Whoever is told to come back is not among those who waited.
        if let Ok(elapsed) = run.await? {
            all.push(elapsed);
        }
    }
    all.sort();
    all.get(all.len() * 95 / 100)
        .copied()
        .context("nobody was served")
}
