//! The steps of a test run: one table, run in order, timed, the first failure ending the run.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::fuzz;
use crate::mariadb::MariaDb;
use crate::postgres::Postgres;
use crate::shell::{self, cargo};
use crate::tools::{self, Tool};

/// Enough to meet every sample and its nearest neighbors; `cargo xtask fuzz` takes its time.
const SECONDS_PER_TARGET: u64 = 6;

/// One thing that must hold.
pub(crate) struct Step {
    name: &'static str,
    about: &'static str,
    needs: &'static [Tool],
    run: fn(&mut World) -> Result<()>,
}

/// What steps leave behind for later ones. Dropping it stops what was started.
#[derive(Default)]
pub(crate) struct World {
    postgres: Option<Postgres>,
    mariadb: Option<MariaDb>,
}

impl World {
    /// The temporary PostgreSQL, started by whoever asks first.
    fn postgres(&mut self) -> Result<&Postgres> {
        if self.postgres.is_none() {
            self.postgres = Some(Postgres::start()?);
        }
        self.postgres
            .as_ref()
            .context("PostgreSQL was started just now")
    }

    /// The temporary MariaDB, started by whoever asks first.
    fn mariadb(&mut self) -> Result<&MariaDb> {
        if self.mariadb.is_none() {
            self.mariadb = Some(MariaDb::start()?);
        }
        self.mariadb
            .as_ref()
            .context("MariaDB was started just now")
    }
}

/// Every step of `cargo xtask test`, cheapest first, so that a slip is told before the long ones.
///
/// All cargo commands select the whole workspace, and at least one test. A narrower selection would turn off features
/// that other members, or tests, ask of shared dependencies, and cargo would compile those once more.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "tools",
        about: "install what the other steps need",
        needs: tools::ALL,
        run: |_| Ok(()),
    },
    Step {
        name: "format",
        about: "rustfmt changes nothing",
        needs: &[],
        run: |_| shell::run(&mut cargo("fmt --all --check")),
    },
    Step {
        name: "deny",
        about: "licenses, bans and sources of the dependencies",
        needs: &[Tool::CargoDeny],
        run: |_| tools::deny(),
    },
    Step {
        name: "lint",
        about: "clippy, its warnings are errors",
        needs: &[],
        run: |_| {
            shell::run(&mut cargo(
                "clippy --workspace --all-targets -- --deny warnings",
            ))?;
            // All targets are those of a plain `cargo test`; these two are not among them.
            let rest = "clippy --workspace --test browser --test arazzo -- --deny warnings";
            shell::run(&mut cargo(rest))
        },
    },
    Step {
        name: "build",
        about: "compile the server and every test",
        needs: &[],
        run: |_| {
            // This makes the server too, which the stories run as a process of its own.
            shell::run(&mut cargo("test --workspace --no-run"))?;
            shell::run(&mut cargo(
                "test --workspace --no-run --test browser --test arazzo",
            ))
        },
    },
    Step {
        name: "servers",
        about: "start a temporary PostgreSQL and a temporary MariaDB",
        needs: &[Tool::Postgres, Tool::MariaDb],
        run: |world| {
            world.postgres()?;
            world.mariadb().map(drop)
        },
    },
    Step {
        name: "test",
        about: "unit tests, and the stories over the socket on SQLite and PostgreSQL",
        needs: &[Tool::Postgres, Tool::MariaDb],
        run: |world| {
            let mut test = cargo("test --workspace --no-fail-fast");
            // Much of a test's time is waiting: for another process, for a pause to end.
            let cores = std::thread::available_parallelism()?.get();
            test.env("RUST_TEST_THREADS", (cores + 1).to_string());
            test.env("KITH_TEST_POSTGRES_URL", world.postgres()?.url());
            test.env("KITH_TEST_MYSQL_URL", world.mariadb()?.url());
            shell::run(&mut test)
        },
    },
    Step {
        name: "fuzz",
        about: "random files against every reader and every parser of hashes, seconds each",
        needs: &[Tool::Cxx],
        run: |_| fuzz::run(SECONDS_PER_TARGET),
    },
    Step {
        name: "browser",
        about: "the pages in Chromium, with accessibility checks",
        needs: &[Tool::Chromium, Tool::Npm],
        run: |_| shell::run(&mut cargo("test --workspace --test browser")),
    },
    Step {
        name: "arazzo",
        about: "the public Arazzo workflow that migrates a user, against the running server",
        needs: &[Tool::Npm],
        run: |_| {
            shell::run(
                cargo("test --workspace --test arazzo").env("KITH_TEST_NODE", tools::node()?),
            )
        },
    },
];

