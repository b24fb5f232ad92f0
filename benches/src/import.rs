//! `kith import` into both engines, against bare inserts of the same rows into the same tables with the same indexes.
//!
//! What an import costs a row is taken from the run itself (from its first row to its last commit), what a process costs to start is
//! left out. `import` is a million people into an empty SQLite file, `import-postgres` the same into PostgreSQL, where the bare
//! way is `COPY`; `import-large` a hundred thousand people into a table of five million.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use db::{Db, Options, Value, rows, sql};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::server::{binary, memory_mb};
use crate::{ratio, say};

/// Fewer by `KITH_TEST_BENCH_PEOPLE`, for a quick look.
const PEOPLE: usize = 1_000_000;

/// What a small import is, whose cost a row a large one is compared with.
const FEW: usize = 10_000;

/// How many people are there already, for one people imported, in `import-large`: five million for a million.
const CROWD: usize = 5;

/// A valid bcrypt hash; the import doesn't verify, so one serves all.
const HASH: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

pub(crate) fn run() -> Result<()> {
    let people = people();
    let few = Home::sqlite()?.import(0..FEW, &[])?;
    let home = Home::sqlite()?;
    let dry = home.import(0..people, &["--dry-run"])?;
    let done = home.import(0..people, &[])?;
    let bare = block_on(Home::sqlite()?.insert(0..people))?;
    at_least(
        "import into SQLite",
        done.per_second(),
        30_000.0,
        "people/s",
    );
    ratio(
        "import into SQLite",
        (done.per_second(), "people/s"),
        (per_second(people, bare), "bare inserts of the same rows"),
        60.0,
    );
    growth("import into SQLite", &done, &few);
    at_least("dry run", dry.per_second(), 100_000.0, "rows/s");
    memory("import into SQLite", &done);
    memory("dry run", &dry);
    Ok(())
}

pub(crate) fn run_postgres() -> Result<()> {
    let Some(server) = setting("KITH_TEST_POSTGRES_URL") else {
        say("import-postgres: set KITH_TEST_POSTGRES_URL to a server where databases may be made");
        return Ok(());
    };
    let people = people();
    let few = Home::postgres(&server)?.import(0..FEW, &[])?;
    let done = Home::postgres(&server)?.import(0..people, &[])?;
    let bare = block_on(Home::postgres(&server)?.insert(0..people))?;
    ratio(
        "import into PostgreSQL",
        (done.per_second(), "people/s"),
        (per_second(people, bare), "COPY of the same rows"),
        60.0,
    );
    growth("import into PostgreSQL", &done, &few);
    memory("import into PostgreSQL", &done);
    Ok(())
}

pub(crate) fn run_large() -> Result<()> {
    let (people, more) = (people() * CROWD, people() / 10);
    let few = Home::sqlite()?.import(0..FEW, &[])?;
    let home = Home::sqlite()?;
    block_on(home.insert(0..people))?;
    let done = home.import(people..people + more, &[])?;
    growth(&format!("import beside {people} people"), &done, &few);
    let dry = home.import(people + more..people + 2 * more, &["--dry-run"])?;
    let what = format!("dry run beside {people} people");
    at_least(&what, dry.per_second(), 100_000.0, "rows/s");
    Ok(())
}

fn at_least(what: &str, reached: f64, target: f64, unit: &str) {
    let verdict = if reached >= target {
        "reached"
    } else {
        "MISSED"
    };
    say(&format!(
        "{what}: {reached:.0} {unit} (target {target:.0}, {verdict})"
    ));
}

/// Prints what a row costs among many, beside what it costs among few.
fn growth(what: &str, many: &Done, few: &Done) {
    let times = few.per_second() / many.per_second();
    let verdict = if times <= 1.5 { "reached" } else { "MISSED" };
    say(&format!(
        "{what}: {:.1} µs a row = {times:.2} times that of {} rows into nothing (target 1.5, {verdict})",
        1e6 / many.per_second(),
        few.rows
    ));
}

