//! What is stored: the database, what its secrets are sealed with, and what its newest event says about the clock.

use std::time::Duration;

use tokio::net::TcpStream;
use url::Url;

use super::finding::Finding;
use super::ground;
use crate::config::Config;
use crate::context::{Actor, App, Clock, Random};
use crate::environments::{self, Environments};
use crate::time::Timestamp;
use crate::{MIGRATIONS, events, keys};

/// How long a database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database that answers, and everything in it that the other checks need.
pub(super) struct Storage {
    pub(super) app: App,
    /// None before the first start.
    pub(super) environments: Option<Environments>,
}

/// Opens the database without changing anything in it. Findings about it, and the database where it can be used.
pub(super) async fn database(config: &Config) -> (Finding, Option<db::Db>) {
    const NAME: &str = "database";
    if let Some(path) = sqlite_file(config) {
        if !path.exists() {
            return (
                Finding::ok(
                    NAME,
                    format!("{} is made by the first start", path.display()),
                ),
                None,
            );
        }
        if let Some(kind) = ground::network_file_system(&path) {
            let message = format!(
                "{} lies on a network file system ({kind}), on which SQLite loses data",
                path.display()
            );
            return (
                Finding::failed(
                    NAME,
                    message,
                    "move it to a disk of this machine, or use PostgreSQL",
                ),
                None,
            );
        }
    }
    if let Err((address, cause)) = server_answers(config).await {
        let remedy = "start the server, or correct `database_url`";
        let message = format!("nothing answers at {address}: {cause}");
        return (Finding::failed(NAME, message, remedy), None);
    }
    let db = match db::Db::connect(config.database_url.reveal(), db::Options::default()).await {
        Ok(db) => db,
        Err(error) => {
            let remedy = "check `database_url`, that the server runs, and that the account may use the database";
            return (
                Finding::failed(NAME, format!("it can't be opened: {error}"), remedy),
                None,
            );
        }
    };
    match look(&db).await {
        Ok(finding) => (finding, Some(db)),
        Err(error) => {
            let finding = Finding::failed(
                NAME,
                format!("it can't be read: {error}"),
                "check the account's rights, or restore a backup",
            );
            (finding, None)
        }
    }
}

/// Whether anything listens where the database should, and otherwise where that is and what happened. Asked first, because the
/// pool of connections would try for half a minute.
async fn server_answers(config: &Config) -> Result<(), (String, String)> {
    let Ok(url) = Url::parse(config.database_url.reveal()) else {
        return Ok(());
    };
    // A host that is empty, or a path in the query, is a socket on this machine.
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
        return Ok(());
    };
    if url.scheme() == "sqlite" {
        return Ok(());
    }
    let address = format!("{host}:{}", url.port().unwrap_or(5432));
    let connection = TcpStream::connect(&address);
    match tokio::time::timeout(PATIENCE, connection).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err((address, error.to_string())),
        Err(_) => Err((address, "no answer in time".to_owned())),
    }
}

async fn look(db: &db::Db) -> Result<Finding, db::Error> {
    const NAME: &str = "database";
    let description = db.describe().await?;
    let pending = db.pending(MIGRATIONS).await?;
    let seen = format!("{}, {}", description.version, size(description.bytes));
    Ok(if pending.is_empty() {
        Finding::ok(NAME, format!("{seen}, up to date"))
    } else {
        let message = format!("{seen}, {} migrations behind", pending.len());
        Finding::warning(
            NAME,
            message,
            "start the server: it brings the database up to date",
        )
    })
}

fn size(bytes: i64) -> String {
    const MIB: i64 = 1024 * 1024;
    if bytes < MIB {
        format!("{} KiB", bytes / 1024)
    } else {
        format!("{} MiB", bytes / MIB)
    }
}

/// The file of the embedded database.
fn sqlite_file(config: &Config) -> Option<std::path::PathBuf> {
    let path = config
        .database_url
        .reveal()
        .strip_prefix("sqlite:")?
        .trim_start_matches("//");
    let path = path.split('?').next().unwrap_or(path);
    (path != ":memory:").then(|| path.into())
}