/// The names of all steps, in order.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// One line a step, for the usage message.
pub(crate) fn list() -> String {
    STEPS.iter().fold(String::new(), |mut lines, step| {
        let _ = writeln!(lines, "  {:<10} {}", step.name, step.about);
        lines
    })
}

/// Runs the steps named, in the order of the table, and prints what each took.
///
/// # Errors
///
/// When a name is unknown, and when a step fails: the later ones are not run then.
pub(crate) fn run(wanted: &[&str]) -> Result<()> {
    if let Some(unknown) = wanted.iter().find(|name| !names().contains(name)) {
        bail!("no step is called `{unknown}`; there are:\n{}", list());
    }
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| wanted.contains(&step.name))
        .collect();
    let mut world = World::default();
    let mut ran: Vec<(Duration, Result<()>)> = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        eprintln!(
            "\n== {} ({} of {}): {}",
            step.name,
            index + 1,
            chosen.len(),
            step.about
        );
        let start = Instant::now();
        let outcome = tools::ensure(step.needs).and_then(|()| (step.run)(&mut world));
        let failed = outcome.is_err();
        ran.push((start.elapsed(), outcome));
        if failed {
            break;
        }
    }
    drop(world);
    eprint!("\n{}", summary(&chosen, &ran));
    match (chosen.get(ran.len() - 1), ran.pop()) {
        (Some(step), Some((_, Err(error)))) => {
            Err(error.context(format!("step `{}` failed", step.name)))
        }
        _ => Ok(()),
    }
}

fn summary(chosen: &[&Step], ran: &[(Duration, Result<()>)]) -> String {
    let mut table = format!("{:<10} {:>8}\n", "step", "seconds");
    for (index, step) in chosen.iter().enumerate() {
        let _ = match ran.get(index) {
            Some((took, Ok(()))) => {
                writeln!(table, "{:<10} {:>8.1}  ok", step.name, took.as_secs_f64())
            }
            Some((took, Err(_))) => writeln!(
                table,
                "{:<10} {:>8.1}  FAILED",
                step.name,
                took.as_secs_f64()
            ),
            None => writeln!(table, "{:<10} {:>8}  not run", step.name, "-"),
        };
    }
    let total: Duration = ran.iter().map(|(took, _)| *took).sum();
    let _ = writeln!(table, "{:<10} {:>8.1}", "total", total.as_secs_f64());
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_what_passed_what_failed_and_what_did_not_run() {
        let chosen: Vec<&Step> = STEPS.iter().take(3).collect();
        let ran = [
            (Duration::from_millis(1500), Ok(())),
            (
                Duration::from_secs(2),
                Err(anyhow::anyhow!("badly formatted")),
            ),
        ];
        let table = summary(&chosen, &ran);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(
            lines,
            [
                "step        seconds",
                "tools           1.5  ok",
                "format          2.0  FAILED",
                "deny              -  not run",
                "total           3.5",
            ]
        );
    }

    #[test]
    fn an_unknown_step_is_refused_before_anything_runs() {
        let error = run(&["format", "no-such-step"]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("no step is called `no-such-step`"),
            "{error}"
        );
    }

    #[test]
    fn step_names_are_unique() {
        let mut names = names();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