fn memory(what: &str, done: &Done) {
    let verdict = if done.peak_mb < 150.0 {
        "reached"
    } else {
        "MISSED"
    };
    say(&format!(
        "{what}: {:.0} MB at the peak for {} rows (target 150 MB, {verdict})",
        done.peak_mb, done.rows
    ));
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has no settings")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

fn people() -> usize {
    let people = setting("KITH_TEST_BENCH_PEOPLE");
    people.and_then(|text| text.parse().ok()).unwrap_or(PEOPLE)
}

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Runtime::new()?.block_on(work)
}

#[expect(clippy::cast_precision_loss, reason = "millions are exact")]
fn per_second(rows: usize, time: Duration) -> f64 {
    rows as f64 / time.as_secs_f64()
}

/// What became of an import.
struct Done {
    rows: usize,
    time: Duration,
    peak_mb: f64,
}

impl Done {
    fn per_second(&self) -> f64 {
        per_second(self.rows, self.time)
    }
}

/// An installation of its own.
struct Home {
    folder: TempDir,
    database: String,
    /// The server on which the database is dropped in the end, and its name there.
    server: Option<(String, String)>,
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            // What is left behind troubles nobody but the server's disk.
            let _ = block_on(on_server(
                server,
                format!("drop database {name} with (force)"),
            ));
        }
    }
}

async fn on_server(server: &str, statement: String) -> Result<()> {
    let db = Db::connect(server, Options::default()).await?;
    sql(statement).execute(&mut db.read().await?).await?;
    db.close().await;
    Ok(())
}