/// Whether the secret key opens what is stored.
pub(super) async fn secret_key(config: &Config, db: Option<db::Db>) -> (Finding, Option<Storage>) {
    const NAME: &str = "secret key";
    let Some(key) = ground::secret_key(config) else {
        let is_used = match &db {
            Some(db) => db
                .pending(MIGRATIONS)
                .await
                .is_ok_and(|pending| pending.is_empty()),
            None => false,
        };
        let finding = if is_used {
            let remedy = "restore `secret.key` from the backup, or set `secret_key` to what it was: without it stored secrets are lost";
            Finding::failed(NAME, "there is none, though there is a database", remedy)
        } else {
            Finding::ok(NAME, "it is made by the first start")
        };
        return (finding, None);
    };
    let Some(db) = db else {
        return (
            Finding::ok(NAME, "it is there; nothing is stored with it yet"),
            None,
        );
    };
    let filter = password::common::CommonPasswords::embedded();
    let app = App::new(
        config.clone(),
        db,
        (Clock::System, Random::System),
        &key,
        filter,
    );
    let environments = environments::load(&app).await.ok().flatten();
    let finding = match &environments {
        None => Finding::ok(NAME, "it is there; nothing is stored with it yet"),
        Some(environments) => opens(&app, environments).await,
    };
    (finding, Some(Storage { app, environments }))
}

async fn opens(app: &App, environments: &Environments) -> Finding {
    const NAME: &str = "secret key";
    let cx = app.at(environments.production.clone(), Actor::System);
    if let Err(error) = keys::current(&cx).await {
        let remedy = "give Kith the key with which this database was made: `secret_key`, or `secret.key` in the data folder";
        return Finding::failed(
            NAME,
            format!("the signing key can't be used: {error}"),
            remedy,
        );
    }
    if ground::is_key_readable_by_others(app.config()) {
        return Finding::warning(
            NAME,
            "it opens what is stored, but others on this machine can read its file",
            "chmod 600 secret.key",
        );
    }
    Finding::ok(NAME, "it opens what is stored")
}

/// 2026-01-01T00:00:00Z: before this release. A clock that shows less is wrong.
const RELEASED: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// A minute: the nodes' clocks may differ by so much before anybody should notice.
const TOLERANCE_MS: i64 = 60_000;

/// Whether the clock makes sense. Tokens and codes live by it.
pub(super) async fn clock(storage: Option<&Storage>) -> Finding {
    let now = Timestamp::from_millis(now().as_millisecond());
    let newest = match storage.and_then(|storage| Some((storage, storage.environments.as_ref()?))) {
        None => None,
        Some((storage, environments)) => {
            let cx = storage
                .app
                .at(environments.production.clone(), Actor::System);
            match cx.db().read().await {
                Ok(mut tx) => events::newest(&cx, &mut tx).await.ok().flatten(),
                Err(_) => None,
            }
        }
    };
    judge(now, newest)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the doctor looks at the machine's clock, also where there is no installation yet"
)]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

pub(super) fn now_in_seconds() -> i64 {
    now().as_second()
}

fn judge(now: Timestamp, newest: Option<Timestamp>) -> Finding {
    const NAME: &str = "clock";
    let remedy = "let the machine keep time (NTP): tokens, codes and sessions live by the clock";
    if now < RELEASED {
        return Finding::failed(
            NAME,
            format!("it shows {}, before this release was made", now.rfc3339()),
            remedy,
        );
    }
    match newest {
        Some(newest) if newest.millis() > now.millis() + TOLERANCE_MS => {
            let message = format!(
                "it shows {}, but something is recorded to have happened at {}",
                now.rfc3339(),
                newest.rfc3339()
            );
            Finding::failed(NAME, message, remedy)
        }
        _ => Finding::ok(NAME, format!("it shows {}", now.rfc3339())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn a_clock_that_went_back_is_told() {
        let at = |hours: i64| Timestamp::from_millis(RELEASED.millis() + hours * 3_600_000);
        assert_eq!(judge(at(-1), None).state, State::Failed);
        assert_eq!(judge(at(1), None).state, State::Ok);
        assert_eq!(judge(at(5), Some(at(4))).state, State::Ok);
        assert_eq!(judge(at(4), Some(at(5))).state, State::Failed);
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(size(4096), "4 KiB");
        assert_eq!(size(3 * 1024 * 1024), "3 MiB");
        assert_eq!(size(5 * 1024 * 1024 * 1024), "5120 MiB");
    }
}
