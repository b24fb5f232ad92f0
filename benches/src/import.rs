//! `kith import` of a million people into SQLite, against bare inserts of the same rows into the same tables.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use db::{Db, Options, Value, placeholders, sql};

use crate::server::{binary, memory_mb};
use crate::{ratio, say};

/// Fewer by `KITH_TEST_BENCH_PEOPLE`, for a quick look.
const PEOPLE: usize = 1_000_000;

/// A valid bcrypt hash; the import doesn't verify, so one serves all.
const HASH: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

pub(crate) fn run() -> Result<()> {
    let people = people();
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("people.csv");
    write_people(&file, people)?;
    let (seconds, peak_mb) = import(folder.path(), &file)?;
    #[expect(clippy::cast_precision_loss, reason = "a million is exact")]
    let n = people as f64;
    let bare = tokio::runtime::Runtime::new()?.block_on(bare_inserts(folder.path(), people))?;
    ratio(
        "import",
        (n / seconds, "people/s"),
        (n / bare, "bare inserts of the same rows"),
        60.0,
    );
    let verdict = if n / seconds >= 20_000.0 {
        "reached"
    } else {
        "MISSED"
    };
    say(&format!(
        "import: {:.0} people/s (target 20000, {verdict})",
        n / seconds
    ));
    say(&format!(
        "import: {peak_mb:.0} MB at the peak for {people} people (target 150 MB)"
    ));
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has no settings")]
fn people() -> usize {
    std::env::var("KITH_TEST_BENCH_PEOPLE")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(PEOPLE)
}

/// The columns of Clerk's export, as its export writes them.
fn write_people(path: &Path, people: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(
        file,
        "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher"
    )?;
    for n in 0..people {
        let m = scattered(n);
        writeln!(
            file,
            "user_{m:016x},Given{n},Family{n},,p{m:x}@example.com,,p{m:x}@example.com,,,,,{HASH},bcrypt"
        )?;
    }
    Ok(file.flush()?)
}

/// Numbers that sort unlike they come, as addresses do.
fn scattered(n: usize) -> u64 {
    (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The import's seconds and its peak memory in MB.
fn import(folder: &Path, file: &Path) -> Result<(f64, f64)> {
    let data = folder.join("data");
    let command = |verb: &[&str]| {
        let mut command = Command::new(binary()?);
        command
            .args(verb)
            .env("KITH_DATA_DIR", &data)
            .env("KITH_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        anyhow::Ok(command)
    };
    ensure!(
        command(&["bootstrap"])?.status()?.success(),
        "the set-up failed"
    );
    let started = Instant::now();
    let mut process = command(&["import", "clerk", file.to_str().context("a path")?])?.spawn()?;
    let mut peak = 0.0_f64;
    let status = loop {
        peak = memory_mb(process.id(), "VmHWM").unwrap_or(0.0).max(peak);
        if let Some(status) = process.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    ensure!(status.success(), "the import failed: {status}");
    Ok((started.elapsed().as_secs_f64(), peak))
}

/// The seconds that bare inserts of the same rows take: same tables, same indexes, same size of transaction, prepared statements of
/// many rows, nothing parsed, looked up or decided.
async fn bare_inserts(folder: &Path, people: usize) -> Result<f64> {
    const BATCH: usize = 5_000;
    const NOW: i64 = 1_767_225_600_000;
    let db = Db::connect(
        &format!("sqlite://{}", folder.join("bare.db").display()),
        Options::default(),
    )
    .await?;
    db.migrate(kith::MIGRATIONS).await?;
    let mut tx = db.begin().await?;
    sql("insert into businesses (id, name, created_at) values ('b', 'B', 0)")
        .execute(&mut tx)
        .await?;
    sql("insert into environments (id, business_id, code, name, created_at) values ('env', 'b', 'e', 'E', 0)").execute(&mut tx).await?;
    sql("insert into organizations (id, environment_id, name, is_default, is_auto_membership_enabled, is_suspended, created_at, updated_at) values ('org', 'env', 'O', $1, $1, $2, 0, 0)")
        .bind(true)
        .bind(false)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    let text = |text: String| Value::from(text);
    let started = Instant::now();
    for first in (0..people).step_by(BATCH) {
        let mut tx = db.begin().await?;
        let rows = first..people.min(first + BATCH);
        let user = |n: usize| format!("kp_{n:032x}");
        insert(&db, &mut tx, "users (id, environment_id, provided_id, given_name, family_name, folded_name, is_suspended, is_password_reset_requested, source, import_run_id, total_sign_ins, failed_sign_ins, created_at, updated_at)", 14, rows.clone().map(|n| {
            vec![text(user(n)), text("env".into()), text(format!("user_{:016x}", scattered(n))), text(format!("Given{n}")), text(format!("Family{n}")), text(format!("given{n} family{n}")), false.into(), false.into(), text("clerk".into()), text(format!("import_{:032x}", 1)), 0_i64.into(), 0_i64.into(), NOW.into(), NOW.into()]
        })).await?;
        insert(&db, &mut tx, "identities (id, environment_id, user_id, kind, value, folded, is_verified, is_primary, total_sign_ins, created_at)", 10, rows.clone().map(|n| {
            let address = format!("p{:x}@example.com", scattered(n));
            vec![text(format!("identity_{n:032x}")), text("env".into()), text(user(n)), text("email".into()), text(address.clone()), text(address), true.into(), true.into(), 0_i64.into(), NOW.into()]
        })).await?;
        insert(&db, &mut tx, "passwords (user_id, scheme, encoded, is_temporary, is_proved, imported_digest, set_by, created_at, updated_at)", 9, rows.clone().map(|n| {
            vec![text(user(n)), text("bcrypt".into()), text(HASH.into()), false.into(), false.into(), text(format!("{:064x}", scattered(n))), text("import".into()), NOW.into(), NOW.into()]
        })).await?;
        insert(
            &db,
            &mut tx,
            "members (organization_id, user_id, created_at)",
            3,
            rows.map(|n| vec![text("org".into()), text(user(n)), NOW.into()]),
        )
        .await?;
        tx.commit().await?;
    }
    Ok(started.elapsed().as_secs_f64())
}

async fn insert(
    db: &Db,
    tx: &mut db::Tx,
    into: &str,
    columns: usize,
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<()> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let batch: Vec<_> = rows.by_ref().take(db.rows_per_insert(columns)).collect();
        sql(format!(
            "insert into {into} values {}",
            placeholders(batch.len(), columns)
        ))
        .bind_all(batch.into_iter().flatten())
        .execute(tx)
        .await?;
    }
    Ok(())
}