impl Home {
    fn sqlite() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = format!("sqlite://{}", folder.path().join("kith.db").display());
        let server = None;
        Self {
            folder,
            database,
            server,
        }
        .set_up()
    }

    fn postgres(server: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let name = format!("kith_bench_{}", folder_letters(&folder));
        block_on(on_server(server, format!("create database {name}")))?;
        let (base, _) = server
            .rsplit_once('/')
            .context("the address names a database")?;
        let database = format!("{base}/{name}");
        let server = Some((server.to_owned(), name));
        Self {
            folder,
            database,
            server,
        }
        .set_up()
    }

    fn set_up(self) -> Result<Self> {
        let done = self.command(&["bootstrap"])?.status()?;
        ensure!(done.success(), "the set-up failed");
        Ok(self)
    }

    fn command(&self, verb: &[&str]) -> Result<Command> {
        let mut command = Command::new(binary()?);
        command
            .args(verb)
            .env("KITH_DATA_DIR", self.folder.path())
            .env("KITH_DATABASE_URL", &self.database)
            .env("KITH_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(command)
    }

    /// Imports people, and measures it.
    fn import(&self, people: Range<usize>, options: &[&str]) -> Result<Done> {
        let rows = people.len();
        let file = self.file(people)?;
        let path = file.to_str().context("a path")?;
        let verb = [&["import", "clerk", path, "--json"], options].concat();
        let mut process = self.command(&verb)?.stdout(Stdio::piped()).spawn()?;
        let mut peak_mb = 0.0_f64;
        let status = loop {
            peak_mb = memory_mb(process.id(), "VmHWM").unwrap_or(0.0).max(peak_mb);
            if let Some(status) = process.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        ensure!(status.success(), "the import failed: {status}");
        let run: Json = serde_json::from_reader(process.stdout.context("an answer")?)?;
        let counted = if options.is_empty() {
            "created"
        } else {
            "records"
        };
        ensure!(
            run["counts"][counted] == rows,
            "not everybody came in: {run:#}"
        );
        let instant = |name: &str| -> Result<jiff::Timestamp> {
            Ok(run[name].as_str().context("an instant")?.parse()?)
        };
        let time = instant("finished_on")?.duration_since(instant("started_on")?);
        Ok(Done {
            rows,
            time: time.unsigned_abs(),
            peak_mb,
        })
    }

    /// The columns of Clerk's export, as its export writes them: ids in the order in which people came, and addresses in none.
    fn file(&self, people: Range<usize>) -> Result<PathBuf> {
        let path = self
            .folder
            .path()
            .join(format!("people-{}.csv", people.start));
        let mut file = BufWriter::new(File::create(&path)?);
        writeln!(
            file,
            "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher"
        )?;
        for n in people {
            let address = address(n);
            writeln!(
                file,
                "{},Given{n},Family{n},,{address},,{address},,,,,{HASH},bcrypt",
                provided_id(n)
            )?;
        }
        file.flush()?;
        Ok(path)
    }

    /// The time that bare inserts of the same rows take: same tables, same indexes, same size of transaction, the same statements,
    /// nothing parsed, looked up or decided.
    async fn insert(&self, people: Range<usize>) -> Result<Duration> {
        const BATCH: usize = 32_000;
        let db = Db::connect(&self.database, Options::default()).await?;
        let mut tx = db.read().await?;
        let (environment, organization): (String, String) = sql("
            select environment_id, id
              from organizations
             where is_default
               and environment_id = (select id from environments where code = 'production')")
        .fetch_one(&mut tx)
        .await?;
        drop(tx);
        let started = Instant::now();
        for first in people.clone().step_by(BATCH) {
            let mut tx = db.begin().await?;
            let all = first..people.end.min(first + BATCH);
            insert_some(&mut tx, &environment, &organization, all).await?;
            tx.commit().await?;
        }
        db.checkpoint().await?;
        let time = started.elapsed();
        db.close().await;
        Ok(time)
    }
}

fn folder_letters(folder: &TempDir) -> String {
    let name = folder.path().file_name().unwrap_or_default();
    let letters = name.to_string_lossy().to_lowercase();
    letters
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

fn provided_id(n: usize) -> String {
    format!("user_{n:027}")
}

/// Addresses that sort unlike they come.
fn address(n: usize) -> String {
    format!("p{:x}@example.com", scattered(n))
}

/// A number that sorts unlike it comes.
fn scattered(n: usize) -> u64 {
    (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

async fn insert_some(
    tx: &mut db::Tx,
    environment: &str,
    organization: &str,
    people: Range<usize>,
) -> Result<()> {
    const NOW: i64 = 1_767_225_600_000;
    let text = |text: String| Value::from(text);
    let (mut users, mut identities) = (rows("users", USERS), rows("identities", IDENTITIES));
    let (mut passwords, mut members) = (rows("passwords", PASSWORDS), rows("members", MEMBERS));
    for n in people {
        let user = format!("kp_{n:032x}");
        let address = address(n);
        users.push([
            text(user.clone()),
            environment.into(),
            text(provided_id(n)),
            text(format!("Given{n}")),
            text(format!("Family{n}")),
            text(format!("given{n} family{n}")),
            false.into(),
            false.into(),
            "clerk".into(),
            text(format!("import_{:032x}", 1)),
            0_i64.into(),
            0_i64.into(),
            NOW.into(),
            NOW.into(),
        ]);
        identities.push([
            text(format!("identity_{n:032x}")),
            environment.into(),
            text(user.clone()),
            "email".into(),
            text(address.clone()),
            text(address),
            text(format!("{:016x}", scattered(n))),
            true.into(),
            true.into(),
            0_i64.into(),
            NOW.into(),
        ]);
        passwords.push([
            text(user.clone()),
            "bcrypt".into(),
            HASH.into(),
            false.into(),
            false.into(),
            text(format!("{n:064x}")),
            "import".into(),
            NOW.into(),
            NOW.into(),
        ]);
        members.push([organization.into(), text(user), NOW.into()]);
    }
    for rows in [users, identities, passwords, members] {
        rows.insert(tx).await?;
    }
    Ok(())
}

const USERS: &[&str] = &[
    "id",
    "environment_id",
    "provided_id",
    "given_name",
    "family_name",
    "folded_name",
    "is_suspended",
    "is_password_reset_requested",
    "source",
    "import_run_id",
    "total_sign_ins",
    "failed_sign_ins",
    "created_at",
    "updated_at",
];

const IDENTITIES: &[&str] = &[
    "id",
    "environment_id",
    "user_id",
    "kind",
    "value",
    "folded",
    "digest",
    "is_verified",
    "is_primary",
    "total_sign_ins",
    "created_at",
];

const PASSWORDS: &[&str] = &[
    "user_id",
    "scheme",
    "encoded",
    "is_temporary",
    "is_proved",
    "imported_digest",
    "set_by",
    "created_at",
    "updated_at",
];

const MEMBERS: &[&str] = &["organization_id", "user_id", "created_at"];
